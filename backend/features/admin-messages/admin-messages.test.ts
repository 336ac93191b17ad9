import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation } from '../../../protocol/conversations.ts';
import {
  aFile,
  aGroup,
  aMessage,
  aServerKey,
  aSocket,
  someUsers,
  startTestBackend,
  type Api,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';

const patienceMs = 20_000;

let server: TestBackend;
let admin: Api;
let ann: TestUser;
let ben: TestUser;
let stranger: TestUser;
let group: Conversation;
let params: { conversationId: string };

beforeAll(async () => {
  server = await startTestBackend({ limits: { messagesPerSecond: 1000, messageBurst: 1000 } });
  admin = (await aServerKey(server)).api;
  [ann, ben, stranger] = (await someUsers(server, 3)) as [TestUser, TestUser, TestUser];
  group = await aGroup(ann, [ben]);
  params = { conversationId: group.id };
});
afterAll(() => server.close());

const key = 'POST /admin/conversations/:conversationId/messages';
const draft = (text: string, more: { senderId?: string; senderExternalId?: string; replyTo?: string } = {}) => ({
  params,
  body: { clientId: uuidv7(), text, ...more },
});

describe('what a site says', () => {
  test('reaches the members as the site’s own word, under its name', async () => {
    const socket = await aSocket(server, ann);
    const { message } = await admin.call(key, draft('We close at six.'));
    const { data } = await socket.next('message.created', undefined, patienceMs);
    expect(data.message).toEqual(message);
    const { user } = await ben.api.call('GET /users/:userId', { params: { userId: message.senderId } });
    expect(user).toMatchObject({ displayName: 'TeaTime', kind: 'system' });
    // It is nobody whom one could find, write to or bring in.
    expect((await ben.api.call('GET /users', { query: { search: 'teatime' } })).users).toEqual([]);
    const writing = await ben.api.refusal('POST /conversations', { body: { kind: 'dm', userId: user.id } });
    expect(writing.status).toBe(404);
    const { conversation } = await ben.api.call('GET /conversations/:conversationId', { params });
    expect(conversation.memberCount).toBe(2);
    expect(conversation.lastMessage?.id).toBe(message.id);
    await socket.close();
  });

  test('is there once, however often and however many at once it is sent', async () => {
    const said = draft('Once.');
    const answers = await Promise.all(Array.from({ length: 8 }, () => admin.call(key, said)));
    expect(new Set(answers.map(({ message }) => message.seq)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const other = { ...said, body: { ...said.body, text: 'Twice.' } };
    expect((await admin.refusal(key, other)).code).toBe('idempotency_key_reused');
  });

  test('has the name that the site has now', async () => {
    await server.db.pool.query(`update sites set name = 'Kettle & Co' where key = 'default'`);
    // The name of a site may be a moment old.
    const nameNow = async () => {
      const { message } = await admin.call(key, draft('Hello.'));
      return (await ben.api.call('GET /users/:userId', { params: { userId: message.senderId } })).user.displayName;
    };
    await expect.poll(nameNow, { timeout: patienceMs }).toBe('Kettle & Co');
    const voices = await server.db.pool.query(`select from users where kind = 'system'`);
    expect(voices.rowCount).toBe(1);
  });

  test('can answer a message of the same conversation only', async () => {
    const asked = await aMessage(ann, group, 'when do you open?');
    expect((await admin.call(key, draft('At nine.', { replyTo: asked.id }))).message.replyTo).toBe(asked.id);
    const elsewhere = await aMessage(ann, await aGroup(ann, []), 'elsewhere');
    const refusal = await admin.refusal(key, draft('At nine.', { replyTo: elsewhere.id }));
    expect(refusal).toMatchObject({ code: 'validation_failed', issues: [{ path: 'replyTo' }] });
  });
});

describe('what a site sends on behalf of somebody', () => {
  test('is theirs, in the order of seq with all else, and once', async () => {
    const said = draft('From my phone.', { senderId: ben.id });
    const before = await aMessage(ann, group);
    const first = await admin.call(key, said);
    const again = await admin.call(key, said);
    expect(first.message).toMatchObject({ senderId: ben.id, seq: before.seq + 1 });
    expect(again).toMatchObject({ replayed: true, message: { id: first.message.id } });
  });

  test('needs a member; whom the site does not know is not found', async () => {
    const refusal = await admin.refusal(key, draft('Hello', { senderId: stranger.id }));
    expect(refusal).toMatchObject({ code: 'validation_failed', issues: [{ path: 'senderId' }] });
    expect((await admin.refusal(key, draft('Hello', { senderExternalId: 'nobody' }))).status).toBe(404);
    const both = await admin.refusal(key, draft('Hello', { senderId: ben.id, senderExternalId: 'b' }));
    expect(both.status).toBe(400);
  });
});

test('a site reads every timeline of its own, page by page', async () => {
  const room = await aGroup(ben, []);
  for (const text of ['one', 'two', 'three']) await aMessage(ben, room, text);
  const read = (query: Record<string, number>) =>
    admin.call('GET /admin/conversations/:conversationId/messages', { params: { conversationId: room.id }, query });
  const newest = await read({ limit: 2 });
  expect([newest.messages.map(({ text }) => text), newest.hasMore]).toEqual([['two', 'three'], true]);
  const after = await read({ after: 1 });
  expect(after.messages.map(({ text }) => text)).toEqual(['two', 'three']);
});

test('a message that a site deletes is a tombstone for all, its file is gone, and the log says why and who', async () => {
  const file = await aFile(ben);
  const said = await aMessage(ben, group, 'my passport', [file]);
  const { links } = await ann.api.call('POST /files/links', { body: { fileIds: [file.id] } });
  const url = links[0]?.url ?? '';
  expect((await fetch(url)).status).toBe(200);
  const socket = await aSocket(server, ann);
  const removal = { params: { ...params, messageId: said.id }, query: { reason: 'personal data' } };
  const { message } = await admin.call('DELETE /admin/conversations/:conversationId/messages/:messageId', removal);
  expect(message).toMatchObject({ text: '', files: [] });
  const { data } = await socket.next('message.changed', undefined, patienceMs);
  expect(data.message).toEqual(message);
  await expect.poll(async () => (await fetch(url)).ok, { timeout: 40_000 }).toBe(false);
  const { entries } = await admin.call('GET /admin/audit', { query: { limit: 1 } });
  expect(entries[0]).toMatchObject({
    act: 'DELETE /admin/conversations/:conversationId/messages/:messageId',
    by: { kind: 'server key', name: 'test' },
    outcome: 'done',
    details: { reason: 'personal data' },
  });
  expect(entries[0]?.target).toContain(said.id);
  await socket.close();
});
