/**
 * What `durable.js` measures, one per process: `insert` (a prepared INSERT for each message, and bare uWebSockets.js to carry it) or `teatime` (the whole
 * server). Both know 1,000 people in 500 pairs. Answers `{ through: 'calls' }` with figures of callers in this process.
 */
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { uuidv7 } from 'uuidv7';
import { createBackend } from '../dist/backend/backend.js';
import { connect } from '../dist/backend/database/connect.js';
import { inSite } from '../dist/backend/database/wall.js';
import { createLanes } from '../dist/backend/features/messages/lanes.js';
import { createSendMessage } from '../dist/backend/features/messages/send-message.js';
import { createLocalBroker } from '../dist/backend/hub/broker-local.js';
import { createLog } from '../dist/backend/log.js';
import { testConfig } from '../dist/backend/testing/backend.js';
import { cloneDatabase } from '../dist/backend/testing/postgres.js';
import { createStorage } from '../dist/backend/storage/create-storage.js';
import { createTokens } from '../dist/backend/tokens.js';
import { measureCalls, textOf } from './durable-figures.js';

const [kind, templateUrl] = process.argv.slice(2);
const pairs = 500;
const siteId = uuidv7();
const people = Array.from({ length: 2 * pairs }, () => uuidv7());
const conversations = Array.from({ length: pairs }, () => uuidv7());

const log = createLog({ logLevel: 'error' });
// Thousands of inserts wait for eight connections: that is what is measured, not how patient the pool is.
const patience = kind === 'insert' ? { acquireTimeoutMs: 60_000, statementTimeoutMs: 60_000 } : {};
const db = connect(await cloneDatabase(templateUrl), { poolSize: 8, ...patience });

/** The floor: nothing is checked, numbered or deduplicated. */
const startInsert = async () => {
  await db.pool.query(
    'create table plain (id uuid primary key, conversation_id uuid, sender_id uuid, text text, created_at timestamptz default now())',
  );
  const insert = {
    name: 'insert',
    text: 'insert into plain (id, conversation_id, sender_id, text) values ($1, $2, $3, $4)',
  };
  const send = (person, number) =>
    db.pool.query({ ...insert, values: [uuidv7(), conversations[person >> 1], people[person], textOf(number)] });

  const library = createRequire(import.meta.url)('uWebSockets.js');
  const sockets = new Map();
  const app = library.App().ws('/ws', {
    upgrade: (response, request, behaviour) => {
      const at = Number(request.getQuery('at'));
      response.upgrade({ at }, request.getHeader('sec-websocket-key'), '', '', behaviour);
    },
    open: (ws) => void sockets.set(ws.getUserData().at, ws),
    async message(ws, frame) {
      const { at } = ws.getUserData();
      const { id, data } = JSON.parse(Buffer.from(frame).toString());
      await send(at, data.text);
      const event = { type: 'message.created', conversationId: conversations[at >> 1], data: { message: data } };
      sockets.get(at ^ 1)?.send(JSON.stringify(event));
      sockets.get(at)?.send(JSON.stringify({ id, ok: true, data: { message: data } }));
    },
    close: (ws) => void sockets.delete(ws.getUserData().at),
  });
  const port = await new Promise((resolve) =>
    app.listen('127.0.0.1', 0, (socket) => resolve(library.us_socket_local_port(socket))),
  );
  return { send, url: `ws://127.0.0.1:${port}/ws`, tokens: [] };
};

/** The server as it is in production, but for the limits of rate. */
const startTeaTime = async () => {
  const unlimited = 1e9;
  const config = testConfig({
    hubPort: await freePort(),
    tokenSecret: 'a secret for benchmarks, and for nothing else',
    logLevel: 'error',
    transport: 'uws',
    files: { enabled: false },
    limits: {
      messagesPerSecond: unlimited,
      messageBurst: 2 * unlimited,
      commandsPerSecond: unlimited,
      commandBurst: unlimited,
      unauthenticatedSocketsPerAddress: unlimited,
    },
  });
  const storage = await createStorage(config, log);
  const backend = createBackend({ config, db, broker: createLocalBroker(), log, storage });
  await backend.listen();
  await backend.open();
  await seed();
  const tokens = createTokens(config);
  const sessions = people.map((userId, at) => ({ userId, siteId, sessionId: sessionIds[at] }));
  const issued = await Promise.all(sessions.map((session) => tokens.issue(session)));

  const deps = { config, db, hub: backend.hub, log, tokens, storage };
  const sendMessage = createSendMessage(deps, createLanes(deps));
  return {
    send: (person, number) =>
      inSite(siteId, () =>
        sendMessage(sessions[person], {
          conversationId: conversations[person >> 1],
          clientId: uuidv7(),
          text: textOf(number),
        }),
      ),
    // The hub's own port, as behind a reverse proxy.
    url: `ws://127.0.0.1:${config.hubPort}/ws?site=bench`,
    tokens: issued.map(({ accessToken }, at) => ({ accessToken, conversationId: conversations[at >> 1] })),
  };
};

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const sessionIds = people.map(() => uuidv7());

const seed = async () => {
  await db.pool.query(`insert into sites (id, key, name) values ($1, 'bench', 'Bench')`, [siteId]);
  await db.pool.query(
    `insert into users (id, site_id, username, username_key, display_name, search_text, avatar_color)
     select id, $1, id, id, 'Somebody', '', 'leaf' from unnest($2::uuid[]) u (id)`,
    [siteId, people],
  );
  await db.pool.query(
    `insert into sessions (id, site_id, user_id, expires_at)
     select id, $1, user_id, now() + interval '1 day' from unnest($2::uuid[], $3::uuid[]) s (id, user_id)`,
    [siteId, sessionIds, people],
  );
  await db.pool.query(
    `insert into conversations (id, site_id, kind, dm_key, created_by)
     select id, $1, 'dm', one || ':' || other, one from unnest($2::uuid[], $3::uuid[], $4::uuid[]) c (id, one, other)`,
    [siteId, conversations, people.filter((_, at) => at % 2 === 0), people.filter((_, at) => at % 2 === 1)],
  );
  await db.pool.query(
    `insert into members (conversation_id, site_id, user_id, role, joined_seq, changed_seq)
     select conversation_id, $1, user_id, 'member', 0, 0 from unnest($2::uuid[], $3::uuid[]) m (conversation_id, user_id)`,
    [siteId, people.map((_, at) => conversations[at >> 1]), people],
  );
  await db.pool.query('analyze');
};

const { send, url, tokens } = await (kind === 'insert' ? startInsert() : startTeaTime());
process.on('message', async (order) => {
  if (order === 'stop') process.exit(0);
  process.send(await measureCalls(order, (at, number) => send(at % people.length, number)));
});
process.send({ url, tokens });
