import type { Deps, Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import { moveReceipts, type Marks } from './store.ts';
import { tellReceipt } from './tell-receipt.ts';

/** Says how far somebody has received and read a conversation; resolves with how far it is now, once that is committed. */
export type UpdateReceipt = (
  session: Session,
  marks: { conversationId: string; deliveredSeq?: number | undefined; readSeq?: number | undefined },
) => Promise<Receipt>;

interface Receipt {
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

interface Waiting {
  readonly marks: Marks;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

const maxBatch = 500;
const maxWaiting = 20_000;

/**
 * Makes the use case behind both doors. Receipts come in swarms (everybody in a room reads the same message), so that they are written
 * in batches: what comes in while one is being written makes up the next.
 */
export const createUpdateReceipt = ({ db, hub }: Deps): UpdateReceipt => {
  let waiting: Waiting[] = [];
  let writing = false;

  const write = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(batch.length);
      await writeBatch(batch);
    }
    writing = false;
  };

  const writeBatch = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const rows = await moveReceipts(db, merged(batch));
      const receipts = new Map<string, Receipt>();
      for (const row of rows) {
        const { conversation_id: conversationId, user_id: userId, shows } = row;
        const receipt = { deliveredSeq: row.delivered, readSeq: row.read };
        receipts.set(`${conversationId}/${userId}`, receipt);
        if (row.silent || !(row.delivered_moved || row.read_moved)) continue;
        tellReceipt(hub, conversationId, { userId, ...receipt }, { shows, delivered: row.delivered_moved });
      }
      for (const { marks, resolve, reject } of batch) {
        const receipt = receipts.get(keyOf(marks));
        if (receipt) resolve(receipt);
        else reject(notFound('conversation'));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  return ({ siteId, userId }, { conversationId, deliveredSeq = 0, readSeq = 0 }) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) {
        throw new Problem('dependency_unavailable', 'unable to keep up; try again shortly', { retryAfterMs: 1000 });
      }
      waiting.push({ marks: { siteId, conversationId, userId, deliveredSeq, readSeq }, resolve, reject });
      if (!writing) void write();
    });
};

const keyOf = ({ conversationId, userId }: Marks): string => `${conversationId}/${userId}`;

/** One entry for each member: the farthest of what they say. */
const merged = (batch: readonly Waiting[]): Marks[] => {
  const farthest = new Map<string, Marks>();
  for (const { marks } of batch) {
    const before = farthest.get(keyOf(marks)) ?? marks;
    farthest.set(keyOf(marks), {
      ...marks,
      deliveredSeq: Math.max(before.deliveredSeq, marks.deliveredSeq),
      readSeq: Math.max(before.readSeq, marks.readSeq),
    });
  }
  return [...farthest.values()];
};
