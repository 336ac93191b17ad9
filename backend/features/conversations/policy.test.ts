import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Conversation } from '../../../protocol/conversations.ts';
import type { SitePolicy } from '../../../protocol/sites.ts';
import {
  aDm,
  aFile,
  aGroup,
  aMessage,
  aSocket,
  someUsers,
  startTestBackend,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';

let server: TestBackend;
let anna: TestUser;
let ben: TestUser;
let cleo: TestUser;
beforeAll(async () => {
  server = await startTestBackend();
  [anna, ben, cleo] = (await someUsers(server, 3)) as [TestUser, TestUser, TestUser];
});
afterAll(() => server.close());
beforeEach(() => decide({}));

const decide = (conversations: NonNullable<SitePolicy['conversations']>) =>
  server.db.pool.query(`update sites set policy = $1 where key = 'default'`, [JSON.stringify({ conversations })]);

describe('who may begin conversations', () => {
  test('is nobody but the site where it says so; what is there can be opened', async () => {
    const there = await aDm(anna, ben);
    await decide({ whoMayStartDirect: 'nobody', whoMayStartGroups: 'nobody' });
    expect((await aDm(ben, anna)).id).toBe(there.id);
    const refused = await anna.api.refusal('POST /conversations', { body: { kind: 'dm', userId: cleo.id } });
    expect(refused).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('by itself') as string });
    const group = { kind: 'group', title: 'A group', userIds: [ben.id] };
    expect((await anna.api.refusal('POST /conversations', { body: group })).code).toBe('forbidden');
    expect((await anna.api.call('GET /config')).features).not.toContain('direct');
  });

  test('is decided for direct messages and groups apart', async () => {
    await decide({ whoMayStartDirect: 'nobody', whoMayStartGroups: 'people' });
    expect((await aGroup(anna, [cleo])).kind).toBe('group');
    const config = await anna.api.call('GET /config');
    expect(config.conversations).toEqual({ whoMayStartDirect: 'nobody', whoMayStartGroups: 'people' });
    await decide({ whoMayStartDirect: 'people', whoMayStartGroups: 'nobody' });
    expect((await aDm(anna, cleo)).kind).toBe('dm');
  });
});

const add = (group: Conversation, user: TestUser) =>
  anna.api.call('POST /conversations/:conversationId/members', {
    params: { conversationId: group.id },
    body: { userIds: [user.id] },
  });
const remove = (group: Conversation, user: TestUser) =>
  anna.api.call('DELETE /conversations/:conversationId/members/:userId', {
    params: { conversationId: group.id, userId: user.id },
  });

/** All that somebody can find out of what was said, by every door. */
const seen = async (user: TestUser, group: Conversation) => {
  const params = { conversationId: group.id };
  const [page, after, changes, one, list, files] = await Promise.all([
    user.api.call('GET /conversations/:conversationId/messages', { params }),
    user.api.call('GET /conversations/:conversationId/messages', { params, query: { after: 0 } }),
    user.api.call('GET /conversations/:conversationId/changes', { params, query: { after: 0 } }),
    user.api.call('GET /conversations/:conversationId', { params }),
    user.api.call('GET /conversations'),
    user.api.call('GET /conversations/:conversationId/files', { params }),
  ]);
  const texts = (messages: readonly { text: string }[]) => messages.map(({ text }) => text);
  return {
    page: texts(page.messages),
    after: texts(after.messages),
    changes: texts(changes.messages),
    last: [one, list.conversations.find(({ id }) => id === group.id)].map((view) =>
      view === undefined
        ? undefined
        : 'conversation' in view
          ? view.conversation.lastMessage?.text
          : view.lastMessage?.text,
    ),
    unread: one.conversation.unread,
    hasMore: page.hasMore || files.hasMore,
    files: files.files.map(({ file }) => file.id),
  };
};

