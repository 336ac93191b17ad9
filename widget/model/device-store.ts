import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Message } from '../../protocol/messages.ts';
import type { Failure } from '../client/failure.ts';

/** A message on its way out. */
export interface OutboxEntry {
  /** UUIDv7, so that entries sort by when they were written. */
  readonly clientId: string;
  readonly conversationId: string;
  readonly text: string;
  readonly replyTo?: string;
  readonly mentions?: readonly string[];
  /** ISO 8601. */
  readonly createdAt: string;
  /** Why it was given up; it waits for its writer to decide. */
  readonly failure?: Failure;
}

/** A draft as it is kept. */
export interface StoredDraft {
  readonly conversationId: string;
  readonly text: string;
  readonly replyTo?: Message;
}

/** Where unsent messages and drafts of one person are kept. Rejections mean that the device refused. */
export interface DeviceStore {
  /** Whether other tabs see the same entries. */
  readonly shared: boolean;
  entries(): Promise<readonly OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  remove(clientId: string): Promise<void>;
  has(clientId: string): Promise<boolean>;
  draft(conversationId: string): Promise<StoredDraft | undefined>;
  putDraft(draft: StoredDraft): Promise<void>;
  /** Drops everything, and the place itself. */
  forget(): Promise<void>;
  close(): void;
}

/** Opens the store that the page's owner chose; where the device refuses, one in memory, after `refused` was called. */
export const openDeviceStore = async (
  storage: 'none' | 'session' | 'local',
  scope: string,
  refused: () => void,
): Promise<DeviceStore> => {
  if (storage === 'none') return createMemoryStore();
  try {
    return storage === 'session' ? createSessionStore(scope) : await createLocalStore(scope);
  } catch {
    refused();
    return createMemoryStore();
  }
};

/** Keeps nothing: what is in memory elsewhere is all there is. */
export const createMemoryStore = (): DeviceStore => ({
  shared: false,
  entries: async () => [],
  put: async () => {},
  remove: async () => {},
  has: async () => true,
  draft: async () => undefined,
  putDraft: async () => {},
  forget: async () => {},
  close: () => {},
});

/** Keeps for as long as the tab lives, reloads included. Throws when the page may not use session storage. */
export const createSessionStore = (scope: string, storage: Storage = sessionStorage): DeviceStore => {
  const prefix = `teatime:${scope}:`;
  const read = <T>(key: string): T | undefined => {
    const text = storage.getItem(prefix + key);
    return text === null ? undefined : (JSON.parse(text) as T);
  };
  const write = (key: string, value: unknown) => storage.setItem(prefix + key, JSON.stringify(value));
  const keys = () => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  return {
    shared: false,
    entries: async () =>
      keys()
        .filter((key) => key.startsWith(`${prefix}outbox:`))
        .flatMap((key) => read<OutboxEntry>(key.slice(prefix.length)) ?? []),
    put: async (entry) => write(`outbox:${entry.clientId}`, entry),
    remove: async (clientId) => storage.removeItem(`${prefix}outbox:${clientId}`),
    has: async () => true,
    draft: async (conversationId) => read<StoredDraft>(`draft:${conversationId}`),
    putDraft: async (draft) =>
      isEmpty(draft)
        ? storage.removeItem(`${prefix}draft:${draft.conversationId}`)
        : write(`draft:${draft.conversationId}`, draft),
    async forget() {
      for (const key of keys()) if (key.startsWith(prefix)) storage.removeItem(key);
    },
    close: () => {},
  };
};

interface Schema extends DBSchema {
  outbox: { key: string; value: OutboxEntry };
  drafts: { key: string; value: StoredDraft };
}

const openTimeoutMs = 4000;

/** Keeps on this device, in a database of its own for each person. Rejects when IndexedDB is missing, refused or does not answer. */
export const createLocalStore = async (scope: string): Promise<DeviceStore> => {
  const name = `teatime:${scope}`;
  const opening = openDB<Schema>(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('outbox', { keyPath: 'clientId' });
      fresh.createObjectStore('drafts', { keyPath: 'conversationId' });
    },
    // Another tab forgets this person: let it.
    blocking: (_, __, event) => (event.target as IDBDatabase).close(),
  });
  const db: IDBPDatabase<Schema> = await inTime(opening);
  return {
    shared: true,
    entries: () => db.getAll('outbox'),
    async put(entry) {
      await db.put('outbox', entry);
    },
    remove: (clientId) => db.delete('outbox', clientId),
    has: async (clientId) => (await db.count('outbox', clientId)) > 0,
    draft: (conversationId) => db.get('drafts', conversationId),
    async putDraft(draft) {
      if (isEmpty(draft)) await db.delete('drafts', draft.conversationId);
      else await db.put('drafts', draft);
    },
    async forget() {
      await Promise.all([db.clear('outbox'), db.clear('drafts')]);
      db.close();
      await deleteDB(name);
    },
    close: () => db.close(),
  };
};

const isEmpty = ({ text, replyTo }: StoredDraft): boolean => text === '' && !replyTo;

// Some browsers never answer an open after a crash, which must not keep the chat from starting.
const inTime = async <T>(opening: Promise<T>): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('unable to open the database; no answer')), openTimeoutMs);
  });
  try {
    return await Promise.race([opening, late]);
  } finally {
    clearTimeout(timer);
  }
};
