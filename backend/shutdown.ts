import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';

/** The way out of the process. */
export interface Shutdown {
  /** Aborted when the process was asked to end. */
  readonly signal: AbortSignal;
  /** Where to tell about the end, once there is a log. */
  logTo(log: Logger): void;
  /** The start is over: from now on a signal ends everything at once. Before, whoever starts looks at `signal` and calls `done`. */
  started(): void;
  /** Adds what is to be ended, before everything that was added earlier. */
  last(name: string, end: () => Promise<void>): void;
  /** Ends everything and exits with 0. */
  done(): Promise<void>;
  /** Ends everything and exits with 1, saying why. Without a reason the error stays in the log. */
  fail(reason: string | undefined, error?: unknown): Promise<void>;
}

// Orchestrators kill after 30 s.
const allMs = 28_000;
const hurriedMs = 1500;
const startMs = 5000;

/**
 * Listens for SIGINT and SIGTERM: the first one ends things one after the other, the latest first; a second one, or an error that nobody caught,
 * gives them all together a second and a half.
 */
export const createShutdown = (): Shutdown => {
  const aborted = new AbortController();
  const parts: { name: string; end: () => Promise<void> }[] = [];
  let ending: Promise<void> | undefined;
  let starting = true;
  let log: Logger | undefined;

  const endInOrder = async (code: number): Promise<void> => {
    for (;;) {
      const part = parts.pop();
      if (part === undefined) break;
      await part.end().catch((error: unknown) => log?.error({ err: error }, `unable to end ${part.name} in peace`));
    }
    exit(code);
  };
  const hurry = async (code: number): Promise<void> => {
    await Promise.race([Promise.allSettled(parts.splice(0).map(async (part) => part.end())), wait(hurriedMs)]);
    exit(code);
  };
  const begin = (code: number): Promise<void> => {
    aborted.abort();
    // Whoever is not done by then is left behind.
    setTimeout(() => exit(code), allMs).unref();
    return (ending ??= endInOrder(code));
  };
  const exit = (code: number): void => {
    log?.flush();
    process.exit(code);
  };

  const onSignal = (name: NodeJS.Signals): void => {
    if (aborted.signal.aborted) {
      void hurry(130);
      return;
    }
    log?.info({ signal: name }, 'going down');
    if (name === 'SIGINT') process.stdout.write('\nStopping …\n');
    // What is half started would be left behind: the start notices and ends it.
    aborted.abort();
    setTimeout(() => void begin(0), starting ? startMs : 0);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // After these nobody knows what state the process is in: whoever started it starts it again.
  process.on('uncaughtException', (error) => {
    log?.fatal({ err: error }, 'uncaught exception');
    console.error(error);
    void hurry(1);
  });

  return {
    signal: aborted.signal,
    logTo: (to) => void (log = to),
    started: () => void (starting = false),
    last: (name, end) => void parts.push({ name, end }),
    done: () => begin(0),
    async fail(reason, error) {
      console.error(reason ?? error);
      await begin(1);
    },
  };
};
