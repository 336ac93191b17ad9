import type { WritableAtom } from 'nanostores';
import type { File } from '../../../protocol/files.ts';
import type { ServiceConfig } from '../../../protocol/service.ts';
import { failureOf } from '../../client/failure.ts';
import type { SessionClient } from '../../client/session.ts';
import { joinTabs } from '../../client/tabs.ts';
import { newClientId } from '../client-id.ts';
import type { DeviceStore, OutboxEntry } from '../device-store.ts';
import type { Outbox, Unsent } from '../outbox.ts';
import type { Attachment, FileAddress, OpenConversation, RejectedFile, StagedFile } from '../types.ts';
import { createBlobStore } from './blob-store.ts';
import { kindOf, nameOf, sortOut, typeOf } from './limits.ts';
import { createLinks } from './links.ts';
import { createPreviews } from './previews.ts';
import { createTransport } from './transport.ts';
import { createUploads, type Upload } from './uploads.ts';

/** Where files are handed in and handed out: the trays of composers, the files of unsent messages, addresses, pictures on their way. */
export interface FileDesk {
  attach(conversationId: string, files: readonly Attachment[]): Promise<readonly RejectedFile[]>;
  send(
    conversationId: string,
    files: readonly Attachment[],
    options?: Parameters<OpenConversation['sendFiles']>[1],
  ): Promise<readonly RejectedFile[]>;
  /** Empties the tray into a message that is about to be added. */
  takeTray(conversationId: string): readonly StagedFile[] | undefined;
  /** Puts a message with files into the outbox; resolves when both are kept. */
  add(entry: OutboxEntry): Promise<void>;
  cancel(key: string): void;
  retry(key: string): void;
  /** The files of an unsent message as they are now; the same list until something changes. */
  shown(entry: OutboxEntry): readonly StagedFile[] | undefined;
  /** Brings those files of a message anew that the server has lost; answers whether there are any. */
  lost(entry: OutboxEntry): Promise<boolean>;
  address(fileId: string): Promise<FileAddress>;
  preview(fileId: string): string | undefined;
  bringAvatar(picture: Blob): Promise<File>;
  /** Does what the outbox asks for now. */
  refresh(): void;
  /** The line is back. */
  resume(): void;
  /** The conversation is not on screen any more. */
  left(conversationId: string): void;
  close(): void;
}

/** What the desk is made of. */
export interface FileDeskOptions {
  readonly opening: Promise<DeviceStore>;
  readonly scope: string;
  readonly server: string;
  readonly fetch: typeof fetch | undefined;
  readonly session: SessionClient;
  readonly outbox: Outbox;
  config(): Promise<ServiceConfig>;
  connected(): boolean;
  /** An unsent message of the conversation looks different. */
  changed(conversationId: string): void;
  trayOf(conversationId: string): WritableAtom<readonly StagedFile[]>;
}

