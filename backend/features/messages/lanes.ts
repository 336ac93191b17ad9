import type { Logger } from 'pino';
import type { Database } from '../../database/connect.ts';
import { Problem } from '../../problem.ts';
import type { Send, SendOutcome } from './batch.ts';
import { createLane } from './lane.ts';
import type { Transaction } from './lane-connection.ts';

/** What a change gives back once it is committed. `publish` runs then, before anything later of the same conversation is published. */
export interface Change<T> {
  readonly value: T;
  publish?(): void;
}

/**
 * The way by which a process changes conversations: whatever concerns one conversation goes through the same lane, one thing after the
 * other, so that it is committed and published in the order of `seq`. Sends travel in batches: what comes in while one is being committed
 * makes up the next.
 */
export interface Lanes {
  /** Sends a message. `sent` runs after the commit, in the order of `seq`, before the promise resolves. */
  send(send: Send, sent: (outcome: SendOutcome & { outcome: 'sent' }) => void): Promise<SendOutcome>;
  /** Runs a transaction that changes a conversation. */
  run<T>(conversationId: string, work: (transaction: Transaction) => Promise<Change<T>>): Promise<T>;
  /** Lets what is queued end, then closes the connections. */
  close(): Promise<void>;
}

/** Two lanes keep two cores of a database busy; more only make the batches smaller. */
const laneCount = 2;

/** Makes the lanes of a process; each has a connection of its own. */
export const createLanes = ({ db, log }: { db: Database; log: Logger }): Lanes => {
  const lanes = Array.from({ length: laneCount }, () => createLane(db, log));
  let closed = false;

  const laneOf = (conversationId: string) =>
    closed ? undefined : lanes[Number.parseInt(conversationId.slice(-8), 16) % laneCount];

  return {
    send(send, sent) {
      return laneOf(send.conversationId)?.send(send, sent) ?? closing();
    },
    run(conversationId, work) {
      return laneOf(conversationId)?.run(work) ?? closing();
    },
    async close() {
      closed = true;
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
};

const closing = (): Promise<never> =>
  Promise.reject(new Problem('draining', 'unable to change anything; the server is going down'));
