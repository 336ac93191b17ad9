import { failureOf, isPassing } from '../client/failure.ts';
import { reconnectDelay } from '../client/reconnect-policy.ts';

/** How far one has come in a conversation. */
export interface Marks {
  readonly deliveredSeq?: number;
  readonly readSeq?: number;
}

/** Tells the server how far one has received and read: the farthest only, one conversation after the other, also after a pause. */
export interface Receipts {
  mark(conversationId: string, marks: Marks): void;
  /** The line is back. */
  resume(): void;
  /** All begins anew, with counters that may be lower. */
  reset(): void;
  close(): void;
}

const gatherMs = 150;

/** `send` resolves when the server has it. */
export const createReceipts = (options: {
  send(conversationId: string, marks: Marks): Promise<unknown>;
  connected(): boolean;
}): Receipts => {
  const waiting = new Map<string, Marks>();
  // What was said already, to say nothing twice.
  const said = new Map<string, Marks>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = false;
  let closed = false;
  let tries = 0;

  const later = (delay: number) => {
    if (!closed && !sending) timer ??= setTimeout(() => void flush(), delay);
  };

  const flush = async () => {
    timer = undefined;
    if (sending) return;
    sending = true;
    let pause = gatherMs;
    while (waiting.size > 0 && options.connected() && !closed) {
      const [conversationId, marks] = waiting.entries().next().value!;
      try {
        await options.send(conversationId, marks);
        tries = 0;
      } catch (error) {
        const failure = failureOf(error);
        if (isPassing(failure)) {
          pause = failure.retryAfterMs ?? reconnectDelay(tries++);
          break;
        }
        // Not a member any more, or the like: nobody wants to know.
      }
      if (waiting.get(conversationId) !== marks) continue;
      said.set(conversationId, marks);
      waiting.delete(conversationId);
    }
    sending = false;
    if (waiting.size > 0 && options.connected()) later(pause);
  };

  return {
    mark(conversationId, { deliveredSeq = 0, readSeq = 0 }) {
      const before = waiting.get(conversationId) ?? said.get(conversationId);
      const read = Math.max(readSeq, before?.readSeq ?? 0);
      const delivered = Math.max(deliveredSeq, before?.deliveredSeq ?? 0, read);
      if (delivered === before?.deliveredSeq && read === (before.readSeq ?? 0)) return;
      waiting.set(conversationId, { deliveredSeq: delivered, ...(read > 0 && { readSeq: read }) });
      later(gatherMs);
    },
    resume: () => later(0),
    reset() {
      waiting.clear();
      said.clear();
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
};
