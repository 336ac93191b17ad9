import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from '../project-root.ts';

/** The server as a process of its own. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly wsUrl: string;
  /** Everything that it wrote so far. */
  output(): string;
  /** Resolves when the output matches; rejects when the process ends before. */
  says(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Sends a signal and waits for the end. Resolves with the exit code, `null` when the signal itself ended it, and how long that took. */
  kill(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly ms: number }>;
  /** Resolves with the exit code when it ends. */
  readonly ended: Promise<number | null>;
}

const patienceMs = 60_000;

const variable = 'TEATIME_TEST_PROGRAMS';
let compiled: Promise<string> | undefined;

/** For vitest's global set-up: makes the folder of compiled programs; returns the way to remove it, which workers that are killed cannot. */
export const shareProgramFolder = async (): Promise<() => void> => {
  const folder = await programFolder();
  process.env[variable] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
};

const programFolder = async (): Promise<string> => {
  // Below the project, whose dependencies the program loads.
  const cache = join(projectRoot, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  return mkdtemp(join(cache, 'teatime-'));
};

/** Compiles the server's programs from the sources as they are now, so that tests never run an old build. */
const compilePrograms = async (): Promise<string> => {
  const folder = await mkdtemp(join(process.env[variable] ?? (await programFolder()), 'main-'));
  const backend = join(projectRoot, 'backend');
  await build({
    // Files are looked at by a process of its own, whose program lies beside what starts it.
    entryPoints: {
      main: join(backend, 'main.ts'),
      cli: join(backend, 'cli.ts'),
      worker: join(backend, 'inspection', 'worker.js'),
    },
    outdir: folder,
    bundle: true,
    // What a command does not need it does not load.
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  });
  return folder;
};

/** Starts the server's program with these environment variables only; resolves when it listens. */
export const startProcess = async (env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> => {
  const server = await spawnProcess(env);
  const [, url = ''] = await server.says(/TeaTime listens on (http:\/\/[^\s"]+)/);
  return { ...server, url, wsUrl: `${url.replace(/^http/, 'ws')}/ws` };
};

/** Starts the server's program without waiting for anything. */
export const spawnProcess = async (
  env: Readonly<Record<string, string>> = {},
): Promise<Omit<ServerProcess, 'url' | 'wsUrl'>> => {
  const program = join(await (compiled ??= compilePrograms()), 'main.js');
  const child = spawn(process.execPath, [program], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      for (const look of watchers) look();
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    ended,
    output: () => output,
    says(pattern, timeoutMs = patienceMs) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output);
          if (match) finish(() => resolve(match));
        };
        const finish = (settle: () => void): void => {
          watchers.delete(look);
          clearTimeout(timer);
          settle();
        };
        const give = (why: string) => () =>
          finish(() => reject(new Error(`${why} before it said ${String(pattern)}:\n${output}`)));
        const timer = setTimeout(give(`${timeoutMs} ms went by`), timeoutMs);
        watchers.add(look);
        void ended.then(give('the process ended'));
        look();
      });
    },
    async kill(signal) {
      const start = performance.now();
      child.kill(signal);
      return { code: await ended, ms: performance.now() - start };
    },
  };
};

/** What a command wrote, and how it ended. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of `teatime` to its end, with these environment variables only. */
export const runCommand = async (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandEnd> => {
  const program = join(await (compiled ??= compilePrograms()), 'cli.js');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { cwd: tmpdir(), env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr }),
    );
  });
};
