import type { Message } from '../../protocol/messages.ts';
import { ChatError, failureOf, isPassing, isRefusal, type Failure } from '../client/failure.ts';
import { reconnectDelay } from '../client/reconnect-policy.ts';
import { joinTabs } from '../client/tabs.ts';
import { createNaps } from './naps.ts';
import { createMemoryStore, type DeviceStore, type OutboxEntry } from './device-store.ts';

/** A message of one's own that the timeline may not know yet. `sent` ones are committed and about to show up there. */
export interface Unsent {
  readonly entry: OutboxEntry;
  readonly state: 'sending' | 'failed' | 'sent';
  readonly message?: Message;
}

/** Messages on their way out: kept on the device, sent in order within a conversation, each until the server has answered for it. */
export interface Outbox {
  of(conversationId: string): readonly Unsent[];
  all(): Iterable<Unsent>;
  /** Takes in an entry, or what has become of one. Resolves when it is kept: by `put`, where more than the entry is to be kept at once. */
  add(entry: OutboxEntry, put?: (entry: OutboxEntry) => Promise<void>): Promise<void>;
  retry(clientId: string): void;
  /** Drops an entry that failed, or that still waits for its files. */
  discard(clientId: string, options?: { /** Other tabs are not told. */ readonly quietly: boolean }): void;
  /** The line is there: sends what waits. */
  resume(): void;
  /** The message was seen in the conversation, whatever became of the answer. */
  confirm(message: Message): void;
  /** Lets go of sent messages that the timeline shows by itself. */
  settle(conversationId: string, shown: (clientId: string, message: Message | undefined) => boolean): void;
  forget(): Promise<void>;
  close(): void;
}

/** What the outbox is made of. */
export interface OutboxOptions {
  /** Where entries are kept, as soon as it is open; must not reject. */
  readonly opening: Promise<DeviceStore>;
  /** Names the person for other tabs. */
  readonly scope: string;
  newClientId(): string;
  connected(): boolean;
  /** Hands the entry to the server, over the socket or, when that frame is not to be trusted, by REST. */
  send(entry: OutboxEntry, door: 'socket' | 'rest'): Promise<Message>;
  sent(message: Message): void;
  /** The server refused a message with files; answers whether that was because it has lost some, which are then brought anew. */
  filesLost?(entry: OutboxEntry): Promise<boolean>;
  changed(conversationId: string): void;
  /** The device refused to keep an entry. */
  storeFailed(): void;
}

type Note =
  | { readonly type: 'put'; readonly entry: OutboxEntry }
  | { readonly type: 'sent'; readonly clientId: string; readonly message: Message }
  | { readonly type: 'gone'; readonly clientId: string };

// After this many connections that broke with it in flight, a message is given up instead of breaking another one.
const maxSuspicion = 5;
// How long a message that another tab has sent is shown before the news of it must have come.
const lingerMs = 10_000;

