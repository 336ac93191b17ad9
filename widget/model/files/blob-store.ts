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

/** How a file is kept where the browser keeps none as it is. */
interface Copy {
  readonly bytes: ArrayBuffer;
  readonly type: string;
}

// A copy passes through memory as a whole: of a film there may be no room for one.
const copyBytes = 64 * 1024 * 1024;

const probeMs = 4000;

/** Makes the store over the database that the outbox is kept in. */
export const createBlobStore = (opening: Promise<DeviceStore>): BlobStore => ({
  async put(entry, blobs) {
    const store = await opening;
    if (!store.database) return store.put(entry);
    const kept: [string, Blob | Copy][] = [];
    const asTheyAre = await keepsBlobs();
    for (const [key, blob] of blobs) kept.push([key, asTheyAre ? blob : await copyOf(blob)]);
    const { done, outbox, files } = begin(store.database, 'readwrite');
    try {
      outbox.put(entry);
      for (const [key, blob] of kept) files.put(blob, key);
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
    const asked: IDBRequest<Blob | Copy | undefined> = files.get(key);
    await done;
    const kept = asked.result;
    return kept && !(kept instanceof Blob) ? new Blob([kept.bytes], { type: kept.type }) : kept;
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

let probe: Promise<boolean> | undefined;

/**
 * Whether the browser keeps files as they are. WebKit's private windows do not (2.50), and there a transaction that tried never ends, with all that
 * wait for it: so it is tried in a database of its own.
 */
const keepsBlobs = (): Promise<boolean> =>
  (probe ??= new Promise<boolean>((resolve) => {
    const opening = indexedDB.open('teatime-probe');
    opening.onupgradeneeded = () => {
      const files = opening.result.createObjectStore('blobs');
      try {
        const asked = files.put(new Blob(['tea']), 1);
        asked.onsuccess = () => resolve(true);
        asked.onerror = () => resolve(false);
      } catch {
        resolve(false);
      }
    };
    opening.onsuccess = () => {
      opening.result.close();
      indexedDB.deleteDatabase('teatime-probe');
    };
    opening.onerror = () => resolve(false);
    setTimeout(resolve, probeMs, false);
  }));

const copyOf = async (blob: Blob): Promise<Copy> => {
  if (blob.size > copyBytes) throw new Error('unable to keep the file; the browser keeps none of its size');
  return { bytes: await blob.arrayBuffer(), type: blob.type };
};
