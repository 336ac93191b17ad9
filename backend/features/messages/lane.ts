import type { Logger } from 'pino';
import type { Database } from '../../database/connect.ts';
import { inSite, requireSite } from '../../database/wall.ts';
import { Problem } from '../../problem.ts';
import { batchSetup, commitBatch, type Send, type SendOutcome } from './batch.ts';
import { createLaneConnection, type Transaction } from './lane-connection.ts';
import type { Change } from './lanes.ts';

type Sent = (outcome: SendOutcome & { outcome: 'sent' }) => void;

interface SendJob {
  readonly siteId: string;
  readonly send: Send;
  readonly sent: Sent;
  readonly resolve: (outcome: SendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A change: resolves, never rejects, with what is to be told once the next thing is on its way to the database. */
type ChangeJob = () => Promise<() => void>;

/** One queue with one connection: see `Lanes`. */
export interface Lane {
  send(send: Send, sent: Sent): Promise<SendOutcome>;
  run<T>(work: (transaction: Transaction) => Promise<Change<T>>): Promise<T>;
  close(): Promise<void>;
}

/** What may wait in a lane; beyond it the database is too far behind to promise anything. */
const maxQueued = 20_000;
const maxBatch = 512;
const maxBatchCharacters = 1_000_000;

/** Makes a lane; its connection opens with the first job. */
export const createLane = (db: Database, log: Logger): Lane => {
  const connection = createLaneConnection(db, batchSetup);
  let queue: (SendJob | ChangeJob)[] = [];
  let running: Promise<void> | undefined;

  const enqueue = (job: SendJob | ChangeJob): void => {
    queue.push(job);
    running ??= work();
  };

  const refuseWhenFull = (): void => {
    if (queue.length >= maxQueued) {
      throw new Problem('dependency_unavailable', 'unable to keep up; try again shortly', { retryAfterMs: 1000 });
    }
  };

  /** The next job goes to the database before the last one's outcome is told, so that the database works while sockets are written to. */
  const work = async (): Promise<void> => {
    let tell: (() => void) | undefined;
    while (queue.length > 0) {
      const pending = start();
      tell?.();
      tell = await pending;
      if (queue.length === 0) {
        tell();
        tell = undefined;
      }
    }
    // At once, not in a `finally`: whoever asks next must start the work anew.
    running = undefined;
  };

  const start = (): Promise<() => void> => {
    const [first] = queue;
    if (typeof first === 'function') {
      queue.shift();
      return first();
    }
    return sendBatch(takeBatch());
  };

  /** Takes sends from the front of the queue, up to a change, a full batch or a client id that is in it already. */
  const takeBatch = (): SendJob[] => {
    const batch: SendJob[] = [];
    const clientIds = new Set<string>();
    let characters = 0;
    for (const job of queue) {
      if (typeof job === 'function' || batch.length >= maxBatch || characters >= maxBatchCharacters) break;
      if (clientIds.has(job.send.clientId)) break;
      clientIds.add(job.send.clientId);
      batch.push(job);
      characters += job.send.text.length;
    }
    queue = queue.slice(batch.length);
    return batch;
  };

  const sendBatch = async (batch: readonly SendJob[]): Promise<() => void> => {
    try {
      const outcomes = await commitBatch(
        connection,
        [...new Set(batch.map((job) => job.siteId))],
        batch.map((job) => job.send),
      );
      return () => batch.forEach((job, place) => settle(job, outcomes[place]));
    } catch (error) {
      if (batch.length === 1 || error instanceof Problem) return () => batch.forEach((job) => job.reject(error));
      // One of them is at fault, and nothing was committed: each goes alone, so that the others do not suffer for it.
      log.error({ err: error, size: batch.length }, 'a batch of messages failed');
      const tells: (() => void)[] = [];
      for (const job of batch) tells.push(await sendBatch([job]));
      return () => tells.forEach((tell) => tell());
    }
  };

  const settle = (job: SendJob, outcome: SendOutcome | undefined): void => {
    if (!outcome)
      return job.reject(new Error('unable to tell what became of a message; the batch has no answer for it'));
    if (outcome.outcome === 'sent') guarded(job.siteId, () => job.sent(outcome));
    job.resolve(outcome);
  };

  /** What is committed stays so, and the lane goes on, whatever happens in telling of it. */
  const guarded = (siteId: string, publish: () => void): void => {
    try {
      inSite(siteId, publish);
    } catch (error) {
      log.error({ err: error }, 'unable to publish a change');
    }
  };

  return {
    send: (send, sent) =>
      new Promise((resolve, reject) => {
        refuseWhenFull();
        enqueue({ siteId: requireSite(), send, sent, resolve, reject });
      }),
    run: (work) =>
      new Promise((resolve, reject) => {
        refuseWhenFull();
        const siteId = requireSite();
        enqueue(async () => {
          try {
            // What works the queue off began on behalf of whoever came first.
            const change = await connection.transaction(siteId, (transaction) =>
              inSite(siteId, () => work(transaction)),
            );
            return () => {
              if (change.publish) guarded(siteId, () => change.publish?.());
              resolve(change.value);
            };
          } catch (error) {
            return () => reject(error);
          }
        });
      }),
    async close() {
      while (running) await running;
      await connection.close();
    },
  };
};
