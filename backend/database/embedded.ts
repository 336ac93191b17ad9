import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { findAccount, findBinaries, isReachable, type Account } from './embedded-binaries.ts';
import {
  embeddedName,
  hasEnded,
  initialise,
  isAlive,
  refuseOtherVersion,
  runningServer,
  start,
  type Cluster,
  type RunningServer,
} from './embedded-cluster.ts';

/** A Postgres of our own, started from npm's binaries and watched over. */
export interface EmbeddedPostgres {
  /** The `postgres://` URL of its database, over a unix socket. */
  readonly url: string;
  /** The folder that holds its data. */
  readonly data: string;
  /** The process id of its main process, now. */
  pid(): number | undefined;
  /** Ends it, unless other programs still use it. */
  stop(): Promise<void>;
}

/** How to run the embedded Postgres. */
export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Told in one line each what a person who started the server may want to know. */
  readonly say?: (line: string) => void;
  /** More server settings, as `name=value`. */
  readonly settings?: readonly string[];
}

const outside = '/var/lib/teatime';
const watchMs = 200;

/**
 * Starts the embedded Postgres on `dataDir`, which it makes on the first start. A server that was left running by a process that was killed is used
 * again. When it dies it is started anew until `stop`.
 */
export const startEmbedded = async (options: EmbeddedOptions): Promise<EmbeddedPostgres> => {
  const { dataDir, say = () => undefined, settings = [] } = options;
  if (process.platform === 'win32') {
    throw new Error(
      'unable to start the embedded Postgres; it needs unix sockets: set DATABASE_URL, or use the Windows Subsystem for Linux',
    );
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const cluster = locate(dataDir, settings, say);
  initialise(cluster);
  refuseOtherVersion(cluster);

  let server: RunningServer | undefined = (await adopt(cluster, say)) ?? (await start(cluster));
  const url = urlOf(server);
  const { socketDir } = server;
  await createDatabase(server);

  let stopping = false;
  let reviving: Promise<void> | undefined;
  const revive = async (): Promise<void> => {
    try {
      // Somebody else who watches over the same folder may have been faster.
      server = (await adopt(cluster, () => undefined)) ?? (await start(cluster, socketDir));
      if (urlOf(server) !== url) throw new Error('unable to use the embedded Postgres; its socket has moved');
    } catch {
      // What a killed server leaves behind is cleared away in a moment; the watch comes by again.
      server = undefined;
    }
  };
  const watch = setInterval(() => {
    if (stopping || reviving !== undefined || (server !== undefined && isAlive(server.pid))) return;
    reviving = revive().finally(() => (reviving = undefined));
  }, watchMs);
  watch.unref();

  return {
    url,
    data: cluster.data,
    pid: () => server?.pid,
    async stop() {
      stopping = true;
      clearInterval(watch);
      await reviving;
      if (server === undefined || (await isShared(server))) return;
      await end(server);
      if (socketDir !== cluster.data) rmSync(socketDir, { recursive: true, force: true });
    },
  };
};

/** Where the data is, and whom it belongs to. */
const locate = (dataDir: string, settings: readonly string[], say: (line: string) => void): Cluster => {
  let account = findAccount(say);
  const note = join(dataDir, 'postgres-location');
  let data = existsSync(note) ? readFileSync(note, 'utf8').trim() : join(dataDir, 'postgres');
  if (account !== undefined && !existsSync(note) && !existsSync(data) && !isReachable(dataDir, account)) {
    data = join(outside, randomBytes(6).toString('hex'), 'postgres');
    mkdirSync(join(data, '..'), { recursive: true, mode: 0o755 });
    writeFileSync(note, `${data}\n`);
    say(`The user that Postgres runs as may not enter ${dataDir}: the data is kept in ${data}.`);
  }
  if (existsSync(data)) account = ownerOf(data, account);
  const binaries = findBinaries(account, account === undefined ? dataDir : outside, say);
  return { data, logFile: join(dataDir, 'postgres.log'), binaries, account, settings };
};

/** As root we run Postgres as whoever owns its data, which may be the ordinary user who started it first. */
const ownerOf = (data: string, account: Account | undefined): Account | undefined => {
  const { uid, gid } = statSync(data);
  if (uid === process.getuid?.()) return account;
  if (account !== undefined) return { uid, gid };
  throw new Error(
    `unable to start the embedded Postgres; ${data} belongs to another user: start as root or as that user, or set DATA_DIR to another folder`,
  );
};

/** Takes over the server that runs on the data already, if one does. */
const adopt = async (cluster: Cluster, say: (line: string) => void): Promise<RunningServer | undefined> => {
  for (;;) {
    const server = runningServer(cluster);
    if (server === undefined) return undefined;
    if (await answers(server)) {
      say(`Postgres was running already (process ${server.pid}): it is used again.`);
      return server;
    }
    // It is starting or going down: soon it answers, or is gone.
    await hasEnded(server.pid, 100);
  }
};

const clientFor = (server: RunningServer, database: string): pg.Client => {
  const client = new pg.Client({
    host: server.socketDir,
    port: server.port,
    user: embeddedName,
    database,
    connectionTimeoutMillis: 2000,
  });
  client.on('error', () => undefined);
  return client;
};

const ask = async <Row extends pg.QueryResultRow>(server: RunningServer, text: string): Promise<Row[]> => {
  const client = clientFor(server, 'postgres');
  try {
    await client.connect();
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const answers = (server: RunningServer): Promise<boolean> =>
  ask(server, 'select 1').then(
    () => true,
    () => false,
  );

const createDatabase = async (server: RunningServer): Promise<void> => {
  const found = await ask(server, `select 1 from pg_database where datname = '${embeddedName}'`);
  if (found.length > 0) return;
  await ask(server, `create database ${embeddedName}`).catch((error: unknown) => {
    // Another process that started at once was faster.
    if (!['42P04', '23505'].includes(String((error as { code?: unknown }).code))) throw error;
  });
};

const isShared = async (server: RunningServer): Promise<boolean> => {
  try {
    const others = await ask(
      server,
      `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`,
    );
    return others.length > 0;
  } catch {
    return false;
  }
};

/** Fast shutdown (SIGINT), then immediate (SIGQUIT), which only costs the next start a recovery. */
const end = async (server: RunningServer): Promise<void> => {
  for (const [signal, patienceMs] of [
    ['SIGINT', 5000],
    ['SIGQUIT', 3000],
    ['SIGKILL', 2000],
  ] as const) {
    try {
      process.kill(server.pid, signal);
    } catch {
      return;
    }
    if (await hasEnded(server.pid, patienceMs)) return;
  }
};

const urlOf = ({ socketDir, port }: RunningServer): string =>
  `postgres://${embeddedName}@localhost:${port}/${embeddedName}?host=${encodeURIComponent(socketDir)}`;