describe('what those see who are added later', () => {
  test('is everything by default', async () => {
    const group = await aGroup(anna, [ben]);
    const file = await aFile(anna);
    await aMessage(anna, group, 'before', [file]);
    await add(group, cleo);
    const everything = ['before'];
    expect(await seen(cleo, group)).toEqual({
      page: everything,
      after: everything,
      changes: everything,
      last: ['before', 'before'],
      unread: 0,
      hasMore: false,
      files: [file.id],
    });
  });

  test('is nothing of before where the site hides it, by whatever door', async () => {
    await decide({ historyForNewMembers: 'sinceJoining' });
    const group = await aGroup(anna, [ben]);
    const [early, late] = [await aFile(anna), await aFile(anna)];
    const before = await aMessage(anna, group, 'before', [early]);
    await add(group, cleo);
    const nothing = {
      page: [],
      after: [],
      changes: [],
      last: [undefined, undefined],
      unread: 0,
      hasMore: false,
      files: [],
    };
    expect(await seen(cleo, group)).toEqual(nothing);
    expect((await seen(ben, group)).page).toEqual(['before']);

    const place = { conversationId: group.id, messageId: before.id };
    const notFound = { code: 'not_found' };
    expect(
      await cleo.api.refusal('GET /conversations/:conversationId/messages/:messageId', { params: place }),
    ).toMatchObject(notFound);
    const reaction = { params: { ...place, emoji: '👍' } };
    expect(
      await cleo.api.refusal('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', reaction),
    ).toMatchObject(notFound);
    expect(await cleo.api.refusal('GET /files/:fileId', { params: { fileId: early.id } })).toMatchObject(notFound);
    expect((await cleo.api.call('POST /files/links', { body: { fileIds: [early.id] } })).links).toEqual([]);
    const quoting = {
      params: { conversationId: group.id },
      body: { clientId: uuidv7(), text: 'this?', replyTo: before.id },
    };
    expect(await cleo.api.refusal('POST /conversations/:conversationId/messages', quoting)).toMatchObject({
      code: 'validation_failed',
      issues: [{ path: 'replyTo' }],
    });

    await aMessage(ben, group, 'after', [await aFile(ben)]);
    await aMessage(anna, group, 'later', [late]);
    expect(await seen(cleo, group)).toMatchObject({ page: ['after', 'later'], last: ['later', 'later'], unread: 2 });
    expect((await cleo.api.call('GET /files/:fileId', { params: { fileId: late.id } })).file.id).toBe(late.id);
  });

  test('is not told by a change of what they do not see; the gap is filled with nothing', async () => {
    await decide({ historyForNewMembers: 'sinceJoining' });
    const group = await aGroup(anna, [ben]);
    const before = await aMessage(anna, group, 'before');
    await add(group, cleo);
    const [old, newcomer] = [await aSocket(server, ben), await aSocket(server, cleo)];
    const place = { conversationId: group.id, messageId: before.id };
    const { message } = await anna.api.call('PATCH /conversations/:conversationId/messages/:messageId', {
      params: place,
      body: { text: 'a secret of then' },
    });
    const after = await aMessage(anna, group, 'for all');
    const told = await old.next('message.changed', undefined, 20_000);
    expect(told).toMatchObject({ seq: message.changedSeq, data: { message: { text: 'a secret of then' } } });
    expect((await newcomer.next('message.created', undefined, 20_000)).seq).toBe(after.seq);
    expect(newcomer.events.filter(({ type }) => type === 'message.changed')).toEqual([]);
    const filled = await cleo.api.call('GET /conversations/:conversationId/changes', {
      params: { conversationId: group.id },
      query: { after: message.changedSeq - 1 },
    });
    expect(filled).toMatchObject({ head: after.seq, messages: [{ text: 'for all' }] });
  });

  test('follows the policy of the day on which they come, and anew when they come back', async () => {
    await decide({ historyForNewMembers: 'sinceJoining' });
    const group = await aGroup(anna, [ben]);
    await aMessage(anna, group, 'one');
    await add(group, cleo);
    await aMessage(anna, group, 'two');
    expect((await seen(cleo, group)).page).toEqual(['two']);
    await decide({ historyForNewMembers: 'all' });
    expect((await seen(cleo, group)).page).toEqual(['two']);

    await remove(group, cleo);
    await aMessage(anna, group, 'three');
    await add(group, cleo);
    expect((await seen(cleo, group)).page).toEqual(['one', 'two', 'three']);

    await decide({ historyForNewMembers: 'sinceJoining' });
    await remove(group, cleo);
    await add(group, cleo);
    await aMessage(anna, group, 'four');
    expect((await seen(cleo, group)).page).toEqual(['four']);
    expect((await seen(anna, group)).page).toEqual(['one', 'two', 'three', 'four']);
  });
});
