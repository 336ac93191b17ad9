import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { CloseReason } from '../../protocol/codes.ts';
import type { UserPresence } from '../../protocol/presence.ts';
import type { Config } from '../config.ts';
import type { Broker, BrokerMessage } from './broker.ts';
import { Connection, type MountedCommand } from './connection.ts';
import { createTransport } from './create-transport.ts';
import type { HubData, TokenVerifier } from './data.ts';
import { createDoorkeeper, type Visitor } from './doorkeeper.ts';
import type { HubServer, Topic } from './hub.ts';
import { createOwnCommands, mountCommands } from './own-commands.ts';
import { createPresenceBook, presenceFrame } from './presence.ts';
import { Roster } from './roster.ts';
import { createSignalling, type Caller } from './signalling.ts';

/** What a hub is made of. */
export interface HubDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly tokens: TokenVerifier;
  readonly data: HubData;
  readonly broker: Broker;
}

// Without its key: every other process needs to know whom a hint comes from, the own hub must not act on it twice.
type Hint = BrokerMessage extends infer M ? (M extends BrokerMessage ? Omit<M, 'from'> : never) : never;

const ephemeral: ReadonlySet<string> = new Set(['typing.changed', 'presence.changed']);
/** Above so many sockets a drain is spread over time, about this long for each. */
const drainAtOnce = 100;
const drainMsPerSocket = 2;
const drainStepMs = 50;