/** Makes the outbox and takes up what the device has kept. */
export const createOutbox = (options: OutboxOptions): Outbox => {
  let store = createMemoryStore();
  const entries = new Map<string, Unsent>();
  // What `of` answers, until something changes.
  const lists = new Map<string, readonly Unsent[]>();
  const lanes = new Set<string>();
  const suspicion = new Map<string, number>();
  // Entries that the device did not take: other tabs cannot know of them.
  const unkept = new Set<string>();
  const keeping = new Map<string, Promise<void>>();
  let closed = false;
  let pausedUntil = 0;
  let resumes = 0;
  const naps = createNaps();

  const hear = (note: Note) => {
    if (closed) return;
    if (note.type === 'put') {
      if (entries.get(note.entry.clientId)?.state === 'sent') return;
      set(note.entry, note.entry.failure ? 'failed' : 'sending');
      // Should that tab end, its lock goes to this one, which then sends. Without locks both would send at once.
      if (hasLocks()) run(note.entry.conversationId);
    } else if (note.type === 'sent') {
      succeed(note.clientId, note.message);
    } else {
      drop(note.clientId);
    }
  };
  const tabs = joinTabs<Note>(`outbox:${options.scope}`, hear);
  const tell = (note: Note) => {
    if (store.shared) tabs.post(note);
  };

  const of = (conversationId: string): readonly Unsent[] => {
    let listed = lists.get(conversationId);
    if (!listed) {
      listed = [...entries.values()]
        .filter(({ entry }) => entry.conversationId === conversationId)
        .sort((a, b) => (a.entry.clientId < b.entry.clientId ? -1 : 1));
      lists.set(conversationId, listed);
    }
    return listed;
  };

  const set = (entry: OutboxEntry, state: Unsent['state'], message?: Message) => {
    entries.set(entry.clientId, { entry, state, ...(message && { message }) });
    lists.delete(entry.conversationId);
    options.changed(entry.conversationId);
  };

  const letGo = ({ clientId, conversationId }: OutboxEntry) => {
    entries.delete(clientId);
    lists.delete(conversationId);
    suspicion.delete(clientId);
    unkept.delete(clientId);
  };

  const drop = (clientId: string) => {
    const known = entries.get(clientId);
    if (!known) return;
    letGo(known.entry);
    options.changed(known.entry.conversationId);
  };

  const keep = async (entry: OutboxEntry, put = (one: OutboxEntry) => store.put(one)) => {
    const putting = ready
      .then(() => put(entry))
      .then(
        () => void unkept.delete(entry.clientId),
        () => {
          unkept.add(entry.clientId);
          options.storeFailed();
        },
      );
    keeping.set(entry.clientId, putting);
    await putting;
    keeping.delete(entry.clientId);
  };

  const unkeep = (clientId: string) => void store.remove(clientId).catch(() => {});

  const succeed = (clientId: string, message: Message) => {
    const known = entries.get(clientId);
    if (known && known.state !== 'sent') set(known.entry, 'sent', message);
    options.sent(message);
  };

  const fail = async (entry: OutboxEntry, failure: Failure) => {
    const failed = { ...entry, failure };
    set(failed, 'failed');
    await keep(failed);
    tell({ type: 'put', entry: failed });
  };

  /** Whether the entry still waits: another tab may have dealt with it. */
  const waits = async ({ clientId }: OutboxEntry): Promise<boolean> => {
    if (entries.get(clientId)?.state !== 'sending') return false;
    if (unkept.has(clientId) || (await store.has(clientId).catch(() => true))) return true;
    const known = entries.get(clientId);
    if (known?.state === 'sending') {
      set(known.entry, 'sent');
      setTimeout(() => drop(clientId), lingerMs);
    }
    return false;
  };

  /** Tries one entry. Answers how long to wait before the lane goes on, or that it must stop until the line is back. */
  const attempt = async (entry: OutboxEntry): Promise<number | 'stop'> => {
    const { clientId } = entry;
    const doubts = suspicion.get(clientId) ?? 0;
    const door = doubts > 0 ? 'rest' : 'socket';
    try {
      const message = await options.send(entry, door);
      unkeep(clientId);
      succeed(clientId, message);
      tell({ type: 'sent', clientId, message });
      return 0;
    } catch (error) {
      if (entries.get(clientId)?.state !== 'sending') return 0;
      const failure = failureOf(error);
      const broke = error instanceof ChatError && error.closeCode !== undefined && !isPlanned(error.closeCode);
      const silent = failure.code === 'network' || failure.code === 'timeout';
      if (broke || (door === 'rest' && silent && options.connected())) {
        suspicion.set(clientId, doubts + 1);
        if (doubts + 1 >= maxSuspicion) {
          await fail(entry, failure);
          return 0;
        }
      }
      if (isRefusal(failure)) return 'stop';
      if (!isPassing(failure)) {
        if (entry.fileIds && (await options.filesLost?.(entry).catch(() => false))) return 0;
        await fail(entry, failure);
        return 0;
      }
      if (!options.connected()) return 'stop';
      const wait = failure.retryAfterMs ?? reconnectDelay(doubts + 1);
      // The pace is the person's, not the conversation's.
      if (failure.code === 'rate_limited') pausedUntil = Math.max(pausedUntil, Date.now() + wait);
      return wait;
    }
  };

  const work = async (conversationId: string): Promise<'idle' | 'stop'> => {
    await ready;
    while (!closed && options.connected()) {
      const pause = pausedUntil - Date.now();
      if (pause > 0) await naps.nap(conversationId, pause);
      const head = of(conversationId).find(goes);
      if (!head || closed) return 'idle';
      await keeping.get(head.entry.clientId);
      const wait = await tabs.lock(`send:${conversationId}`, async () =>
        !closed && (await waits(head.entry)) ? attempt(head.entry) : 0,
      );
      if (wait === 'stop') return wait;
      if (wait > 0) await naps.nap(conversationId, wait);
    }
    return 'stop';
  };

  const run = (conversationId: string) => {
    if (lanes.has(conversationId) || closed) return;
    lanes.add(conversationId);
    const begun = resumes;
    void work(conversationId).then((end) => {
      lanes.delete(conversationId);
      // Something was added, or the line came back, between the lane's last look and its end.
      const again = end === 'idle' || (begun !== resumes && options.connected());
      if (again && of(conversationId).some(goes)) run(conversationId);
    });
  };

  const takeUp = async () => {
    store = await options.opening;
    const kept = await store.entries().catch(() => {
      options.storeFailed();
      return [];
    });
    for (const entry of kept) if (!entries.has(entry.clientId)) set(entry, entry.failure ? 'failed' : 'sending');
    for (const { conversationId } of kept) run(conversationId);
  };
  const ready = takeUp();

  const find = (clientId: string, state: Unsent['state']) => {
    const known = entries.get(clientId);
    return known?.state === state ? known.entry : undefined;
  };

  const outbox: Outbox = {
    of,
    all: () => entries.values(),
    async add(entry, put) {
      set(entry, entry.failure ? 'failed' : 'sending');
      await keep(entry, put);
      tell({ type: 'put', entry });
      run(entry.conversationId);
    },
    retry(clientId) {
      const failed = find(clientId, 'failed');
      if (!failed) return;
      const { failure, ...entry } = failed;
      suspicion.delete(clientId);
      if (failure?.code !== 'idempotency_key_reused') return void outbox.add(entry);
      // Under this name the server knows another message.
      outbox.discard(clientId);
      void outbox.add({ ...entry, clientId: options.newClientId() });
    },
    discard(clientId, { quietly } = { quietly: false }) {
      const known = entries.get(clientId);
      if (!known || known.state === 'sent' || goes(known)) return;
      unkeep(clientId);
      drop(clientId);
      if (!quietly) tell({ type: 'gone', clientId });
    },
    resume() {
      resumes++;
      for (const { entry } of entries.values()) run(entry.conversationId);
    },
    confirm(message) {
      const known = entries.get(message.clientId);
      if (!known || known.state === 'sent') return;
      unkeep(message.clientId);
      set(known.entry, 'sent', message);
    },
    settle(conversationId, shown) {
      for (const { entry, state, message } of of(conversationId)) {
        if (state === 'sent' && shown(entry.clientId, message)) letGo(entry);
      }
    },
    async forget() {
      entries.clear();
      lists.clear();
      await ready;
      await store.forget();
    },
    close() {
      closed = true;
      naps.wakeAll();
      tabs.close();
    },
  };
  return outbox;
};

/** Whether an entry may go out: those with files wait for them, and hold up nothing. */
const goes = ({ state, entry }: Unsent): boolean => state === 'sending' && (!entry.uploads || !!entry.fileIds);

const hasLocks = (): boolean => typeof navigator !== 'undefined' && navigator.locks !== undefined;

// 4000 to 4999 are the server's own words; 1000 and 1001 are orderly. Anything else may be the frame's fault.
const isPlanned = (closeCode: number): boolean => closeCode >= 4000 || closeCode === 1000 || closeCode === 1001;
