import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { Problem } from '../problem.ts';
import type { Facts, Report, Task } from './worker.js';

/** How long the processes may take, in milliseconds. */
export interface Patience {
  /** To say what a file is. */
  readonly sniffing: number;
  /** From then on, to decode a picture. */
  readonly picture: number;
}

/** Processes that look at files, so that whatever a file does to them, the server goes on. */
export interface Processes {
  /** What a file is. Rejects with the Problem `file_rejected` when the process hangs, crashes or refuses. */
  run(task: Task): Promise<Facts>;
  close(): Promise<void>;
}

interface Job {
  readonly task: Task;
  readonly resolve: (facts: Facts) => void;
  readonly reject: (error: Problem) => void;
}

interface WorkerOptions {
  readonly log: Logger;
  readonly patience: Patience;
  /** It can take a file. */
  readonly onIdle: () => void;
  /** It takes no more. */
  readonly onRetire: () => void;
  /** It is gone. */
  readonly onEnd: () => void;
}

const script = fileURLToPath(new URL('worker.js', import.meta.url));
const processCount = Math.max(1, Math.min(2, availableParallelism() - 1));
const queueLength = 1000;
const startMs = 30_000;
const idleMs = 30_000;

/**
 * At most two processes, started when there is something to do and ended after half a minute without. Processes rather than threads: a thread cannot be
 * stopped inside the picture library, and takes the server along when that crashes; and a process gives its memory back.
 */
export const createProcesses = ({ log, patience }: { log: Logger; patience: Patience }): Processes => {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const queue: Job[] = [];
  let closed = false;

  const next = (): void => {
    const job = queue[0];
    if (job === undefined) return;
    const worker = idle.pop() ?? (all.size < processCount ? add() : undefined);
    if (worker === undefined) return;
    queue.shift();
    worker.run(job);
  };
  const add = (): Worker => {
    const worker: Worker = new Worker({
      log,
      patience,
      onIdle: () => {
        idle.push(worker);
        next();
      },
      onRetire: () => {
        if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
      },
      onEnd: () => {
        all.delete(worker);
        next();
      },
    });
    all.add(worker);
    return worker;
  };

  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        if (closed || queue.length >= queueLength) return reject(busy());
        queue.push({ task, resolve, reject });
        return next();
      }),
    close: async () => {
      closed = true;
      for (const job of queue.splice(0)) job.reject(busy());
      await Promise.all([...all].map((worker) => worker.end()));
    },
  };
};

/** One process and the file that it has in hand. */
class Worker {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #options: WorkerOptions;
  #job: Job | undefined;
  #ready = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#child = fork(script, {
      serialization: 'advanced',
      // None of the server's flags, and none of its secrets.
      execArgv: ['--max-old-space-size=512'],
      env: inherited(['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TMPDIR', 'TEMP']),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#exited = once(this.#child, 'exit').catch(() => undefined);
    this.#child.on('message', (report) => this.#onReport(report as Report));
    this.#child.once('exit', (code, signal) => this.#onExit(signal ?? `exit code ${code}`));
    this.#child.once('error', (error) => this.#onExit(error.message));
    this.#child.unref();
    this.#child.channel?.unref();
    this.#wait(startMs, 'it did not start');
  }

  run(job: Job): void {
    this.#job = job;
    if (this.#ready) this.#send(job);
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #send(job: Job): void {
    this.#wait(this.#options.patience.sniffing, 'it took too long');
    this.#child.send(job.task, (error) => error && this.#child.kill('SIGKILL'));
  }

  #wait(ms: number, why: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#job) this.#options.log.warn({ why, ms }, 'gave up looking at a file');
      this.#options.onRetire();
      this.#child.kill('SIGKILL');
    }, ms);
    this.#timer.unref();
  }

  #onReport(report: Report): void {
    const job = this.#job;
    switch (report.kind) {
      case 'ready':
        this.#ready = true;
        if (job) this.#send(job);
        return;
      case 'sniffed':
        this.#wait(this.#options.patience.picture, 'it took too long');
        return;
      case 'facts':
        job?.resolve(report.facts);
        break;
      case 'rejected':
        job?.reject(rejected(report.reason));
        break;
      case 'failed':
        this.#options.log.info({ why: report.message }, 'a file was rejected: it could not be read');
        job?.reject(rejected('it is damaged'));
        break;
    }
    this.#job = undefined;
    this.#wait(idleMs, 'nothing to do');
    this.#options.onIdle();
  }

  #onExit(how: string): void {
    clearTimeout(this.#timer);
    this.#options.onRetire();
    const job = this.#job;
    this.#job = undefined;
    if (job && this.#ready) {
      this.#options.log.warn({ how }, 'a file was rejected: the process that looked at it ended');
      job.reject(rejected('it cannot be read in a reasonable time'));
    } else if (job) {
      // Nothing has been opened yet: the machine is to blame, not the file.
      this.#options.log.error({ how }, 'unable to look at files; the process for it does not start');
      job.reject(busy());
    }
    this.#options.onEnd();
  }
}

const inherited = (names: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(names.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined));

/** The refusal of a file, for a reason that completes "unable to take the file; …". */
export const rejected = (reason: string): Problem => new Problem('file_rejected', `unable to take the file; ${reason}`);

const busy = (): Problem =>
  new Problem('dependency_unavailable', 'unable to look at the file; too many are waiting', { retryAfterMs: 2000 });
