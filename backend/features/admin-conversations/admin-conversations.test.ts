import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminConversation } from '../../../protocol/admin-conversations.ts';
import type { BodyInput } from '../../../protocol/contract.ts';
import type { Endpoint } from '../../../protocol/index.ts';
import {
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

beforeAll(async () => {
  server = await startTestBackend({ limits: { messagesPerSecond: 1000, messageBurst: 1000 } });
  admin = (await aServerKey(server)).api;
  [ann, ben, cem] = (await someUsers(server, 3)) as [TestUser, TestUser, TestUser];
  await server.db.pool.query('update users set external_id = $2 where id = $1', [cem.id, 'crm/7']);
});
afterAll(() => server.close());

type NewConversation = BodyInput<Endpoint<'POST /admin/conversations'>>;
const create = async (body: NewConversation): Promise<AdminConversation> =>
  (await admin.call('POST /admin/conversations', { body })).conversation;
const aGroup = (): Promise<AdminConversation> =>
  create({
    kind: 'group',
    title: 'Order 17',
    members: [{ userId: ann.id, role: 'owner' }, { userId: ben.id }],
  });
const rolesIn = ({ members }: AdminConversation) =>
  Object.fromEntries(members.map(({ userId, role }) => [userId, role]));
const at = ({ id: conversationId }: { id: string }) => ({ params: { conversationId } });

describe('a site’s servers', () => {
  test('make a group of people named by either id, who hear of it and follow it at once', async () => {
    const socket = await aSocket(server, cem);
    const group = await create({
      kind: 'group',
      title: 'Order 16',
      members: [{ userId: ann.id, role: 'owner' }, { userId: ben.id, role: 'admin' }, { externalId: 'crm/7' }],
    });
    expect(rolesIn(group)).toEqual({ [ann.id]: 'owner', [ben.id]: 'admin', [cem.id]: 'member' });
    expect(group.members.find(({ userId }) => userId === cem.id)?.externalId).toBe('crm/7');
    const { data } = await socket.next('conversation.created', undefined, patienceMs);
    expect(data.conversation).toMatchObject({ id: group.id, title: 'Order 16' });
    await aMessage(ann, group, 'welcome');
    await socket.next('message.created', ({ data: { message } }) => message.text === 'welcome', patienceMs);
    await socket.close();
  });

  test('open the direct message of two people, the same each time', async () => {
    const body: NewConversation = { kind: 'dm', members: [{ userId: ann.id }, { externalId: 'crm/7' }] };
    const first = await admin.request('POST /admin/conversations', { body });
    const second = await admin.request('POST /admin/conversations', { body });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect((second.body as { conversation: AdminConversation }).conversation.id).toBe(
      (first.body as { conversation: AdminConversation }).conversation.id,
    );
    await cem.api.call('PUT /blocks/:userId', { params: { userId: ben.id } });
    const blocked = await admin.refusal('POST /admin/conversations', {
      body: { kind: 'dm', members: [{ userId: ben.id }, { userId: cem.id }] },
    });
    expect(blocked.code).toBe('blocked');
    await cem.api.call('DELETE /blocks/:userId', { params: { userId: ben.id } });
  });

  test.each([
    ['nobody', { kind: 'group', title: 'X', members: [] }, 400],
    ['somebody by both ids', { kind: 'group', title: 'X', members: [{ userId: uuidv7(), externalId: 'a' }] }, 400],
    ['somebody by no id', { kind: 'group', title: 'X', members: [{}] }, 400],
    ['no title', { kind: 'group', members: [{ userId: uuidv7() }] }, 400],
    [
      'a role in a direct message',
      { kind: 'dm', members: [{ userId: uuidv7(), role: 'owner' }, { externalId: 'a' }] },
      400,
    ],
    [
      'three in a direct message',
      { kind: 'dm', members: [{ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' }] },
      400,
    ],
    ['somebody who is not there', { kind: 'group', title: 'X', members: [{ externalId: 'nobody' }] }, 404],
  ])('are refused a conversation with %s', async (_, body, status) => {
    expect((await admin.refusal('POST /admin/conversations', { body })).status).toBe(status);
  });

  test('are refused somebody twice, by whichever ids', async () => {
    const members = [{ userId: cem.id }, { externalId: 'crm/7' }];
    const refusal = await admin.refusal('POST /admin/conversations', { body: { kind: 'group', title: 'X', members } });
    expect(refusal).toMatchObject({ code: 'validation_failed', issues: [{ path: 'members' }] });
  });

  test('add, promote and remove members, whom everybody sees come and go in the order of seq', async () => {
    const group = await aGroup();
    const socket = await aSocket(server, ann);
    const params = { conversationId: group.id, userId: cem.id };
    const added = await admin.call('POST /admin/conversations/:conversationId/members', {
      params,
      body: { members: [{ externalId: 'crm/7', role: 'admin' }] },
    });
    expect(rolesIn(added.conversation)).toMatchObject({ [cem.id]: 'admin' });
    await admin.call('PATCH /admin/conversations/:conversationId/members/:userId', { params, body: { role: 'owner' } });
    // Also the last owner, whom no member could remove.
    for (const userId of [ann.id, cem.id].toReversed())
      await admin.call('DELETE /admin/conversations/:conversationId/members/:userId', {
        params: { ...params, userId },
      });
    const seqs: number[] = [];
    for (let change = 0; change < 3; change += 1) {
      const { seq } = await socket.next('member.changed', ({ data }) => data.member.userId === cem.id, patienceMs);
      seqs.push(seq);
    }
    expect(seqs).toEqual([1, 2, 3].map((step) => group.head + step));
    const { conversation } = await admin.call('GET /admin/conversations/:conversationId', { params });
    expect(rolesIn(conversation)).toEqual({ [ben.id]: 'member' });
    await socket.close();
  });

  test('list the conversations of the site or of one person, page by page', async () => {
    const [older, newer] = [await aGroup(), await aGroup()];
    const first = await admin.call('GET /admin/conversations', { query: { limit: 1 } });
    const second = await admin.call('GET /admin/conversations', {
      query: { limit: 1, cursor: first.nextCursor ?? '' },
    });
    expect([first, second].map(({ conversations }) => conversations[0]?.id)).toEqual([newer.id, older.id]);
    const theirs = await admin.call('GET /admin/conversations', { query: { externalId: 'crm/7' } });
    expect(theirs.conversations.map(({ id }) => id)).not.toContain(newer.id);
    expect(theirs.conversations.every((each) => cem.id in rolesIn(each))).toBe(true);
  });
});

describe('a closed conversation', () => {
  const close = (group: AdminConversation, closed = true) =>
    admin.call('PATCH /admin/conversations/:conversationId', { ...at(group), body: { closed } });

  test('is told to all, and takes nothing more from anybody until it is opened again', async () => {
    const group = await aGroup();
    const said = await aMessage(ben, group, 'before');
    const socket = await aSocket(server, ann);
    const { conversation } = await close(group);
    const event = await socket.next('conversation.changed', undefined, patienceMs);
    expect(event).toMatchObject({ seq: said.seq + 1, data: { conversation: { closedAt: conversation.closedAt } } });
    expect(conversation.closedAt).toBeDefined();

    const params = { conversationId: group.id, messageId: said.id, emoji: '👍' };
    const draft = { clientId: uuidv7(), text: 'after' };
    const refusals = await Promise.all([
      ben.api.refusal('POST /conversations/:conversationId/messages', { params, body: draft }),
      ben.api.refusal('PATCH /conversations/:conversationId/messages/:messageId', {
        params,
        body: { text: 'changed' },
      }),
      ann.api.refusal('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', { params }),
      ann.api.refusal('POST /conversations/:conversationId/calls', { params, body: { kind: 'audio' } }),
      admin.refusal('POST /admin/conversations/:conversationId/messages', { params, body: draft }),
      admin.refusal('POST /admin/conversations/:conversationId/messages', {
        params,
        body: { ...draft, senderId: ben.id },
      }),
    ]);
    expect(refusals.map(({ status, code }) => [status, code])).toEqual(
      refusals.map(() => [403, 'conversation_closed']),
    );
    const sending = socket.command('message.send', { conversationId: group.id, clientId: uuidv7(), text: 'after' });
    await expect(sending).rejects.toMatchObject({ code: 'conversation_closed' });

    // It can still be read, by whoever was away too, and what was sent before is answered as before.
    const { conversation: seen } = await ben.api.call('GET /conversations/:conversationId', at(group));
    expect(seen).toMatchObject({ closedAt: conversation.closedAt, head: said.seq + 1 });
    const changes = await ben.api.call('GET /conversations/:conversationId/changes', {
      ...at(group),
      query: { after: said.seq },
    });
    expect(changes.conversation?.closedAt).toBe(conversation.closedAt);
    const replay = { clientId: said.clientId, text: 'before' };
    const again = await ben.api.call('POST /conversations/:conversationId/messages', { params, body: replay });
    expect(again.replayed).toBe(true);

    await close(group, false);
    const opened = await socket.next('conversation.changed', undefined, patienceMs);
    expect(opened.data.conversation).not.toHaveProperty('closedAt');
    const { message } = await ben.api.call('POST /conversations/:conversationId/messages', { params, body: draft });
    expect(message.seq).toBe(said.seq + 3);
    await socket.close();
  });

  test('that is closed twice changes once', async () => {
    const group = await aGroup();
    const [first, second] = [await close(group), await close(group)];
    expect(second.conversation).toMatchObject({ head: first.conversation.head, closedAt: first.conversation.closedAt });
  });

  test('of two people closes as well, but has no title to change', async () => {
    const dm = await create({ kind: 'dm', members: [{ userId: ann.id }, { userId: ben.id }] });
    await close(dm);
    const body = { clientId: uuidv7(), text: 'hello?' };
    const refusal = await ann.api.refusal('POST /conversations/:conversationId/messages', { ...at(dm), body });
    expect(refusal.code).toBe('conversation_closed');
    const renaming = await admin.refusal('PATCH /admin/conversations/:conversationId', {
      ...at(dm),
      body: { title: 'X' },
    });
    expect(renaming.code).toBe('forbidden');
  });
});