/** Makes the hub: the sockets of this process, and by the broker those of all others. */
export const createHub = ({ config, log, tokens, data, broker }: HubDeps): HubServer => {
  const from = uuidv7();
  const connections = new Set<Connection>();
  const closed: Partial<Record<CloseReason, number>> = {};
  let [published, commandCount, inFlight] = [0, 0, 0];
  let draining = false;
  let idle: (() => void) | undefined;

  const tell = (hint: Hint): void => broker.publish({ from, ...hint } as BrokerMessage);
  const deliver = (topic: Topic, frame: string, seq: number | undefined, isEphemeral: boolean): void => {
    published += 1;
    roster.note(topic, frame, seq);
    const [kind, id] = topic.split(':');
    transport.publish(kind === 'receipts' ? `conversation:${id}` : topic, frame, isEphemeral);
    if (kind === 'conversation' && roster.hasQuiet) transport.publish(`quiet:${id}`, frame, isEphemeral);
  };
  const presence = createPresenceBook(
    (said) => deliver(`presence:${said.userId}`, presenceFrame(said), undefined, true),
    ({ userId, presence, lastSeenAt }) =>
      tell({ type: 'presence', userId, presence, ...(lastSeenAt !== undefined && { lastSeenAt }) }),
  );
  const keepSeen = async (userId: string, at: Date): Promise<void> => {
    await data
      .seen(userId, at)
      .catch((error: unknown) => log.warn({ err: error }, 'unable to keep when a user was seen'));
  };
  const roster = new Roster(config.limits, presence, (userId, at) => void keepSeen(userId, at));
  const doorkeeper = createDoorkeeper(config, data);
  const counted = (reason: CloseReason): void => void (closed[reason] = (closed[reason] ?? 0) + 1);
  const signalling = createSignalling({
    config,
    log,
    doorkeeper,
    hubId: from,
    tell: (hint) => broker.publish(hint),
    counted,
  });
  let commands: ReadonlyMap<string, MountedCommand> = new Map();
  const house = {
    config,
    log,
    tokens,
    data,
    roster,
    doorkeeper,
    get commands() {
      return commands;
    },
    draining: () => draining,
    busy(change: 1 | -1) {
      if (change === 1) commandCount += 1;
      inFlight += change;
      if (inFlight === 0) idle?.();
    },
    gone: (connection: Connection) => void connections.delete(connection),
    counted,
  };
  const transport = createTransport<Visitor | Caller>(config, log, {
    upgrade: (request) => (request.path === '/peerjs' ? signalling : doorkeeper).check(request),
    open(socket, visitor) {
      if (!('doorway' in visitor)) return signalling.open(socket, visitor);
      const connection = new Connection(socket, visitor, house);
      if (!connection.isClosed) connections.add(connection);
      return connection;
    },
  });

  const closeThose = (
    which: { sessionId?: string; userId?: string; siteId?: string; siteKey?: string },
    reason: CloseReason,
  ): void => {
    if (which.userId !== undefined) roster.trustDatabase(which.userId);
    signalling.closeThose(which, reason);
    for (const connection of connections) {
      const { session } = connection;
      const isOne =
        session?.sessionId === which.sessionId || session?.userId === which.userId || session?.siteId === which.siteId;
      if (session && isOne) connection.end(reason);
    }
  };
  const hear = (message: BrokerMessage): void => {
    if (message.from === from) return;
    switch (message.type) {
      case 'event':
        return deliver(message.topic, message.frame, message.seq, message.ephemeral);
      case 'follow':
        return roster.follow(message.userId, message.conversationId, message.peerId);
      case 'unfollow':
        return roster.unfollow(message.userId, message.conversationId);
      case 'block':
        return roster.block(message.userId, message.otherId, message.blocked);
      case 'shows':
        return roster.show(message.userId, message.shows);
      case 'close':
        return closeThose(message, message.reason);
      case 'presence': {
        const { userId, presence: state, lastSeenAt } = message;
        return presence.setRemote(message.from, {
          userId,
          presence: state,
          ...(lastSeenAt !== undefined && { lastSeenAt }),
        });
      }
      case 'signal':
      case 'signalTaken':
      case 'signalOpened':
        return signalling.hear(message);
    }
  };
  const unsubscribe = broker.subscribe(hear);

  const drain = async (): Promise<void> => {
    draining = true;
    doorkeeper.shut();
    // The protocol of PeerJS has no goodbye.
    const leaving = [...connections, ...signalling.sockets()];
    const spreadMs =
      leaving.length > drainAtOnce ? Math.min(config.limits.drainMs, leaving.length * drainMsPerSocket) : 0;
    for (const connection of connections) {
      const retryAfterMs = 250 + Math.floor(Math.random() * Math.max(1000, spreadMs));
      connection.socket.send(JSON.stringify({ type: 'goodbye', data: { retryAfterMs } }));
    }
    if (inFlight > 0) {
      const waiting = new AbortController();
      const ended = new Promise<void>((resolve) => (idle = resolve));
      await Promise.race([
        ended,
        delay(config.limits.drainMs, undefined, { signal: waiting.signal }).catch(() => undefined),
      ]);
      waiting.abort();
    }
    const steps = Math.max(1, Math.ceil(spreadMs / drainStepMs));
    const perStep = Math.ceil(leaving.length / steps);
    for (let at = 0; at < leaving.length; at += perStep) {
      if (at > 0) await delay(drainStepMs);
      for (const socket of leaving.slice(at, at + perStep)) socket.end('draining');
    }
    for (const connection of connections) connection.end('draining');
    const now = new Date();
    await Promise.all(roster.close().map((userId) => keepSeen(userId, now)));
  };

  return {
    publish(topic, event) {
      const frame = JSON.stringify(event);
      const seq = 'seq' in event ? event.seq : undefined;
      const isEphemeral = ephemeral.has(event.type);
      deliver(topic, frame, seq, isEphemeral);
      tell({ type: 'event', topic, frame, ephemeral: isEphemeral, ...(seq !== undefined && { seq }) });
    },
    follow(userId, conversationId, peerId) {
      roster.follow(userId, conversationId, peerId);
      tell({ type: 'follow', userId, conversationId, ...(peerId !== undefined && { peerId }) });
    },
    unfollow(userId, conversationId) {
      roster.unfollow(userId, conversationId);
      tell({ type: 'unfollow', userId, conversationId });
    },
    blockChanged(userId, otherId, blocked) {
      roster.block(userId, otherId, blocked);
      tell({ type: 'block', userId, otherId, blocked });
    },
    showsChanged(userId, shows) {
      roster.show(userId, shows);
      tell({ type: 'shows', userId, shows });
    },
    closeSession(sessionId, reason) {
      closeThose({ sessionId }, reason);
      tell({ type: 'close', sessionId, reason });
    },
    closeSessionHere(sessionId, reason) {
      closeThose({ sessionId }, reason);
    },
    closeUser(userId, reason) {
      closeThose({ userId }, reason);
      tell({ type: 'close', userId, reason });
    },
    closeSite({ id, key }, reason) {
      closeThose({ siteId: id, siteKey: key }, reason);
    },
    presenceOf: (userIds) =>
      new Map<string, UserPresence>(roster.presenceOf(userIds).map((each) => [each.userId, each])),
    openConnections(connectionIds) {
      const wanted = new Set(connectionIds);
      return [...connections].filter(({ id }) => wanted.has(id)).map(({ id }) => id);
    },
    maySignal(userId, conversationId) {
      const person = roster.get(userId);
      if (!person?.conversations.has(conversationId) || !person.shows.typing) return false;
      const peerId = person.peers.get(conversationId);
      return peerId === undefined || !person.blocked.has(peerId);
    },
    mount(features, calls) {
      commands = mountCommands(createOwnCommands(data, roster), features);
      if (calls) signalling.serve(calls);
    },
    async listen() {
      if (commands.size === 0) throw new Error('unable to listen for sockets; no commands are mounted');
      const port = await transport.listen(config.hubHost, config.hubPort);
      log.info({ transport: transport.name, host: config.hubHost, port }, 'listening for sockets');
      return { port };
    },
    drain,
    async close() {
      draining = true;
      doorkeeper.shut();
      unsubscribe();
      for (const connection of connections) connection.end('draining');
      signalling.close();
      const now = new Date();
      await Promise.all(roster.close().map((userId) => keepSeen(userId, now)));
      await transport.close();
    },
    stats: () => ({
      transport: transport.name,
      connections: connections.size,
      authenticated: [...connections].filter((connection) => connection.settled).length,
      users: roster.size,
      signalling: signalling.sockets().length,
      published,
      commands: commandCount,
      closed: { ...closed },
    }),
  };
};
