import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startEmbedded, type EmbeddedPostgres } from './embedded.ts';

let made: string;
let dataDir: string;
let running: EmbeddedPostgres[];

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'teatime-embedded-'));
  chmodSync(path, 0o755);
  return path;
};

// Making the data takes longer than all the rest: most tests start from a copy.
beforeAll(async () => {
  made = folder();
  await (await startEmbedded({ dataDir: made })).stop();
});
afterAll(() => rmSync(made, { recursive: true }));

beforeEach(() => {
  dataDir = folder();
  running = [];
});
afterEach(async () => {
  for (const postgres of running) await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const copyData = (to = dataDir): void => {
  execFileSync('cp', ['-a', join(made, 'postgres'), to]);
};

const open = async (folder = dataDir, lines: string[] = []): Promise<EmbeddedPostgres> => {
  const postgres = await startEmbedded({ dataDir: folder, say: (line) => lines.push(line) });
  running.push(postgres);
  return postgres;
};

const query = async (postgres: EmbeddedPostgres, text: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: postgres.url, connectionTimeoutMillis: 1000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

const alive = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('it starts in an empty folder, speaks UTF-8 over a socket that only its owner can use, and keeps data over a restart', async () => {
  const first = await open();
  expect(
    await query(
      first,
      `select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as addresses`,
    ),
  ).toEqual([{ encoding: 'UTF8', addresses: '' }]);
  expect(statSync(first.data).mode & 0o777).toBe(0o700);
  await query(first, `create table kept as select 'Grüße 🫖' as text`);
  const pid = first.pid();
  await first.stop();
  expect(alive(pid)).toBe(false);
  const second = await open();
  expect(await query(second, 'select text from kept')).toEqual([{ text: 'Grüße 🫖' }]);
});

test('a server whose starter was killed is used again, and stopped by its heir', async () => {
  copyData();
  const first = await open();
  const pid = first.pid();
  const lines: string[] = [];
  const heir = await open(dataDir, lines);
  expect(heir.pid()).toBe(pid);
  expect(lines.join('\n')).toContain(String(pid));
  await heir.stop();
  expect(alive(pid)).toBe(false);
});

test('a server that another program still uses is left running', async () => {
  copyData();
  const first = await open();
  const client = new pg.Client({ connectionString: first.url });
  await client.connect();
  await first.stop();
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await client.end();
  running = [await open()];
});

test('a server that dies is started anew', async () => {
  copyData();
  const postgres = await open();
  const pid = postgres.pid();
  process.kill(pid ?? 0, 'SIGKILL');
  await expect
    .poll(() => query(postgres, 'select 1 as one').catch(() => []), { timeout: 15_000, interval: 50 })
    .toEqual([{ one: 1 }]);
  expect(postgres.pid()).not.toBe(pid);
});

test('a pid file whose number belongs to another program now does not keep it from starting', async () => {
  copyData();
  const first = await open();
  await first.stop();
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(stranger, 'spawn');
  writeFileSync(
    join(first.data, 'postmaster.pid'),
    `${stranger.pid}\n${first.data}\n1700000000\n5432\n${first.data}\n\n  1  1\nready   \n`,
  );
  const second = await open();
  expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(stranger.exitCode).toBeNull();
  stranger.kill();
});

test('a first start that was killed half-way leaves nothing that disturbs the next', async () => {
  mkdirSync(join(dataDir, 'postgres.new', 'base'), { recursive: true });
  writeFileSync(join(dataDir, 'postgres.new', 'PG_VERSION'), '18\n');
  expect(await query(await open(), 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(existsSync(join(dataDir, 'postgres.new'))).toBe(false);
});

test('the data of another major version is refused with what to do', async () => {
  mkdirSync(join(dataDir, 'postgres'));
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '12\n');
  await expect(open()).rejects.toThrow(/PostgreSQL 12 wrote .*dump it/);
});

test('a folder with a long name works: the socket goes elsewhere, stays there, and is cleared away', async () => {
  const deep = join(dataDir, 'a-folder-with-quite-a-long-name'.repeat(4));
  mkdirSync(deep);
  copyData(deep);
  const postgres = await open(deep);
  const socketDir = new URL(postgres.url).searchParams.get('host') ?? '';
  expect(existsSync(socketDir)).toBe(true);
  process.kill(postgres.pid() ?? 0, 'SIGKILL');
  await expect
    .poll(() => query(postgres, 'select 1 as one').catch(() => []), { timeout: 15_000 })
    .toEqual([{ one: 1 }]);
  await postgres.stop();
  expect(existsSync(socketDir)).toBe(false);
});

test.runIf(process.getuid?.() === 0)(
  'as root, in a folder closed to others, the data is kept elsewhere and said so',
  async () => {
    const closed = join(dataDir, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const lines: string[] = [];
    const first = await open(closed, lines);
    try {
      expect(first.data.startsWith(closed)).toBe(false);
      expect(lines.join('\n')).toContain(first.data);
      await query(first, 'create table kept as select 1 as one');
      await first.stop();
      expect(await query(await open(closed), 'select one from kept')).toEqual([{ one: 1 }]);
    } finally {
      await running.at(-1)?.stop();
      rmSync(join(first.data, '..'), { recursive: true });
    }
  },
);

test.runIf(process.getuid?.() === 0)('as root, the data of an ordinary user stays theirs', async () => {
  copyData();
  const first = await open();
  await first.stop();
  const uid = 54_321;
  execFileSync('chown', ['-R', `${uid}:${uid}`, dataDir]);
  const second = await open();
  expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(statSync(join(second.data, 'postmaster.pid')).uid).toBe(uid);
});
