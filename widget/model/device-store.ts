import type { Message } from '../../protocol/messages.ts';
import type { Failure } from '../client/failure.ts';
import type { StagedFile } from './types.ts';

/** A message on its way out. */
export interface OutboxEntry {
  /** UUIDv7, so that entries sort by when they were written. */
  readonly clientId: string;
  readonly conversationId: string;
  readonly text: string;
  readonly replyTo?: string;
  readonly mentions?: readonly string[];
  /** The files that go with it, as they were when it was last kept. Until `fileIds` are there it waits for them. */
  readonly uploads?: readonly StagedFile[];
  /** The ids of all its files, once all have arrived. */
  readonly fileIds?: readonly string[];
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
  /** Where there is one, the bytes of files are kept in it too (see `files/blob-store.ts`); elsewhere messages with files are not kept. */
  readonly database?: IDBDatabase;
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
    if (storage === 'local') return await createLocalStore(scope);
    // Few pages choose it.
    return (await import('./session-store.ts')).createSessionStore(scope);
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

const openTimeoutMs = 4000;

/** Keeps on this device, in a database of its own for each person. Rejects when IndexedDB is missing, refused or does not answer. */
export const createLocalStore = async (scope: string): Promise<DeviceStore> => {
  const name = `teatime:${scope}`;
  const db = await inTime(openDatabase(name));
  const read = <T>(store: StoreName, ask: (store: IDBObjectStore) => IDBRequest<T>) =>
    transact(db, store, 'readonly', ask);
  const write = async (store: StoreName, ask: (store: IDBObjectStore) => IDBRequest): Promise<void> => {
    await transact(db, store, 'readwrite', ask);
  };
  return {
    shared: true,
    database: db,
    entries: () => read<OutboxEntry[]>('outbox', (store) => store.getAll()),
    put: (entry) => write('outbox', (store) => store.put(entry)),
    remove: (clientId) => write('outbox', (store) => store.delete(clientId)),
    has: async (clientId) => (await read('outbox', (store) => store.count(clientId))) > 0,
    draft: (conversationId) => read<StoredDraft | undefined>('drafts', (store) => store.get(conversationId)),
    putDraft: (draft) =>
      write('drafts', (store) => (isEmpty(draft) ? store.delete(draft.conversationId) : store.put(draft))),
    async forget() {
      await Promise.all(storeNames.map((store) => write(store, (all) => all.clear())));
      db.close();
      await settle(indexedDB.deleteDatabase(name));
    },
    close: () => db.close(),
  };
};

const storeNames = ['outbox', 'drafts', 'blobs'] as const;
type StoreName = (typeof storeNames)[number];

const openDatabase = async (name: string): Promise<IDBDatabase> => {
  const request = indexedDB.open(name, 2);
  request.onupgradeneeded = ({ oldVersion }) => {
    const { result } = request;
    if (oldVersion < 1) {
      result.createObjectStore('outbox' satisfies StoreName, { keyPath: 'clientId' });
      result.createObjectStore('drafts' satisfies StoreName, { keyPath: 'conversationId' });
    }
    result.createObjectStore('blobs' satisfies StoreName);
  };
  const db = await settle(request);
  // Another tab forgets this person: let it.
  db.onversionchange = () => db.close();
  return db;
};

/** Resolves when the transaction has ended well, which is later than its request: what was written is kept then. */
const transact = <T>(
  db: IDBDatabase,
  name: StoreName,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const transaction = db.transaction(name, mode);
    const request = ask(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () =>
      reject(transaction.error ?? new Error('unable to keep that; the browser gave no reason'));
  });

const settle = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () =>
      reject(request.error ?? new Error('unable to use the database; the browser gave no reason'));
  });

/** Whether nothing would be lost with it. */
export const isEmpty = ({ text, replyTo }: StoredDraft): boolean => text === '' && !replyTo;

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
