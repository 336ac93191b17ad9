import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { File as ChatFile } from '../../protocol/files.ts';
import type { Attachment, Chat, OpenConversation, StagedFile, TimelineItem } from '../../widget/model/types.ts';
import { aPerson, opened, until } from './chats.ts';

/** Two people, and their direct message open on both sides. */
export const aTalk = async (
  server: { readonly url: string },
  options: Parameters<typeof aPerson>[1] = {},
  other: { readonly url: string } = server,
): Promise<{ mia: Chat; noor: Chat; id: string; here: OpenConversation; there: OpenConversation }> => {
  const [mia, noor] = await Promise.all([aPerson(server, options), aPerson(other)]);
  const id = await mia.chat.openDirect(noor.id);
  const [here, there] = await Promise.all([opened(mia.chat, id), opened(noor.chat, id)]);
  return { mia: mia.chat, noor: noor.chat, id, here, there };
};

/** A file of random bytes, which no inspection changes. */
export const someBytes = (name: string, size: number): Attachment & { readonly bytes: Buffer } => {
  const bytes = randomBytes(size);
  return { name, bytes, blob: new Blob([bytes], { type: 'application/octet-stream' }) };
};

/** A file of the smallest picture. */
export const aPixel = (name = 'pixel.png'): Attachment => ({
  name,
  blob: new Blob([Buffer.from(pixel, 'base64')], { type: 'image/png' }),
});

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Waits until the tray shows this of its files. */
export const trayShows = (open: OpenConversation, test: (files: readonly StagedFile[]) => boolean, what: string) =>
  until(open.$staged, test, what, 20_000);

/** Waits until all files of the tray have arrived. */
export const trayReady = (open: OpenConversation, count: number) =>
  trayShows(
    open,
    (files) => files.length === count && files.every(({ status }) => status === 'ready'),
    `${count} files to arrive`,
  );

/** Waits until the other side shows so many messages, all of them there. */
export const messagesArrive = async (
  open: OpenConversation,
  count: number,
  ms = 20_000,
): Promise<readonly TimelineItem[]> => {
  const { items } = await until(
    open.$timeline,
    (state) => state.items.filter(({ message }) => message.seq !== Infinity).length >= count,
    `${count} messages`,
    ms,
  );
  expect(items).toHaveLength(count);
  return items;
};

/** Loads a file as an element would. */
export const load = async (chat: Chat, file: ChatFile): Promise<Buffer> => {
  const response = await fetch((await chat.fileAddress(file.id)).url);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
};

/** The files that somebody sees are these, byte for byte and in this order. */
export const expectFiles = async (
  chat: Chat,
  files: readonly ChatFile[],
  sent: readonly { readonly name: string; readonly bytes: Buffer }[],
): Promise<void> => {
  expect(files.map(({ name }) => name)).toEqual(sent.map(({ name }) => name));
  const loaded = await Promise.all(files.map((file) => load(chat, file)));
  loaded.forEach((bytes, index) => expect(bytes.equals(sent[index]!.bytes)).toBe(true));
};
