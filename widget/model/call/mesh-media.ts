import { Peer, type MediaConnection } from 'peerjs';
import type { Admission } from '../../../protocol/calls.ts';
import { reconnectDelay } from '../../client/reconnect-policy.ts';
import { restartFrame } from './ice-restart.ts';
import type { CallMedia, CallMediaOptions, LocalTracks, MediaPeer } from './media.ts';
import { createMeshLink, type MeshLink } from './mesh-link.ts';
import { createPlaceholders } from './placeholders.ts';

const lookMs = 2000;
const mostEarly = 16;
/** Asks for a new way in when the credentials of the ICE servers end sooner than this. */
const marginMs = 60_000;

/** Media as a mesh: everybody is linked to everybody, by PeerJS. */
export const createMeshMedia = (options: CallMediaOptions): CallMedia => {
  const { signalling } = options;
  const placeholders = createPlaceholders();
  const links = new Map<string, MeshLink>();
  /** Who has called from an address that nobody has told of yet. */
  const early = new Map<string, MediaConnection>();
  let admission = options.admission;
  let tracks = options.tracks;
  let peer: Peer;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let renewing = false;
  let closed = false;

  const configOf = ({ iceServers, policy }: Admission, relay = false): object => ({
    iceServers,
    iceTransportPolicy: relay ? 'relay' : policy,
    // One path for all, and one allocation on a relay for each link.
    bundlePolicy: 'max-bundle',
    sdpSemantics: 'unified-plan',
  });

  // Everything that PeerJS has a default for that names its makers' servers is given.
  const openPeer = () => {
    const fresh = new Peer(admission.peerId, {
      host: signalling.hostname,
      port: Number(signalling.port) || (signalling.protocol === 'wss:' ? 443 : 80),
      path: signalling.pathname.replace(/peerjs$/, ''),
      key: 'teatime',
      secure: signalling.protocol === 'wss:',
      token: admission.ticket,
      config: configOf(admission),
      debug: 0,
    });
    fresh.on('open', () => {
      tries = 0;
      for (const link of links.values()) link.lineOpened();
    });
    fresh.on('call', (connection) => {
      const link = linkOf(connection.peer);
      if (link) return link.answer(connection);
      early.get(connection.peer)?.close();
      if (early.size >= mostEarly) return connection.close();
      early.set(connection.peer, connection);
    });
    // Nobody sends data in a call.
    fresh.on('connection', (connection) => connection.close());
    fresh.on('error', ({ type, message }) => {
      // The message is all that says who is not there.
      if ((type as string) === 'peer-unavailable') linkOf(message.split(' ').pop())?.absent();
    });
    fresh.on('disconnected', () => {
      if (fresh === peer && !closed && !renewing) reopen();
    });
    return fresh;
  };

  const linkOf = (peerId: string | undefined) => [...links.values()].find((link) => link.peerId === peerId);

  /** The signalling socket is gone: each opening takes a ticket of its own. */
  const reopen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void readmit(), reconnectDelay(tries++));
  };
  const readmit = async () => {
    if (closed || asking) return;
    asking = true;
    try {
      renew(await options.readmit());
    } catch {
      if (!closed) reopen();
    } finally {
      asking = false;
    }
  };

  const renew = (next: Admission) => {
    if (closed) return;
    clearTimeout(timer);
    admission = next;
    peer.options.config = configOf(next);
    peer.options.token = next.ticket;
    if (peer.destroyed) return void (peer = openPeer());
    // What looks open may be dead: the server has been away. Media goes on meanwhile.
    renewing = true;
    peer.disconnect();
    renewing = false;
    peer.reconnect();
  };

  const stale = () => admission.expiresAt !== undefined && Date.parse(admission.expiresAt) - Date.now() < marginMs;

  const makeLink = ({ userId, peerId, relay }: MediaPeer) => {
    const configuration = () => configOf(admission, relay);
    /** PeerJS makes each connection with what its options say at that moment. */
    const configure = () => void (peer.options.config = configuration());
    return createMeshLink({
      peerId,
      // Addresses are in order of time. Who came later calls, because whoever was there before can hear them.
      calls: admission.peerId > peerId,
      tracks: () => tracks,
      others: () => links.size,
      dial() {
        if (peer.disconnected || !peer.open) return undefined;
        if (stale()) return void readmit();
        configure();
        return peer.call(peerId, placeholders.stream(tracks));
      },
      accept(connection) {
        configure();
        connection.answer(placeholders.stream(tracks));
      },
      configuration,
      ready: () => peer.open && !peer.disconnected,
      tell: (connection, description) => peer.socket.send(restartFrame(connection, description)),
      changed: options.changed,
      arrived: options.arrived,
      lost: () => options.lost(userId),
    });
  };

  peer = openPeer();
  const looking = setInterval(() => {
    for (const link of links.values()) void link.look();
  }, lookMs);

  return {
    follow(peers) {
      if (closed) return;
      const wanted = new Map(peers.map((each) => [each.userId, each]));
      for (const [userId, link] of links) {
        if (wanted.get(userId)?.peerId === link.peerId) continue;
        links.delete(userId);
        link.close();
      }
      for (const each of peers) {
        if (links.has(each.userId)) continue;
        const link = makeLink(each);
        links.set(each.userId, link);
        const waiting = early.get(each.peerId);
        early.delete(each.peerId);
        if (waiting) link.answer(waiting);
        else link.begin();
      }
      for (const link of links.values()) link.publish();
    },
    publish(next: LocalTracks) {
      tracks = next;
      for (const link of links.values()) link.publish();
    },
    renew,
    remote: (userId) => links.get(userId),
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      clearInterval(looking);
      for (const link of links.values()) link.close();
      links.clear();
      peer.destroy();
      placeholders.close();
    },
  };
};
