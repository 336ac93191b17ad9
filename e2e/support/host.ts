import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { runCommand } from '../../backend/testing/process.ts';
import { freePort, type TestServer } from './server.ts';

/** What a command of `teatime` answers, beside the server that runs. */
export const teatimeOf =
  (server: TestServer) =>
  async <T>(...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await runCommand(['--json', ...args], { DATA_DIR: server.dataDir });
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as T;
  };

/** A key as `teatime key add` shows it. */
export interface AddedKey {
  readonly kid: string;
  readonly secret: string;
}

/** A back end of somebody else's, from the examples. */
export interface Host {
  readonly url: string;
  stop(): void;
}

/** Starts the program of an example when `prepare` has made what it needs, which it is told in its environment. */
export const startHost = async (
  example: string,
  server: TestServer,
  prepare: (url: string) => Promise<Record<string, string>>,
): Promise<Host> => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = { ...process.env, CHAT_SERVER: server.url, PORT: String(port), ...(await prepare(url)) };
  const program = new URL(`../../examples/${example}/server.js`, import.meta.url).pathname;
  const host = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(host.stdout, 'data');
  return { url, stop: () => void host.kill() };
};
