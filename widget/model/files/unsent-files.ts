import { failureOf } from '../../client/failure.ts';
import type { SessionClient } from '../../client/session.ts';
import { newClientId } from '../client-id.ts';
import type { OutboxEntry } from '../device-store.ts';
import type { Outbox, Unsent } from '../outbox.ts';
import type { StagedFile } from '../types.ts';
import type { BlobStore } from './blob-store.ts';
import type { Upload, Uploads } from './uploads.ts';

/** The files of messages in the outbox: brought to the server until all of a message have arrived, which then may go. */
export interface UnsentFiles {
  /** Puts a message with files into the outbox; resolves when both are kept. */
  add(entry: OutboxEntry): Promise<void>;
  /** The files of a message as they are now; the same list until something changes. */
  shown(entry: OutboxEntry): readonly StagedFile[] | undefined;
  /** Takes note of how far an upload is, if it is of a message. */
  changed(upload: Upload): void;
  /** The message that a file goes with, unless it is sent. */
  with(key: string): Unsent | undefined;
  /** Takes a file out of its message, which goes too when nothing is left of it. */
  cancel(key: string): void;
  retry(key: string): void;
  /** Brings those files of a message anew that the server has lost; answers whether there are any. */
  lost(entry: OutboxEntry): Promise<boolean>;
  /** Does what the outbox asks for now. */
  refresh(): void;
  /** Lets go of an upload and of what the device keeps of it. */
  end(key: string, how: 'sent' | 'unwanted', fileId?: string): void;
}