/** Opens the desk, and takes up the files of messages that the device has kept. */
export const createFileDesk = (options: FileDeskOptions): FileDesk => {
  const { outbox, session, server, trayOf } = options;
  const { request } = session;
  const tabs = joinTabs<never>(`files:${options.scope}`, () => {});
  const blobs = createBlobStore(options.opening);
  const previews = createPreviews();
  const links = createLinks({ server, request });
  const inTray = new Set<string>();
  // What `shown` answered last for each unsent message.
  const lists = new Map<string, readonly StagedFile[]>();
  const renewed = new Set<string>();
  let closed = false;

  const uploads = createUploads({
    server,
    request,
    transport: createTransport(options.fetch),
    connected: options.connected,
    previews,
    lock: tabs.lock,
    changed(upload) {
      if (closed) return;
      if (inTray.has(upload.file.key)) return showTray(upload.conversationId);
      const unsent = unsentWith(upload.file.key);
      const { failure } = upload.file;
      if (failure && unsent?.state === 'sending') void outbox.add({ ...asNow(unsent.entry), failure });
      else options.changed(upload.conversationId);
    },
    async missing({ file }) {
      const entry = unsentWith(file.key)?.entry;
      const { has } = await options.opening;
      if (!entry || (await has(entry.clientId).catch(() => true))) return true;
      // Another tab has sent it, or dropped it.
      outbox.discard(entry.clientId, { quietly: true });
      return false;
    },
  });

  const unsentWith = (key: string): Unsent | undefined =>
    [...outbox.all()].find(({ entry, state }) => state !== 'sent' && entry.uploads?.some((file) => file.key === key));

  const showTray = (conversationId: string) =>
    trayOf(conversationId).set(
      [...uploads.all()]
        .filter((upload) => upload.conversationId === conversationId && inTray.has(upload.file.key))
        .map(({ file }) => file),
    );

  const limits = () =>
    options.config().then(
      ({ files }) => files ?? ('off' as const),
      () => undefined,
    );

  const stage = (conversationId: string, attachment: Attachment): Upload => {
    const { blob, voice } = attachment;
    const file: StagedFile = {
      key: newClientId(),
      name: nameOf(attachment),
      size: blob.size,
      type: typeOf(attachment),
      kind: kindOf(attachment),
      status: 'waiting',
      progress: 0,
      ...voice,
    };
    return uploads.add(conversationId, file, blob);
  };

  const shown = (entry: OutboxEntry): readonly StagedFile[] | undefined => {
    const before = lists.get(entry.clientId);
    const now = entry.uploads?.map(
      (file) => uploads.get(file.key)?.file ?? before?.find(({ key }) => key === file.key) ?? file,
    );
    if (!now || (before?.length === now.length && now.every((file, index) => file === before[index]))) return before;
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

  const add = (entry: OutboxEntry): Promise<void> => {
    const kept = outbox.add(asNow(entry), putWithBlobs);
    refresh();
    return kept;
  };

  const takeUp = (entry: OutboxEntry, file: StagedFile, fileId: string | undefined) => {
    if (uploads.get(file.key)) return;
    const { failure, ...rest } = file;
    const state = fileId !== undefined ? 'ready' : failure && entry.failure ? 'failed' : 'waiting';
    const now: StagedFile = { ...rest, status: state, progress: fileId === undefined ? 0 : 1 };
    uploads.add(
      entry.conversationId,
      state === 'failed' && failure ? { ...now, failure } : now,
      blobs.get(file.key),
      fileId,
    );
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
    if (closed) return;
    const used = new Set(inTray);
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

  void options.opening.then(() => blobs.sweep()).catch(() => {});
  queueMicrotask(refresh);

  return {
    async attach(conversationId, files) {
      const known = await limits();
      if (closed) return [];
      const { taken, rejected } = sortOut(files, known, trayOf(conversationId).get().length);
      const staged = taken.map((file) => stage(conversationId, file).file.key);
      for (const key of staged) inTray.add(key);
      showTray(conversationId);
      for (const key of staged) uploads.start(key);
      return rejected;
    },
    async send(conversationId, files, { text = '', replyTo } = {}) {
      const { taken, rejected } = sortOut(files, await limits(), 0);
      if (closed || taken.length === 0) return rejected;
      await add({
        clientId: newClientId(),
        conversationId,
        text,
        ...(replyTo !== undefined && { replyTo }),
        uploads: taken.map((file) => stage(conversationId, file).file),
        createdAt: new Date().toISOString(),
      });
      return rejected;
    },
    takeTray(conversationId) {
      const tray = trayOf(conversationId);
      const files = tray.get();
      if (files.length === 0) return undefined;
      for (const { key } of files) inTray.delete(key);
      tray.set([]);
      return files;
    },
    add,
    cancel(key) {
      const conversationId = uploads.get(key)?.conversationId;
      if (inTray.delete(key)) {
        end(key, 'unwanted');
        if (conversationId !== undefined) showTray(conversationId);
        return;
      }
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
      if (inTray.has(key)) return uploads.start(key);
      const unsent = unsentWith(key);
      if (unsent) outbox.retry(unsent.entry.clientId);
    },
    shown,
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
          const { failure: __, preview: ___, ...same } = file;
          return uploads.add(
            entry.conversationId,
            { ...same, key: newClientId(), status: 'waiting', progress: 0 },
            blob,
          ).file;
        }),
      );
      await add({ ...rest, uploads: again });
      return true;
    },
    address: links.address,
    preview: (fileId) =>
      previews.kept(fileId) ?? [...uploads.all()].find((upload) => upload.fileId === fileId)?.file.preview,
    bringAvatar: uploads.bringAvatar,
    refresh,
    resume: () => uploads.resume(),
    left: (conversationId) => previews.left(conversationId),
    close() {
      closed = true;
      uploads.close();
      previews.close();
      tabs.close();
    },
  };
};
