import type { Conversation } from '../../protocol/conversations.ts';
import { applyChanges, changesOf, mergeFresh, type Changes, type DurableEvent } from './record.ts';
import type { Timeline } from './timeline.ts';

/**
 * This device's copy of one conversation: its record (what lists and headers show) and, once loaded, its timeline. Each has a
 * head of its own, and takes a change only when it has all before it; what comes early waits here.
 */
export interface Replica {
  record: Conversation | undefined;
  timeline: Timeline | undefined;
  /** The head up to which both have everything. */
  readonly settled: number;
  /** Whether something arrived that cannot be taken in before what is missing. */
  readonly gap: boolean;
  receive(event: DurableEvent): void;
  /** Takes in what changed after a head that was `settled` when it was asked for. */
  absorb(changes: Changes): void;
  /** Takes in a fresh record. */
  renew(fresh: Conversation): void;
  /** Forgets everything, to be loaded anew. */
  reset(): void;
}

// Beyond this the missing part is fetched anyway, and what waits comes with it.
const maxWaiting = 1000;

/** An empty copy. */
export const createReplica = (meId: string): Replica => {
  const waiting = new Map<number, DurableEvent>();

  const take = (event: DurableEvent): void => {
    const { record, timeline } = replica;
    if (record?.head === event.seq - 1) replica.record = applyChanges(record, changesOf(event), meId);
    if (timeline?.head === event.seq - 1) timeline.absorb(changesOf(event).messages, event.seq);
  };

  const drain = (): void => {
    for (let next = waiting.get(replica.settled + 1); next; next = waiting.get(replica.settled + 1)) take(next);
    for (const seq of waiting.keys()) if (seq <= replica.settled) waiting.delete(seq);
  };

  const replica: Replica = {
    record: undefined,
    timeline: undefined,
    get settled() {
      return replica.record ? Math.min(replica.record.head, replica.timeline?.head ?? Infinity) : -1;
    },
    get gap() {
      return waiting.size > 0;
    },
    receive(event) {
      if (event.seq <= replica.settled) return;
      take(event);
      if (event.seq > replica.settled && waiting.size < maxWaiting) waiting.set(event.seq, event);
      drain();
    },
    absorb(changes) {
      if (replica.record) replica.record = applyChanges(replica.record, changes, meId);
      replica.timeline?.absorb(changes.messages, changes.head);
      drain();
    },
    renew(fresh) {
      replica.record = mergeFresh(replica.record, fresh, meId);
      drain();
    },
    reset() {
      replica.record = replica.timeline = undefined;
      waiting.clear();
    },
  };
  return replica;
};
