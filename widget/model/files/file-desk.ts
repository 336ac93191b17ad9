import type { WritableAtom } from 'nanostores';
import type { File } from '../../../protocol/files.ts';
import type { ServiceConfig } from '../../../protocol/service.ts';
import type { SessionClient } from '../../client/session.ts';
import { joinTabs } from '../../client/tabs.ts';
import { newClientId } from '../client-id.ts';
import type { DeviceStore, OutboxEntry } from '../device-store.ts';
import type { Outbox } from '../outbox.ts';
import type { Attachment, FileAddress, OpenConversation, RejectedFile, StagedFile } from '../types.ts';
import { createBlobStore } from './blob-store.ts';
import { kindOf, nameOf, sortOut, typeOf } from './limits.ts';
import { createLinks } from './links.ts';
import { createPreviews } from './previews.ts';
import { createTransport } from './transport.ts';
import { createUnsentFiles } from './unsent-files.ts';
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
      if (inTray.has(upload.file.key)) showTray(upload.conversationId);
      else unsent.changed(upload);
    },
    async wanted({ file }) {
      const entry = unsent.with(file.key)?.entry;
      const { has } = await options.opening;
      if (!entry || (await has(entry.clientId).catch(() => true))) return true;
      // Another tab has sent it, or dropped it.
      outbox.discard(entry.clientId, { quietly: true });
      return false;
    },
  });
  const unsent = createUnsentFiles({ outbox, uploads, blobs, inTray, request, changed: options.changed });

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
      ...(voice && { durationMs: Math.round(voice.durationMs), waveform: voice.waveform.map(Math.round) }),
    };
    return uploads.add(conversationId, file, blob);
  };

  const refresh = () => {
    if (!closed) unsent.refresh();
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
      await unsent.add({
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
    add: unsent.add,
    cancel(key) {
      const conversationId = uploads.get(key)?.conversationId;
      if (!inTray.delete(key) || conversationId === undefined) return unsent.cancel(key);
      unsent.end(key, 'unwanted');
      showTray(conversationId);
    },
    retry(key) {
      if (inTray.has(key)) uploads.start(key);
      else unsent.retry(key);
    },
    shown: unsent.shown,
    lost: unsent.lost,
    address: links.address,
    preview: (fileId) =>
      previews.kept(fileId) ?? [...uploads.all()].find((upload) => upload.fileId === fileId)?.file.preview,
    bringAvatar: uploads.bringAvatar,
    refresh,
    resume: uploads.resume,
    left: previews.left,
    close() {
      closed = true;
      uploads.close();
      previews.close();
      tabs.close();
    },
  };
};
