import type { DeviceStore, OutboxEntry } from '../device-store.ts';

/** The bytes of unsent files, kept beside the messages that they go with. Where the device keeps none, nothing happens. */
export interface BlobStore {
  /** Keeps an entry and its files at once: neither is ever there without the other. */
  put(entry: OutboxEntry, blobs: ReadonlyMap<string, Blob>): Promise<void>;
  get(key: string): Promise<Blob | undefined>;
  remove(keys: readonly string[]): Promise<void>;
  /** Drops files of messages that are gone. */
  sweep(): Promise<void>;
}

/** Makes the store over the database that the outbox is kept in. */
export const createBlobStore = (opening: Promise<DeviceStore>): BlobStore => ({
  async put(entry, blobs) {
    const store = await opening;
    if (!store.database) return store.put(entry);
    const { done, outbox, files } = begin(store.database, 'readwrite');
    try {
      outbox.put(entry);
      for (const [key, blob] of blobs) files.put(blob, key);
    } catch {
      // Some browsers take no files in private windows, and say so here.
      files.transaction.abort();
    }
    return done;
  },
  async get(key) {
    const { database } = await opening;
    if (!database) return undefined;
    const { done, files } = begin(database, 'readonly');
    const asked: IDBRequest<Blob | undefined> = files.get(key);
    await done;
    return asked.result;
  },
  async remove(keys) {
    const { database } = await opening;
    if (!database || keys.length === 0) return;
    const { done, files } = begin(database, 'readwrite');
    for (const key of keys) files.delete(key);
    await done;
  },
  async sweep() {
    const { database } = await opening;
    if (!database) return;
    const { done, outbox, files } = begin(database, 'readwrite');
    const entries: IDBRequest<OutboxEntry[]> = outbox.getAll();
    const keys = files.getAllKeys();
    keys.onsuccess = () => {
      const used = new Set(entries.result.flatMap(({ uploads = [] }) => uploads.map(({ key }) => key)));
      for (const key of keys.result) if (!used.has(key as string)) files.delete(key);
    };
    await done;
  },
});

/** A transaction over both, so that what touches either waits for what came before. */
const begin = (database: IDBDatabase, mode: IDBTransactionMode) => {
  const transaction = database.transaction(['outbox', 'blobs'], mode);
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () =>
      reject(transaction.error ?? new Error('unable to keep the files; the browser gave no reason'));
  });
  return { done, outbox: transaction.objectStore('outbox'), files: transaction.objectStore('blobs') };
};
