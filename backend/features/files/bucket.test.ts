import { afterAll, beforeAll, expect, test } from 'vitest';
import { startS3Server, type S3Server } from '../../testing/s3-server.ts';
import {
  aDm,
  aFile,
  aMessage,
  anAvatar,
  anUpload,
  aPicture,
  aUser,
  startTestBackend,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';

// Everything else about files is tested on disk; what differs is tested with the storage itself. This is the way through all of it.
let s3: S3Server;
let t: TestBackend;
let ann: TestUser;
let bob: TestUser;
beforeAll(async () => {
  s3 = await startS3Server();
  t = await startTestBackend({ files: { storage: s3.config } });
  [ann, bob] = [await aUser(t), await aUser(t)];
});
afterAll(async () => {
  await t.close();
  await s3.close();
});

const stored = async (): Promise<string[]> => {
  const keys: string[] = [];
  for await (const key of t.storage.list(new Date(Date.now() + 60_000))) keys.push(key);
  return keys;
};

test('files in a bucket are sent, loaded by members from the bucket itself, and gone with their message', async () => {
  const body = await aPicture({ width: 900, height: 700 });
  const [picture, text] = [
    await aFile(ann, { body, name: 'cup.png', type: 'image/png' }),
    await aFile(ann, { body: 'Assam', name: 'tea "list".txt' }),
  ];
  const dm = await aDm(ann, bob);
  const message = await aMessage(ann, dm, '', [picture, text]);
  expect(message.files).toEqual([picture, text]);

  const { links } = await bob.api.call('POST /files/links', { body: { fileIds: [picture.id, text.id] } });
  const linkOf = (id: string) => links.find(({ fileId }) => fileId === id);
  const shown = await fetch(linkOf(picture.id)?.url ?? '');
  expect(shown.url).toContain(s3.config.endpoint);
  expect(shown.headers.get('content-type')).toBe('image/png');
  expect((await shown.arrayBuffer()).byteLength).toBe(picture.size);
  expect((await fetch(linkOf(picture.id)?.thumbnailUrl ?? '')).headers.get('content-type')).toBe('image/webp');
  const saved = await fetch(linkOf(text.id)?.url ?? '');
  expect(await saved.text()).toBe('Assam');
  expect(saved.headers.get('content-disposition')).toMatch(/^attachment;/);

  expect(await stored()).toHaveLength(3);
  await ann.api.call('DELETE /conversations/:conversationId/messages/:messageId', {
    params: { conversationId: dm.id, messageId: message.id },
  });
  await expect.poll(stored).toEqual([]);
});

test('what is rejected, dropped or left does not stay in the bucket', async () => {
  const bad = await anUpload(ann, { body: 'no picture', name: 'a.png', type: 'image/png' });
  const refusal = await ann.api.refusal('POST /files/:fileId/complete', { params: { fileId: bad }, body: {} });
  expect(refusal.code).toBe('file_rejected');
  expect(await stored()).toEqual([]);
  const begun = await anUpload(ann);
  expect(await stored()).toHaveLength(1);
  await ann.api.request('DELETE /files/:fileId', { params: { fileId: begun } });
  await expect.poll(stored).toEqual([]);
});

test('pictures of people are served by the server, whatever they are kept in', async () => {
  const { id: fileId } = await anAvatar(ann);
  const { user } = await ann.api.call('POST /me/avatar', { body: { fileId } });
  const answer = await fetch(`${t.url}${user.avatarUrl}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect((await answer.arrayBuffer()).byteLength).toBe(Number(answer.headers.get('content-length')));
});

test('while the bucket is away nothing is lost: the upload can be completed later', async () => {
  const fileId = await anUpload(ann, { body: 'patience' });
  s3.behave('failing');
  const away = await ann.api.request('POST /files/:fileId/complete', { params: { fileId }, body: {} });
  expect(away.status).toBe(503);
  const body = { clientId: crypto.randomUUID(), name: 'a.txt', size: 5, type: 'text/plain' };
  expect((await ann.api.request('POST /files', { body })).status).toBe(503);
  s3.behave('well');
  const { file } = await ann.api.call('POST /files/:fileId/complete', { params: { fileId }, body: {} });
  expect(file.size).toBe(8);
  // The announcement that failed left nothing behind: the same again is a new one.
  expect((await ann.api.request('POST /files', { body })).status).toBe(201);
});
