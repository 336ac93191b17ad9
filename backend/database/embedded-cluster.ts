import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Account, Binaries } from './embedded-binaries.ts';

/** A Postgres data folder and how to run a server on it. */
export interface Cluster {
  readonly data: string;
  readonly logFile: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly settings: readonly string[];
}

/** A server that runs on a data folder, as its `postmaster.pid` tells. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  readonly socketDir: string;
  readonly ready: boolean;
}

/** The name of the only role and database of an embedded Postgres. */
export const embeddedName = 'teatime';

const startPatienceMs = 60_000;
// Linux holds 107 bytes of a socket's path, macOS 103; Postgres adds "/.s.PGSQL.5432".
const maxSocketDirBytes = 85;
const maxLogBytes = 1024 * 1024;

/** Makes the data folder unless it is there. It takes its place when it is complete, so that a start that was killed leaves nothing behind. */
export const initialise = (cluster: Cluster): void => {
  const { data, binaries, account } = cluster;
  if (existsSync(join(data, 'PG_VERSION'))) return;
  const draft = `${data}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  if (account !== undefined) chownSync(draft, account.uid, account.gid);
  const args = ['-D', draft, '-U', embeddedName, '--auth=trust', '--locale=C', '-E', 'UTF8'];
  const made = spawnSync(binaries.initdb, args, { ...account, cwd: '/', env: cleanEnvironment(), encoding: 'utf8' });
  if (made.status !== 0) {
    const reason = made.error?.message ?? made.stderr.trim();
    throw new Error(`unable to make the embedded Postgres's data folder ${data}; ${reason}`);
  }
  renameSync(draft, data);
};

/** Refuses a data folder that another major version wrote. */
export const refuseOtherVersion = ({ data, binaries }: Cluster): void => {
  const written = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (written === binaries.major) return;
  throw new Error(
    `unable to start the embedded Postgres; PostgreSQL ${written} wrote ${data}, and this is ${binaries.major}: dump it with the TeaTime that made it (pg_dump), move the folder away, and restore the dump`,
  );
};

/** The server that runs on the data folder now, whoever started it. */
export const runningServer = ({ data }: Pick<Cluster, 'data'>): RunningServer | undefined => {
  let lines: string[];
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid = '', , , port = '', socketDir = '', , , status = ''] = lines;
  if (!isAlive(Number(pid))) return undefined;
  if (!isPostgres(Number(pid))) {
    // The number has gone to another program since the server was killed, and would keep Postgres from starting.
    rmSync(join(data, 'postmaster.pid'), { force: true });
    return undefined;
  }
  return { pid: Number(pid), port: Number(port), socketDir: socketDir.trim(), ready: status.trim() === 'ready' };
};

/**
 * Starts a server in a process group of its own, so that a Ctrl+C meant for us does not reach it first. Resolves when it takes connections. Its
 * socket is in the data folder, in one under /tmp where that path is too long, or in `place`.
 */
export const start = async (cluster: Cluster, place?: string): Promise<RunningServer> => {
  const { data, account, binaries } = cluster;
  const socketDir = place ?? socketFolder(data, account);
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${socketDir}`,
    'unix_socket_permissions=0700',
    ...cluster.settings,
  ];
  const log = openLog(cluster.logFile);
  const child = spawn(binaries.postgres, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...account,
    cwd: '/',
    env: cleanEnvironment(),
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  const { pid } = child;
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended ??= `it ended with ${signal ?? code}; see ${cluster.logFile}`));
  const until = Date.now() + startPatienceMs;
  while (ended === undefined && Date.now() < until) {
    const server = runningServer(cluster);
    if (server?.ready === true && server.pid === pid) return server;
    await wait(10);
  }
  throw new Error(
    `unable to start the embedded Postgres; ${ended ?? `it is not ready after ${startPatienceMs / 1000} s`}`,
  );
};

/** True while a process of this id runs. */
export const isAlive = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Resolves when the process has ended: true, or false when it still runs after `timeoutMs`. */
export const hasEnded = async (pid: number, timeoutMs: number): Promise<boolean> => {
  const until = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > until) return false;
    await wait(10);
  }
  return true;
};

const isPostgres = (pid: number): boolean => {
  const { stdout, status } = spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' });
  if (status === 0) return /postgres|postmaster/.test(stdout);
  try {
    return /postgres|postmaster/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return true;
  }
};

const socketFolder = (data: string, account: Account | undefined): string => {
  // The data folder is closed to all but its owner, so that no password is needed.
  if (Buffer.byteLength(data) <= maxSocketDirBytes) return data;
  const folder = mkdtempSync(join(tmpdir(), 'teatime-'));
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  return folder;
};

const openLog = (file: string): number => {
  const log = openSync(file, 'a', 0o600);
  if (fstatSync(log).size > maxLogBytes) ftruncateSync(log);
  return log;
};

// Settings of some other Postgres (PGDATA, PGPORT …) and locales that may not exist here are none of its business.
const cleanEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' });
