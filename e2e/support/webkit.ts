import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './server.ts';

/** One browser by W3C WebDriver, with nothing but what the tests ask of it. */
export interface WebDriver {
  /** Sends a command of the session, by its path after the session's own; rejects with what WebDriver says went wrong. */
  send<Result = unknown>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Result>;
  /** Runs what must not be mixed with the commands of others. */
  locked<Result>(run: () => Promise<Result>): Promise<Result>;
  end(): Promise<void>;
}

/** How long a browser may take to start, and to answer, in ms. */
const patienceMs = 60_000;

/** The programs that WebKit is driven by: WEBKIT_DRIVER_PATH or one of this machine, and Xvfb; undefined where one is missing. */
export function findWebKit(): { readonly driver: string; readonly xvfb: string } | undefined {
  const driver = [process.env['WEBKIT_DRIVER_PATH'] ?? '', onPath('WebKitWebDriver')].find((path) => path !== '');
  const xvfb = onPath('Xvfb');
  return driver && xvfb ? { driver, xvfb } : undefined;
}

/** Starts a display that nobody sees; answers its name. */
export async function startDisplay(): Promise<{ readonly name: string; end(): void }> {
  // The server takes a number that is free, and writes it when it is ready.
  const xvfb = spawn(found().xvfb, ['-displayfd', '3', '-screen', '0', '1400x1400x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await firstLine(xvfb.stdio[3] as Readable, xvfb);
  return { name: `:${number}`, end: () => void xvfb.kill() };
}

/** Starts a browser of its own on a display. */
export async function startWebDriver(display: string): Promise<WebDriver> {
  const port = await freePort();
  const child = spawn(found().driver, [`--port=${port}`, '--host=127.0.0.1'], {
    // The keys of another language of the machine, and its proxies, are none of the tests' business.
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '/tmp',
      LANG: 'C.UTF-8',
      DISPLAY: display,
      GDK_BACKEND: 'x11',
    },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await listens(url, child);
  const { sessionId } = await command<{ sessionId: string }>('POST', `${url}/session`, {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': {} } },
  });
  const session = `${url}/session/${sessionId}`;
  let last: Promise<unknown> = Promise.resolve();
  return {
    send: (method, path, body) => command(method, session + path, body),
    locked(run) {
      const next = last.then(run, run);
      last = next.catch(() => undefined);
      return next;
    },
    async end() {
      await command('DELETE', session).catch(() => undefined);
      child.kill();
    },
  };
}

async function command<Result>(method: string, url: string, body?: object): Promise<Result> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(patienceMs),
    ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  const { value } = (await response.json()) as { value: Result & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`unable to drive WebKit; ${value.error}: ${value.message}`);
  return value;
}

async function listens(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/status`).catch(() => undefined);
    if (answer?.ok) return;
    await pause(50);
  }
  throw new Error('unable to start WebKitWebDriver; it does not answer');
}

async function firstLine(stream: Readable, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: stream }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', () => reject(new Error('unable to start Xvfb; it ended')));
  });
}

function found(): { readonly driver: string; readonly xvfb: string } {
  const programs = findWebKit();
  if (!programs) throw new Error('unable to find WebKitWebDriver and Xvfb; install webkit2gtk-driver and xvfb');
  return programs;
}

function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
