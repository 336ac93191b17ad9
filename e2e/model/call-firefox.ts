import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Firefox with one page, driven by Marionette, the protocol that Firefox itself speaks. */
export interface Firefox {
  goto(url: string): Promise<void>;
  /** Runs the body of an async function in the page, with `input`; resolves with what it returns. */
  run<T>(body: string, input?: unknown): Promise<T>;
  stop(): Promise<void>;
}

const places = [process.env['FIREFOX_PATH'], '/usr/bin/firefox-esr', '/usr/bin/firefox'];

/** The path of a Firefox of this machine: FIREFOX_PATH, or the usual ones. */
export const findFirefox = (): string | undefined => places.find((path) => path && existsSync(path));

const preferences = {
  'marionette.port': 0,
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  // Otherwise it looks for no candidates on a machine that has no network but loopback, or hides them behind mDNS, which needs one.
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.gmp-manager.updateEnabled': false,
  'media.gmp-manager.url': '',
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'http://127.0.0.1:9/',
  'toolkit.telemetry.enabled': false,
};
const patienceMs = 60_000;

/** Starts the Firefox of this machine, without a window, on a profile of its own. */
export const startFirefox = async (): Promise<Firefox> => {
  const program = findFirefox();
  if (program === undefined) throw new Error('unable to find Firefox; install it or set FIREFOX_PATH');
  const profile = mkdtempSync(join(tmpdir(), 'teatime-firefox-'));
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const child = spawn(program, ['--headless', '--marionette', '--no-remote', '--profile', profile], {
    stdio: 'ignore',
    env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
  });
  const ended = once(child, 'exit');
  const command = await speak(await portOf(profile, () => child.exitCode !== null));
  await command('WebDriver:NewSession', { capabilities: { alwaysMatch: { timeouts: { script: patienceMs } } } });
  return {
    async goto(url) {
      await command('WebDriver:Navigate', { url });
    },
    async run<T>(body: string, input?: unknown): Promise<T> {
      const script = `
        const [input, done] = arguments;
        (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const { value } = (await command('WebDriver:ExecuteAsyncScript', { script, args: [input ?? null] })) as {
        value: { value?: T; error?: string };
      };
      if (value.error !== undefined) throw new Error(value.error);
      return value.value as T;
    },
    async stop() {
      await command('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => child.kill('SIGKILL'));
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** The port that Firefox has chosen, which it writes into its profile. */
const portOf = async (profile: string, gone: () => boolean): Promise<number> => {
  const file = join(profile, 'MarionetteActivePort');
  for (const end = Date.now() + patienceMs; Date.now() < end && !gone();) {
    const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (port > 0) return port;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('unable to drive Firefox; it does not listen');
};

type Command = (name: string, parameters: object) => Promise<unknown>;

/** Opens Marionette's socket: frames are `<bytes>:<JSON>`; commands `[0, id, name, parameters]`, answers `[1, id, error, result]`. */
const speak = async (port: number): Promise<Command> => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let heard = Buffer.alloc(0);
  let lastId = 0;
  socket.on('data', (data) => {
    heard = Buffer.concat([heard, data]);
    for (;;) {
      const colon = heard.indexOf(':');
      const bytes = Number(heard.subarray(0, colon).toString());
      if (colon < 0 || heard.length < colon + 1 + bytes) return;
      const frame = JSON.parse(heard.subarray(colon + 1, colon + 1 + bytes).toString()) as unknown;
      heard = heard.subarray(colon + 1 + bytes);
      // The first one is a greeting.
      if (!Array.isArray(frame)) continue;
      const [, id, error, result] = frame as [number, number, { message: string } | null, unknown];
      const answer = waiting.get(id);
      waiting.delete(id);
      if (error) answer?.reject(new Error(error.message));
      else answer?.resolve(result);
    }
  });
  const lost = () => {
    for (const { reject } of waiting.values()) reject(new Error('unable to drive Firefox; it is gone'));
    waiting.clear();
  };
  socket.on('error', lost);
  socket.on('close', lost);
  return (name, parameters) =>
    new Promise((resolve, reject) => {
      const id = (lastId += 1);
      waiting.set(id, { resolve, reject });
      const text = JSON.stringify([0, id, name, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
};