/** Keeps uploads and outbox in step; files of trays are left alone. */
export const createUnsentFiles = (options: {
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly blobs: BlobStore;
  readonly inTray: ReadonlySet<string>;
  readonly request: SessionClient['request'];
  /** A message looks different. */
  changed(conversationId: string): void;
}): UnsentFiles => {
  const { outbox, uploads, blobs, request } = options;
  // What `shown` answered last for each message.
  const lists = new Map<string, readonly StagedFile[]>();
  const renewed = new Set<string>();

  const unsentWith = (key: string): Unsent | undefined =>
    [...outbox.all()].find(({ entry, state }) => state !== 'sent' && entry.uploads?.some((file) => file.key === key));

  const shown = (entry: OutboxEntry): readonly StagedFile[] | undefined => {
    const before = lists.get(entry.clientId);
    const now = entry.uploads?.map(
      (file) => uploads.get(file.key)?.file ?? before?.find(({ key }) => key === file.key) ?? file,
    );
    if (!now) return undefined;
    if (before?.length === now.length && now.every((file, index) => file === before[index])) return before;
    lists.set(entry.clientId, now);
    return now;
  };

  /** The entry with its files as they are now, fit to be kept. */
  const asNow = (entry: OutboxEntry): OutboxEntry => ({
    ...entry,
    ...(entry.uploads && {
      uploads: entry.uploads.map((file) => {
        const { preview: _, ...kept } = uploads.get(file.key)?.file ?? file;
        return kept;
      }),
    }),
  });

  const putWithBlobs = async (entry: OutboxEntry) => {
    const files = new Map<string, Blob>();
    for (const { key } of entry.uploads ?? []) {
      const blob = await uploads.get(key)?.blob;
      if (blob) files.set(key, blob);
    }
    await blobs.put(entry, files);
  };

  const takeUp = (entry: OutboxEntry, file: StagedFile, fileId: string | undefined) => {
    if (uploads.get(file.key)) return;
    const { failure, ...rest } = file;
    const hasFailed = fileId === undefined && failure !== undefined && entry.failure !== undefined;
    const status = fileId === undefined ? 'waiting' : 'ready';
    const waiting: StagedFile = { ...rest, status, progress: fileId === undefined ? 0 : 1 };
    const now: StagedFile = hasFailed ? { ...waiting, status: 'failed', failure } : waiting;
    uploads.add(entry.conversationId, now, blobs.get(file.key), fileId);
  };

  /** Brings the files of a message that waits for them; when all have arrived, it may go. */
  const bring = (entry: OutboxEntry, files: readonly StagedFile[]) => {
    const fileIds = files.flatMap(({ key }) => {
      const { file, fileId } = uploads.get(key) ?? {};
      return file?.status === 'ready' && fileId !== undefined ? fileId : [];
    });
    if (fileIds.length === files.length) void outbox.add({ ...asNow(entry), fileIds });
    else for (const { key } of files) uploads.start(key);
  };

  const end = (key: string, how: 'sent' | 'unwanted', fileId?: string) => {
    if (!uploads.get(key)) return;
    uploads.drop(key, how, fileId);
    blobs.remove([key]).catch(() => {});
  };

  const refresh = () => {
    const used = new Set(options.inTray);
    const unsent = [...outbox.all()].filter(({ entry }) => entry.uploads);
    for (const { entry, state } of unsent) {
      const files = entry.uploads ?? [];
      if (state === 'sent') {
        shown(entry);
        files.forEach(({ key }, index) => end(key, 'sent', entry.fileIds?.[index]));
        continue;
      }
      files.forEach((file, index) => takeUp(entry, file, entry.fileIds?.[index]));
      for (const { key } of files) used.add(key);
      if (state === 'sending' && !entry.fileIds) bring(entry, files);
    }
    for (const { file } of uploads.all()) if (!used.has(file.key)) end(file.key, 'unwanted');
    const there = new Set(unsent.map(({ entry }) => entry.clientId));
    for (const clientId of lists.keys()) if (!there.has(clientId)) lists.delete(clientId);
  };

  const isGone = async (fileId: string): Promise<boolean> => {
    try {
      await request('GET /files/:fileId', { params: { fileId } });
      return false;
    } catch (error) {
      return failureOf(error).code === 'not_found';
    }
  };

  const add = (entry: OutboxEntry): Promise<void> => {
    const kept = outbox.add(asNow(entry), putWithBlobs);
    refresh();
    return kept;
  };

  return {
    add,
    shown,
    changed({ conversationId, file }) {
      const unsent = unsentWith(file.key);
      if (!unsent) return;
      const { failure } = file;
      if (failure && unsent.state === 'sending') void outbox.add({ ...asNow(unsent.entry), failure });
      else options.changed(conversationId);
    },
    with: unsentWith,
    cancel(key) {
      const unsent = unsentWith(key);
      // With all its files there it may have gone out already.
      if (!unsent || (unsent.state === 'sending' && unsent.entry.fileIds)) return;
      const { uploads: files = [], fileIds: _, failure, ...entry } = asNow(unsent.entry);
      const left = files.filter((file) => file.key !== key);
      if (left.length === 0 && entry.text === '') return outbox.discard(entry.clientId);
      const isTrouble = failure && (unsent.entry.fileIds || left.some(({ status }) => status === 'failed'));
      void outbox.add({ ...entry, ...(left.length > 0 && { uploads: left }), ...(isTrouble && { failure }) });
    },
    retry(key) {
      const unsent = unsentWith(key);
      if (unsent) outbox.retry(unsent.entry.clientId);
    },
    async lost(entry) {
      const { uploads: files = [], fileIds = [], ...rest } = entry;
      // Once is an accident; if the server loses them again, its refusal is shown.
      if (renewed.has(entry.clientId)) return false;
      const gone = await Promise.all(fileIds.map(isGone));
      if (!gone.includes(true)) return false;
      renewed.add(entry.clientId);
      const again = await Promise.all(
        files.map(async (file, index) => {
          const blob = await uploads.get(file.key)?.blob;
          if (!gone[index] || !blob) return file;
          const { failure: _, preview: __, ...same } = file;
          const fresh: StagedFile = { ...same, key: newClientId(), status: 'waiting', progress: 0 };
          return uploads.add(entry.conversationId, fresh, blob).file;
        }),
      );
      await add({ ...rest, uploads: again });
      return true;
    },
    refresh,
    end,
  };
};
