import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { connect } from './database/connect.ts';
import { startEmbedded, type EmbeddedPostgres } from './database/embedded.ts';
import {
  aDm,
  aMessage,
  api,
  aSocket,
  aUser,
  cloneDatabase,
  dropDatabase,
  sharedTemplate,
  spawnProcess,
  someUsers,
  startProcess,
  type ServerProcess,
  type TestSocket,
  type TestUser,
} from './testing/index.ts';

const secret = 'zN4wq8Xe1Tj6Rb0Yv3Kc7Ud5Hf2Pg9Lm';
let dataDir: string;
let databaseUrl: string;
let servers: Omit<ServerProcess, 'url' | 'wsUrl'>[];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'teatime-main-'));
  chmodSync(dataDir, 0o755);
  databaseUrl = await cloneDatabase(sharedTemplate());
  servers = [];
});
afterEach(async () => {
  // What a failed test left running.
  for (const { child } of servers.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});
afterAll(async () => {
  await dropDatabase(databaseUrl);
  rmSync(dataDir, { recursive: true, force: true });
});

const startServer = async (env: Record<string, string> = {}): Promise<ServerProcess> => {
  const server = await startProcess({
    TOKEN_SECRET: secret,
    DATABASE_URL: databaseUrl,
    FILES_DIR: join(dataDir, 'files'),
    ...env,
  });
  servers.push(server);
  return server;
};

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;
const becomesReady = (server: ServerProcess, timeout = 10_000): Promise<void> =>
  expect.poll(() => statusOf(`${server.url}/readyz`), { timeout, interval: 50 }).toBe(200);

test('a configuration with faults is refused with the whole list, before anything starts', async () => {
  const server = await spawnProcess({ NODE_ENV: 'production', TOKEN_SECRET: 'changeme', PORT: 'http' });
  servers.push(server);
  expect(await server.ended).toBe(1);
  expect(server.output()).toMatch(/PORT must[^]*TOKEN_SECRET must[^]*DATABASE_URL must/);
  expect(server.output()).not.toContain('    at ');
});

test('a port that is taken is named, and what was started before is stopped', async () => {
  const first = await startServer();
  const second = await spawnProcess({
    TOKEN_SECRET: secret,
    DATABASE_URL: databaseUrl,
    PORT: new URL(first.url).port,
    FILES_DIR: join(dataDir, 'files'),
  });
  servers.push(second);
  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(/unable to listen on port \d+; another program does/);
  await first.kill('SIGTERM');
});

test('SIGTERM under 200 messages a second and 500 sockets: all are told, everything acknowledged is stored, and the exit is clean', async () => {
  const server = await startServer();
  await becomesReady(server);
  // Forty people in twenty direct messages, each with a dozen devices; one device of each talks as fast as it may.
  const people = await someUsers(server, 40);
  const dms = new Map<string, string>();
  for (let index = 0; index < people.length; index += 2) {
    const [one, other] = people.slice(index, index + 2) as [TestUser, TestUser];
    const { id } = await aDm(one, other);
    dms.set(one.id, id).set(other.id, id);
  }
  const sockets: { socket: TestSocket; conversationId: string }[] = [];
  for (let index = 0; index < 500; index += 1) {
    const person = people[index % people.length] as TestUser;
    sockets.push({ socket: await aSocket(server, person), conversationId: dms.get(person.id) ?? '' });
  }
  const acknowledged: string[] = [];
  const unexpected: unknown[] = [];
  let stopping = false;
  const talk = sockets.slice(0, people.length).map(async ({ socket, conversationId }) => {
    for (;;) {
      const clientId = uuidv7();
      try {
        await socket.command('message.send', { conversationId, clientId, text: 'hello' });
        acknowledged.push(clientId);
      } catch (error) {
        const { code, retryAfterMs } = error as { code?: string; retryAfterMs?: number };
        if (code === 'rate_limited') await new Promise((resolve) => setTimeout(resolve, retryAfterMs ?? 200));
        else if (stopping) return;
        else unexpected.push(error);
      }
    }
  });
  const ask = async (): Promise<void> => {
    for (;;) {
      try {
        const response = await fetch(`${server.url}/api/v1/config`, { headers: { connection: 'close' } });
        await response.text();
        if (response.status !== 200 && response.status !== 503) unexpected.push(response.status);
      } catch (error) {
        const { code } = ((error as Error).cause ?? {}) as { code?: string };
        // The system resets a connection that comes while the door is being closed.
        if (!stopping || !['ECONNREFUSED', 'ECONNRESET'].includes(code ?? '')) unexpected.push(error);
        return;
      }
    }
  };
  const asking = ask();
  // Beyond the bursts of twenty each, so that the pace is the sustained one.
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(1000);

  stopping = true;
  const { code, ms } = await server.kill('SIGTERM');
  expect(code).toBe(0);
  expect(ms).toBeLessThan(30_000);
  await Promise.all([...talk, asking]);
  expect(unexpected).toEqual([]);
  for (const { socket } of sockets) {
    expect(await socket.closed).toMatchObject({ code: 4000 });
    expect(socket.events.filter((event) => event.type === 'goodbye')).toHaveLength(1);
  }

  const db = connect(databaseUrl);
  const { rows } = await db.pool.query<{ id: string; client_id: string; seq: number }>(
    'select conversation_id as id, client_id, seq from messages order by conversation_id, seq',
  );
  await db.close();
  const stored = new Set(rows.map((row) => row.client_id));
  expect(acknowledged.filter((clientId) => !stored.has(clientId))).toEqual([]);
  expect(stored.size).toBe(rows.length);
  for (const id of new Set(dms.values())) {
    const seqs = rows.filter((row) => row.id === id).map((row) => row.seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  }
}, 90_000);

test('a second SIGTERM ends it within two seconds', async () => {
  const server = await startServer({ DRAIN_MS: '25000' });
  await becomesReady(server);
  const user = await aUser(server);
  await aSocket(server, user);
  // A request that never ends keeps the first one waiting.
  const dribble = fetch(`${server.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"identifier":')) }),
    duplex: 'half',
  }).catch(() => undefined);
  await expect.poll(() => statusOf(`${server.url}/healthz`)).toBe(200);
  server.child.kill('SIGTERM');
  await expect.poll(() => statusOf(`${server.url}/healthz`).catch(() => 'refused')).toBe('refused');
  expect(server.child.exitCode).toBeNull();
  const { code, ms } = await server.kill('SIGTERM');
  expect(code).not.toBeNull();
  expect(ms).toBeLessThan(2000);
  await dribble;
});

test('in production it logs JSON lines only and listens where it is told', async () => {
  const server = await startServer({ NODE_ENV: 'production', HOST: '127.0.0.1' });
  await becomesReady(server);
  expect(await statusOf(`${server.url}/`)).toBe(404);
  expect(await api(server).refusal('POST /demo/sessions', { body: { username: 'mia' } })).toMatchObject({
    status: 404,
  });
  expect((await server.kill('SIGTERM')).code).toBe(0);
  for (const line of server.output().trim().split('\n')) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
});

test('without Postgres at the start it waits, answers 503, and serves when Postgres comes, goes and comes back', async () => {
  const folder = join(dataDir, 'away');
  let postgres: EmbeddedPostgres = await startEmbedded({ dataDir: folder });
  await postgres.stop();
  const server = await startServer({ DATABASE_URL: postgres.url });
  expect(await statusOf(`${server.url}/healthz`)).toBe(200);
  expect(await statusOf(`${server.url}/readyz`)).toBe(503);
  const refused = await api(server).request('POST /auth/login', {
    body: { identifier: 'mia', password: 'whatever it is' },
  });
  expect(refused).toMatchObject({ status: 503, body: { code: 'dependency_unavailable' } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

  postgres = await startEmbedded({ dataDir: folder });
  await becomesReady(server);
  const user = await aUser(server);

  // Its connections are the server's, which a polite stop would leave alone.
  const dying = postgres.pid() ?? 0;
  const stopped = postgres.stop();
  process.kill(dying, 'SIGINT');
  await stopped;
  await expect.poll(() => statusOf(`${server.url}/readyz`), { timeout: 5000 }).toBe(503);
  expect(await user.api.refusal('GET /auth/me')).toMatchObject({ status: 503, code: 'dependency_unavailable' });
  postgres = await startEmbedded({ dataDir: folder });
  await becomesReady(server, 5000);
  expect((await user.api.call('GET /auth/me')).user.id).toBe(user.id);
  expect(await statusOf(`${server.url}/healthz`)).toBe(200);

  expect((await server.kill('SIGTERM')).code).toBe(0);
  await postgres.stop();
}, 60_000);

test('SIGTERM while Postgres is away, and while it starts, ends it cleanly', async () => {
  const away = await startServer({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
  expect(await away.kill('SIGTERM')).toMatchObject({ code: 0 });

  const starting = await spawnProcess({ DATA_DIR: join(dataDir, 'early') });
  servers.push(starting);
  await expect
    .poll(() => existsSync(join(dataDir, 'early', 'token-secret')), { interval: 5, timeout: 10_000 })
    .toBe(true);
  expect(await starting.kill('SIGTERM')).toMatchObject({ code: 0 });
  expect(postgresOn(join(dataDir, 'early'))).toEqual([]);
}, 60_000);

test('the embedded default keeps everything over restarts, survives the death of its Postgres, and stops with Ctrl+C at once', async () => {
  const env = { DATABASE_URL: '', TOKEN_SECRET: '', DATA_DIR: join(dataDir, 'default') };
  const first = await startServer(env);
  await becomesReady(first);
  expect(first.output()).toContain('examples');
  const [mia, noor] = [await aUser(first), await aUser(first)];
  const dm = await aDm(mia, noor);
  const message = await aMessage(mia, dm, 'kept');
  const socket = await aSocket(first, noor);
  const stopped = await first.kill('SIGINT');
  expect(stopped.code).toBe(0);
  expect(stopped.ms).toBeLessThan(3000);
  expect(await socket.closed).toMatchObject({ code: 4000 });
  expect(postgresOn(env.DATA_DIR)).toEqual([]);

  const second = await startServer(env);
  await becomesReady(second);
  const key = 'GET /conversations/:conversationId/messages';
  const read = () => api(second, noor.accessToken).call(key, { params: { conversationId: dm.id } });
  expect((await read()).messages).toEqual([message]);

  const [pid = 0] = postgresOn(env.DATA_DIR);
  process.kill(pid, 'SIGKILL');
  const answers: number[] = [];
  const start = performance.now();
  await expect
    .poll(
      async () => {
        const asked = performance.now();
        const { status } = await api(second, noor.accessToken).request(key, { params: { conversationId: dm.id } });
        expect(performance.now() - asked).toBeLessThan(5000);
        answers.push(status);
        return answers.includes(503) ? status : 0;
      },
      { timeout: 15_000, interval: 10 },
    )
    .toBe(200);
  expect(performance.now() - start).toBeLessThan(15_000);
  expect(new Set(answers)).toEqual(new Set(answers.includes(200) ? [503, 200] : [503]));
  expect((await read()).messages).toEqual([message]);
  expect((await second.kill('SIGTERM')).code).toBe(0);
  expect(postgresOn(env.DATA_DIR)).toEqual([]);
}, 60_000);

/** The Postgres that runs on a data folder, if one does. */
const postgresOn = (folder: string): number[] => {
  try {
    const pid = Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 0);
    return [pid];
  } catch {
    return [];
  }
};
