import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startProcess, type ServerProcess } from '../../backend/testing/process.ts';

/** The real server as a process of its own, on its embedded Postgres, with data that outlive it. */
export interface TestServer {
  readonly url: string;
  /** Where it keeps everything. */
  readonly dataDir: string;
  /** Kills it, at once and without a word. */
  crash(): Promise<void>;
  /** Ends it as an operator would. */
  terminate(): Promise<number | null>;
  /** Starts it again, on the same port and data. */
  start(): Promise<void>;
  /** Everything that its processes have written so far. */
  output(): string;
  /** Asks its database. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Starts a server on an empty data folder. */
export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'teatime-e2e-'));
  // Postgres runs as another user when the tests run as root.
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const start = (): Promise<ServerProcess> =>
    startProcess({ DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'info', DRAIN_MS: '500', ...env });
  let server = await start();
  await server.says(/^Ready/m);
  let written = '';

  const testServer: TestServer = {
    url: server.url,
    dataDir,
    async crash() {
      await server.kill('SIGKILL');
    },
    async terminate() {
      return (await server.kill('SIGTERM')).code;
    },
    async start() {
      written += server.output();
      server = await start();
      await server.says(/^Ready/m);
    },
    output: () => written + server.output(),
    async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> {
      const client = new pg.Client(address(dataDir));
      await client.connect();
      try {
        return (await client.query<Row>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    async remove() {
      const { exitCode, signalCode } = server.child;
      // Postgres outlives a crash: only a server that runs can end it.
      if (exitCode !== null || signalCode !== null) await testServer.start();
      await server.kill('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return testServer;
}

/** Where the embedded Postgres listens, by its own note: line 4 is the port, line 5 the folder of the socket. */
function address(dataDir: string): pg.ClientConfig {
  const lines = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  return { host: lines[4] ?? '', port: Number(lines[3]), user: 'teatime', database: 'teatime' };
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const found = probe.address();
      const port = typeof found === 'object' && found ? found.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
