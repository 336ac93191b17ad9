import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { uuidv7 } from 'uuidv7';
import type { Conversation } from '../../protocol/conversations.ts';
import type { File, UploadTarget } from '../../protocol/files.ts';
import type { Message } from '../../protocol/messages.ts';
import type { Me } from '../../protocol/users.ts';
import { api, type Api } from './api.ts';

/** Somebody with an account and a session. */
export interface TestUser {
  readonly user: Me;
  readonly id: string;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly api: Api;
}

interface Server {
  readonly url: string;
}

/** The password of everybody who did not choose one. */
export const testPassword = 'correct horse battery';

let count = 0;

/** Registers somebody. */
export const aUser = async (
  server: Server,
  profile: { username?: string; displayName?: string; password?: string; email?: string; phone?: string } = {},
): Promise<TestUser> => {
  count += 1;
  const password = profile.password ?? testPassword;
  const username = profile.username ?? `user${count}-${randomUUID().slice(0, 8)}`;
  const { user, accessToken, refreshToken } = await api(server).call('POST /auth/register', {
    body: { displayName: `User ${count}`, ...profile, username, password, refreshIn: 'body' },
  });
  return { user, id: user.id, password, accessToken, refreshToken: refreshToken ?? '', api: api(server, accessToken) };
};

// A server on a busy machine refuses those whose passwords would have to wait for long.
const atOnce = 8;

/** Registers several people. */
export const someUsers = async (server: Server, number: number): Promise<TestUser[]> => {
  const people: TestUser[] = [];
  while (people.length < number) {
    const some = Math.min(atOnce, number - people.length);
    people.push(...(await Promise.all(Array.from({ length: some }, () => aUser(server)))));
  }
  return people;
};

/** Opens the direct message of two people. */
export const aDm = async (one: TestUser, other: TestUser): Promise<Conversation> =>
  (await one.api.call('POST /conversations', { body: { kind: 'dm', userId: other.id } })).conversation;

/** Makes a group, of which the first person is the owner. */
export const aGroup = async (owner: TestUser, others: readonly TestUser[], title = 'A group'): Promise<Conversation> =>
  (await owner.api.call('POST /conversations', { body: { kind: 'group', title, userIds: others.map(({ id }) => id) } }))
    .conversation;

/** Sends a message, with files if there are some. */
export const aMessage = async (
  sender: TestUser,
  conversation: { readonly id: string },
  text = 'hello',
  files: readonly { readonly id: string }[] = [],
): Promise<Message> =>
  (
    await sender.api.call('POST /conversations/:conversationId/messages', {
      params: { conversationId: conversation.id },
      body: { clientId: uuidv7(), text, ...(files.length > 0 && { fileIds: files.map(({ id }) => id) }) },
    })
  ).message;

/** What somebody uploads. */
export interface TestUpload {
  readonly body?: Uint8Array | string;
  readonly name?: string;
  readonly type?: string;
  readonly purpose?: 'message' | 'voice' | 'avatar';
}

/** Announces a file and sends its bytes; what is left to do is to complete it. */
export const anUpload = async (
  owner: TestUser,
  { body = 'Darjeeling, first flush', name = 'tea.txt', type = 'text/plain', purpose }: TestUpload = {},
): Promise<string> => {
  const bytes = Buffer.from(body);
  const { fileId, upload } = await owner.api.call('POST /files', {
    body: { clientId: uuidv7(), name, type, size: bytes.length, ...(purpose && { purpose }) },
  });
  await putBytes(upload, bytes, type);
  return fileId;
};

/** Sends all bytes of a file to where they go. */
export const putBytes = async (target: UploadTarget, bytes: Buffer, type: string): Promise<void> => {
  const puts =
    target.kind === 'tus'
      ? [{ url: target.url, body: bytes }]
      : target.parts.map(({ number, url }) => {
          const start = (number - 1) * target.partSize;
          return { url, body: bytes.subarray(start, start + target.partSize) };
        });
  for (const { url, body } of puts) {
    const answer = await fetch(url, { method: 'PUT', body: new Uint8Array(body), headers: { 'content-type': type } });
    if (!answer.ok) throw new Error(`the upload was refused with ${answer.status}: ${await answer.text()}`);
  }
};

/** Uploads a file, ready to be sent. */
export const aFile = async (owner: TestUser, upload?: TestUpload): Promise<File> => {
  const fileId = await anUpload(owner, upload);
  return (await owner.api.call('POST /files/:fileId/complete', { params: { fileId }, body: {} })).file;
};

/** A real picture of one colour. */
export const aPicture = (
  { width = 64, height = 48, color = '#2f6f4f' }: { width?: number; height?: number; color?: string } = {},
  format: 'png' | 'jpeg' | 'webp' = 'png',
): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: color } })
    .toFormat(format)
    .toBuffer();

/** Uploads a picture for a person or a group. */
export const anAvatar = async (owner: TestUser, color?: string): Promise<File> =>
  aFile(owner, {
    body: await aPicture(color === undefined ? {} : { color }),
    name: 'me.png',
    type: 'image/png',
    purpose: 'avatar',
  });
