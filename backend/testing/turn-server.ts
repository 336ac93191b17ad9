import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { projectRoot } from '../project-root.ts';

/** A coturn that runs the shipped `deploy/turnserver.conf`, on loopback and a port of its own. */
export interface TurnServer {
  readonly port: number;
  /** Its `static-auth-secret`. */
  readonly secret: string;
  /** How many allocations its configuration gives one user. */
  readonly userQuota: number;
  /** Everything that it wrote so far. */
  output(): string;
  stop(): Promise<void>;
}

const configuration = join(projectRoot, 'deploy', 'turnserver.conf');

const patienceMs = 20_000;

/** The path of coturn's `turnserver`: TURNSERVER_PATH, or one of this machine; undefined where there is none. */
export const findTurnServer = (): string | undefined => {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'];
  const candidates = [process.env['TURNSERVER_PATH'] ?? '', ...folders.map((folder) => join(folder, 'turnserver'))];
  return candidates.find((path) => path !== '' && isExecutable(path));
};

/** True where loopback speaks IPv6. */
export const hasIpv6 = (): boolean =>
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));

/** Starts coturn as a child of this process; resolves when it listens. `options` are laid over the file, as on coturn's command line. */
export const startTurnServer = async (options: readonly string[] = []): Promise<TurnServer> => {
  const program = findTurnServer();
  if (program === undefined)
    throw new Error('unable to find coturn; install it (apt-get install coturn), or set TURNSERVER_PATH');
  const folder = mkdtempSync(join(tmpdir(), 'teatime-turn-'));
  const port = await freePort();
  const secret = 'a secret of this test alone';
  const database = join(folder, 'turndb');
  makeDatabase(program, database);
  const child = spawn(
    program,
    [
      ['-c', configuration],
      [`--static-auth-secret=${secret}`, `--listening-port=${port}`, '--no-tls', '--no-dtls', '--relay-threads=1'],
      ['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', ...(hasIpv6() ? ['--relay-ip=::1'] : [])],
      [`--userdb=${database}`, `--pidfile=${join(folder, 'pid')}`, '--verbose'],
      options,
    ].flat(),
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  // Not left behind when a worker of the tests is ended.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'close').catch(() => undefined);
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string) => () => reject(new Error(`unable to start coturn; ${why}:\n${output}`));
    const timer = setTimeout(fail(`${patienceMs} ms went by`), patienceMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        if (!output.includes(`UDP listener opened on: 127.0.0.1:${port}`)) return;
        clearTimeout(timer);
        resolve();
      });
    }
    child.once('error', reject);
    void ended.then(fail('it ended'));
  });
  return {
    port,
    secret,
    userQuota: Number(/^user-quota=(\d+)$/m.exec(readFileSync(configuration, 'utf8'))?.[1]),
    output: () => output,
    async stop() {
      kill();
      await ended;
      process.off('exit', kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/**
 * Makes the SQLite file in which coturn looks for further secrets. Its threads would make it when they are first asked, all at once, of which one
 * may be left without tables and refuse everybody.
 */
const makeDatabase = (program: string, path: string): void => {
  const { status, stdout } = spawnSync(join(dirname(program), 'turnadmin'), ['--list', `--userdb=${path}`], {
    encoding: 'utf8',
  });
  const log = /log file opened: (\S+)/.exec(stdout)?.[1];
  if (log !== undefined) rmSync(log);
  if (status !== 0) throw new Error(`unable to make coturn's database; turnadmin says: ${stdout}`);
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};
