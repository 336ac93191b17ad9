import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A text that every virus scanner reports and that does nothing (eicar.org); in two halves, so that none reports this file. */
export const eicar = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
);

/** The program of clamd: CLAMD_PATH, or the one of this machine; `undefined` when there is none. */
export const findClamd = (): string | undefined =>
  [process.env['CLAMD_PATH'] || 'clamd', '/usr/sbin/clamd'].find((program) => {
    try {
      return execFileSync(program, ['--version'], { stdio: 'pipe' }).length > 0;
    } catch {
      return false;
    }
  });

/** A real clamd that knows one virus, the EICAR text, and takes at most `streamBytes`. */
export const startClamd = async (program: string, streamBytes: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'teatime-clamd-'));
  const socket = join(folder, 'clamd.sock');
  const port = await freePort();
  writeFileSync(join(folder, 'test.ndb'), `Test.Eicar:0:*:${eicar.toString('hex')}\n`);
  writeFileSync(
    join(folder, 'clamd.conf'),
    [
      `DatabaseDirectory ${folder}`,
      `LocalSocket ${socket}`,
      `TCPSocket ${port}`,
      'TCPAddr 127.0.0.1',
      `StreamMaxLength ${streamBytes}`,
      'Foreground yes',
      'MaxThreads 2',
    ].join('\n'),
  );
  const child = spawn(program, ['--config-file', join(folder, 'clamd.conf')], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answers(socket, exited);
  } catch (error) {
    await stop();
    throw error;
  }
  return { addresses: [socket, `127.0.0.1:${port}`], stop };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** Resolves when clamd says PONG: it says nothing by itself when it is ready. */
const answers = async (path: string, exited: Promise<unknown>): Promise<void> => {
  let ended = false;
  void exited.then(() => (ended = true));
  for (const deadline = Date.now() + 30_000; Date.now() < deadline && !ended;) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      socket.write('zPING\0');
      await once(socket, 'data');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      socket.destroy();
    }
  }
  throw new Error('unable to start clamd; it does not answer');
};
