import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation } from '../../../protocol/conversations.ts';
import type { Message } from '../../../protocol/messages.ts';
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
let cem: TestUser;
let stranger: TestUser;
let group: Conversation;

beforeAll(async () => {
  server = await startTestBackend({ limits: { messagesPerSecond: 1000, messageBurst: 1000 } });
  admin = (await aServerKey(server, { name: 'moderation desk' })).api;
  [ann, ben, cem, stranger] = (await someUsers(server, 4)) as [TestUser, TestUser, TestUser, TestUser];
  group = await aGroup(ann, [ben, cem]);
});
afterAll(() => server.close());

const key = 'POST /conversations/:conversationId/messages/:messageId/reports';
const on = ({ id, conversationId }: Message) => ({ params: { conversationId, messageId: id } });
const report = async (who: TestUser, message: Message, comment?: string) =>
  (await who.api.call(key, { ...on(message), body: { reason: 'spam', ...(comment && { comment }) } })).report;
const read = async (reportId: string) =>
  (await admin.call('GET /admin/reports/:reportId', { params: { reportId } })).report;
const resolve = (reportId: string, body: { action: 'dismiss' | 'delete'; note?: string }) =>
  admin.call('POST /admin/reports/:reportId/resolve', { params: { reportId }, body });

describe('a report', () => {
  test('keeps the message as it was, whatever becomes of it', async () => {
    const message = await aMessage(ben, group, 'buy this now');
    const { id } = await report(ann, message, 'third time today');
    await ben.api.call('PATCH /conversations/:conversationId/messages/:messageId', {
      ...on(message),
      body: { text: 'good morning' },
    });
    expect(await read(id)).toMatchObject({
      reporter: { id: ann.id },
      sender: { id: ben.id },
      reason: 'spam',
      comment: 'third time today',
      message: { id: message.id, text: 'buy this now' },
    });
  });

  test('of the same message by the same person is the first one; others have their own', async () => {
    const message = await aMessage(ben, group, 'buy more');
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => ann.api.request(key, { ...on(message), body: { reason: 'spam' } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    const ids = answers.map(({ body }) => (body as { report: { id: string } }).report.id);
    expect(new Set(ids).size).toBe(1);
    expect((await report(cem, message)).id).not.toBe(ids[0]);
  });

  test('is for members, about what others said and what is still there', async () => {
    const [bens, gone] = [await aMessage(ben, group), await aMessage(ben, group)];
    await ben.api.call('DELETE /conversations/:conversationId/messages/:messageId', on(gone));
    const refused = async (who: TestUser, message: Message, body: object = { reason: 'spam' }) =>
      (await who.api.refusal(key, { ...on(message), body })).status;
    expect(await refused(stranger, bens)).toBe(404);
    expect(await refused(ben, bens)).toBe(403);
    expect(await refused(ann, gone)).toBe(409);
    expect(await refused(ann, bens, { reason: 'boring' })).toBe(400);
    expect(await refused(ann, bens, { reason: 'other', comment: 'x'.repeat(1001) })).toBe(400);
  });

  test('is one of thirty that somebody makes in an hour', async () => {
    const eager = await aGroup(ben, [stranger]);
    const messages: Message[] = [];
    for (let sent = 0; sent < 31; sent += 1) messages.push(await aMessage(ben, eager));
    const statuses: number[] = [];
    for (const message of messages)
      statuses.push((await stranger.api.request(key, { ...on(message), body: { reason: 'other' } })).status);
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 201), 429]);
  });
});

describe('whoever runs the site', () => {
  test('dismisses a report: the message stays, and the report is no longer open', async () => {
    const message = await aMessage(ben, group, 'harmless');
    const { id } = await report(ann, message);
    const isListed = async (state: 'open' | 'resolved') =>
      (await admin.call('GET /admin/reports', { query: { state } })).reports.some((each) => each.id === id);
    expect([await isListed('open'), await isListed('resolved')]).toEqual([true, false]);
    const dismissed = await resolve(id, { action: 'dismiss', note: 'a joke among friends' });
    expect(dismissed.report).toMatchObject({
      resolution: 'dismissed',
      resolvedBy: 'moderation desk',
      note: 'a joke among friends',
    });
    expect([await isListed('open'), await isListed('resolved')]).toEqual([false, true]);
    const { message: now } = await ann.api.call('GET /conversations/:conversationId/messages/:messageId', on(message));
    expect(now.text).toBe('harmless');
    const params = { reportId: id };
    const again = await admin.refusal('POST /admin/reports/:reportId/resolve', { params, body: { action: 'delete' } });
    expect(again.code).toBe('conflict');
  });

  test('deletes what was reported: a tombstone for all, also for who was away; its file is gone; every report of it is resolved; the log says who, when and why', async () => {
    const file = await aFile(ben);
    const message = await aMessage(ben, group, 'see this', [file]);
    const { links } = await cem.api.call('POST /files/links', { body: { fileIds: [file.id] } });
    const url = links[0]?.url ?? '';
    expect((await fetch(url)).status).toBe(200);
    const [anns, cems] = [await report(ann, message), await report(cem, message)];
    const socket = await aSocket(server, ann);
    const since = new Date().toISOString();
    await resolve(anns.id, { action: 'delete', note: 'not allowed here' });
    const { data } = await socket.next(
      'message.changed',
      ({ data: { message: m } }) => m.id === message.id,
      patienceMs,
    );
    expect(data.message).toMatchObject({ text: '', files: [], deletedAt: expect.any(String) as string });
    const caughtUp = await cem.api.call('GET /conversations/:conversationId/changes', {
      params: { conversationId: group.id },
      query: { after: message.seq },
    });
    expect(caughtUp.messages.find(({ id }) => id === message.id)).toMatchObject({ text: '', files: [] });
    expect(await read(cems.id)).toMatchObject({ resolution: 'deleted', message: { text: 'see this' } });
    await expect.poll(async () => (await fetch(url)).ok, { timeout: 40_000 }).toBe(false);
    const { entries } = await admin.call('GET /admin/audit', { query: { target: anns.id } });
    expect(entries[0]).toMatchObject({
      act: 'POST /admin/reports/:reportId/resolve',
      by: { name: 'moderation desk' },
      outcome: 'done',
      details: { action: 'delete', messageId: message.id, note: 'not allowed here' },
    });
    expect((entries[0]?.at ?? '') >= since).toBe(true);
    await socket.close();
  });
});
