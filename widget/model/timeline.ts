import type { Message } from '../../protocol/messages.ts';

/**
 * The messages of one conversation that are loaded: an unbroken run up to `head`, in `seq` order. Nothing here waits or
 * asks; whoever fetches tells it before (`beginLoad`) and after (`prepend`, `endLoad`).
 */
export interface Timeline {
  /** All changes up to here are in. */
  readonly head: number;
  /** Every message with this `seq` or a later one is in, up to `head`. */
  readonly from: number;
  readonly hasOlder: boolean;
  /** Whether the first page has come. */
  readonly begun: boolean;
  readonly messages: readonly Message[];
  has(clientId: string, senderId: string): boolean;
  find(messageId: string): Message | undefined;
  /** Takes in the current state of messages that changed, and moves `head`. */
  absorb(messages: readonly Message[], head: number): void;
  beginLoad(): void;
  /** Puts a page of the history in front. */
  prepend(messages: readonly Message[], hasMore: boolean): void;
  endLoad(): void;
  /** Forgets all but the newest messages, unless a page is on its way: it would not join what is left. */
  trim(keep: number): void;
}

/** An empty run that begins after `head`, which must have been the conversation's head before its first page was asked for. */
export const createTimeline = (head: number): Timeline => {
  let messages: Message[] = [];
  let from = head + 1;
  let hasOlder = true;
  let begun = false;
  let loads = 0;
  const byId = new Map<string, Message>();
  const own = new Set<string>();
  // Changes of messages before `from` that arrive while a page is on its way: the page may have been read before them.
  const aside = new Map<string, Message>();

  const put = (message: Message): void => {
    const known = byId.get(message.id);
    if (known && known.changedSeq >= message.changedSeq) return;
    byId.set(message.id, message);
    own.add(`${message.senderId}/${message.clientId}`);
    const index = placeOf(messages, message.seq);
    messages.splice(index, known ? 1 : 0, message);
  };

  const dropBefore = (seq: number): void => {
    const cut = placeOf(messages, seq);
    for (const { id, senderId, clientId } of messages.slice(0, cut)) {
      byId.delete(id);
      own.delete(`${senderId}/${clientId}`);
    }
    messages = messages.slice(cut);
  };

  return {
    get head() {
      return head;
    },
    get from() {
      return from;
    },
    get hasOlder() {
      return hasOlder;
    },
    get begun() {
      return begun;
    },
    get messages() {
      return messages;
    },
    has: (clientId, senderId) => own.has(`${senderId}/${clientId}`),
    find: (messageId) => byId.get(messageId),
    absorb(changed, upTo) {
      for (const message of changed) {
        if (message.seq >= from) put(message);
        else if (loads > 0 && (aside.get(message.id)?.changedSeq ?? 0) < message.changedSeq)
          aside.set(message.id, message);
      }
      head = Math.max(head, upTo);
    },
    beginLoad() {
      loads++;
    },
    prepend(page, hasMore) {
      const first = page[0];
      hasOlder = hasMore && first !== undefined;
      from = hasOlder && first ? (begun ? Math.min(from, first.seq) : first.seq) : 0;
      // Where more than a page lies between the head and the newest message, the run begins with the page.
      if (!begun) dropBefore(from);
      begun = true;
      for (const message of page) put(message);
      for (const [id, message] of aside) {
        if (message.seq < from) continue;
        put(message);
        aside.delete(id);
      }
    },
    endLoad() {
      if (--loads === 0) aside.clear();
    },
    trim(keep) {
      if (loads > 0 || messages.length <= keep) return;
      from = messages[messages.length - keep]!.seq;
      dropBefore(from);
      hasOlder = true;
    },
  };
};

/** The index of the first message with this `seq` or a later one. Nearly always the end, so the search starts there. */
const placeOf = (messages: readonly Message[], seq: number): number => {
  let low = 0;
  let high = messages.length;
  if (high === 0 || messages[high - 1]!.seq < seq) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messages[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
};
