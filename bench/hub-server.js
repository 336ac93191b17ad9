/**
 * What `hub.js` measures, one per process: `bare` (uWebSockets.js alone), or the hub on the transport `uws` or `ws`. All serve sockets
 * at /ws in two shapes, a room of everybody and pairs; `{"type":"…"}` of the first frame of a socket says nothing to `bare`, which takes ?at=<number>.
 */
import { createRequire } from 'node:module';
import { pino } from 'pino';
import { commands } from '../dist/protocol/index.js';
import { defaultLimits } from '../dist/backend/config.js';
import { createLocalBroker } from '../dist/backend/hub/broker-local.js';
import { createHub } from '../dist/backend/hub/create-hub.js';
import { conversationOf, eventFrame, roomId, userOf } from './hub-wire.js';

const [kind] = process.argv.slice(2);

/** The floor: no session, no JSON, no membership. A pair's message goes straight to the other socket. */
const startBare = () =>
  new Promise((resolve) => {
    const library = createRequire(import.meta.url)('uWebSockets.js');
    const app = library.App();
    const frame = eventFrame(roomId, 0);
    const sockets = new Map();
    app.ws('/ws', {
      maxBackpressure: 1024 * 1024,
      idleTimeout: 120,
      upgrade: (response, request, behaviour) => {
        const at = Number(request.getQuery('at'));
        response.upgrade({ at }, request.getHeader('sec-websocket-key'), '', '', behaviour);
      },
      open(ws) {
        sockets.set(ws.getUserData().at, ws);
        ws.subscribe('room');
        ws.send('{"type":"auth.success"}');
      },
      message(ws, message) {
        if (message.byteLength === 4) app.publish('room', frame);
        else sockets.get(ws.getUserData().at ^ 1)?.send(frame);
      },
      close: (ws) => void sockets.delete(ws.getUserData().at),
    });
    app.listen('127.0.0.1', 0, (socket) => resolve(library.us_socket_local_port(socket)));
  });

/** The hub as it is in production, but for Postgres: memberships are made up, and the limits of rate are lifted. */
const startHub = async (transport) => {
  const unlimited = 1e9;
  const hub = createHub({
    config: {
      hubHost: '127.0.0.1',
      hubPort: 0,
      demo: false,
      trustedProxies: 0,
      publicUrl: undefined,
      transport,
      limits: {
        ...defaultLimits,
        commandsPerSecond: unlimited,
        commandBurst: unlimited,
        unauthenticatedSocketsPerAddress: unlimited,
      },
    },
    log: pino({ level: 'error' }),
    tokens: {
      verify: async (token) => ({
        userId: token,
        sessionId: token,
        siteId: 'site',
        expiresAt: Date.now() / 1000 + 600,
      }),
    },
    data: {
      async admit({ userId }) {
        const me = { id: userId, username: 'someone', displayName: 'Someone', avatarColor: 'leaf' };
        const at = Number(userId.slice(-12));
        return { me, heads: { [roomId]: 0, [conversationOf(at)]: 0 }, directPeers: {}, blockedIds: [], epoch: '1' };
      },
      siteAllows: async () => true,
      heads: async () => ({}),
      members: async () => undefined,
      seen: async () => undefined,
    },
    broker: createLocalBroker(),
  });
  // As the feature does it, but for its pace of one in three seconds.
  const typing = ({ data: { conversationId }, session: { userId } }) => {
    if (hub.maySignal(userId, conversationId)) {
      hub.publish(`conversation:${conversationId}`, {
        type: 'typing.changed',
        conversationId,
        data: { userId, typing: true },
      });
    }
    return Promise.resolve({});
  };
  const own = ['auth', 'ping', 'presence.set', 'conversation.watch', 'conversation.unwatch'];
  const others = Object.keys(commands).filter((type) => !own.includes(type));
  hub.mount(others.map((type) => ({ type, handle: typing })));
  return (await hub.listen()).port;
};

const port = await (kind === 'bare' ? startBare() : startHub(kind));
process.on('message', () => process.send({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
process.send({ port, check: userOf(0) });
