import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation } from '../../../protocol/conversations.ts';
import {
  aDm,
  aGroup,
  aMessage,
  aSocket,
  aUser,
  someUsers,
  startTestBackend,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';

const list = 'GET /conversations';
const create = 'POST /conversations';
const one = 'GET /conversations/:conversationId';
const change = 'PATCH /conversations/:conversationId';
const add = 'POST /conversations/:conversationId/members';
const setRole = 'PATCH /conversations/:conversationId/members/:userId';
const remove = 'DELETE /conversations/:conversationId/members/:userId';

let t: TestBackend;
let ann: TestUser;
let bob: TestUser;
let cat: TestUser;

beforeAll(async () => {
  t = await startTestBackend({ limits: { messagesPerSecond: 10_000, messageBurst: 100_000, groupMembers: 6 } });
  [ann, bob, cat] = (await someUsers(t, 3)) as [TestUser, TestUser, TestUser];
});
afterAll(() => t.close());

const params = ({ id }: { id: string }) => ({ conversationId: id });
const member = ({ id }: { id: string }, user: { id: string }) => ({ conversationId: id, userId: user.id });
const read = async (user: TestUser, conversation: { id: string }): Promise<Conversation> =>
  (await user.api.call(one, { params: params(conversation) })).conversation;
const ids = (conversation: Conversation): string[] => conversation.members.map(({ userId }) => userId);

describe('direct messages', () => {
  test('are one per pair, whoever asks, however many ask at once', async () => {
    const [dan, eve] = (await someUsers(t, 2)) as [TestUser, TestUser];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, place) => {
        const [asking, asked] = place % 2 === 0 ? [dan, eve] : [eve, dan];
        return asking.api.request(create, { body: { kind: 'dm', userId: asked.id } });
      }),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 11 }, () => 200), 201]);
    const found = answers.map(({ body }) => (body as { conversation: Conversation }).conversation);
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
    expect(found[0]).toMatchObject({ kind: 'dm', head: 0, unread: 0, memberCount: 2, muted: false, pinned: false });
    expect(found[0]).not.toHaveProperty('title');
    expect((await dan.api.call(list)).conversations).toHaveLength(1);
  });

  test('take two: not oneself, nobody unknown, nobody of another site', async () => {
    const siteId = uuidv7();
    const stranger = uuidv7();
    await t.db.query('test_site', `insert into sites (id, key, name) values ($1, 'elsewhere', 'Elsewhere')`, [siteId]);
    await t.db.query(
      'test_stranger',
      `insert into users (id, site_id, username, username_key, display_name, search_text, avatar_color)
       values ($1, $2, 'stranger', 'stranger', 'Stranger', ' stranger', 'leaf')`,
      [stranger, siteId],
    );
    const refusal = (userId: string) => ann.api.refusal(create, { body: { kind: 'dm', userId } });
    expect(await refusal(ann.id)).toMatchObject({ code: 'validation_failed', issues: [{ path: 'userId' }] });
    expect(await refusal(uuidv7())).toMatchObject({ code: 'not_found' });
    expect(await refusal(stranger)).toMatchObject({ code: 'not_found' });
    const group = { kind: 'group', title: 'Both', userIds: [bob.id, stranger] };
    expect(await ann.api.refusal(create, { body: group })).toMatchObject({ code: 'not_found' });
  });

  test('keep their two members and have no title', async () => {
    const dm = await aDm(ann, bob);
    for (const refusal of [
      await ann.api.refusal(change, { params: params(dm), body: { title: 'Ours' } }),
      await ann.api.refusal(add, { params: params(dm), body: { userIds: [cat.id] } }),
      await ann.api.refusal(remove, { params: member(dm, bob) }),
      await ann.api.refusal(remove, { params: member(dm, ann) }),
      await ann.api.refusal(setRole, { params: member(dm, bob), body: { role: 'owner' } }),
    ]) {
      expect(refusal).toMatchObject({ status: 403, code: 'forbidden' });
    }
  });
});

describe('groups', () => {
  test('are heard of by everybody in them, and everybody hears what is said there at once', async () => {
    const sockets = await Promise.all([ann, bob, cat].map((user) => aSocket(t, user)));
    const group = await aGroup(ann, [bob, cat], 'Tea');
    for (const [place, socket] of sockets.entries()) {
      const { data } = await socket.next('conversation.created');
      expect(data.conversation).toMatchObject({ id: group.id, title: 'Tea', head: 0, memberCount: 3 });
      expect(ids(data.conversation)[0]).toBe([ann, bob, cat][place]?.id);
    }
    const message = await aMessage(bob, group);
    for (const socket of sockets) {
      expect((await socket.next('message.created')).data.message).toEqual(message);
      await socket.close();
    }
  });

  test('adding three people takes three seqs and tells each change; who is in stays as they are', async () => {
    const newcomers = await someUsers(t, 3);
    const group = await aGroup(ann, [bob]);
    await aMessage(ann, group, 'before they came');
    const [bobs, theirs] = await Promise.all([aSocket(t, bob), aSocket(t, newcomers[0] as TestUser)]);
    const userIds = [bob.id, ...newcomers.map(({ id }) => id)];
    const { conversation } = await ann.api.call(add, { params: params(group), body: { userIds } });
    expect(conversation).toMatchObject({ head: 4, memberCount: 5 });
    for (const [place, { id }] of newcomers.entries()) {
      const event = await bobs.next('member.changed');
      expect(event).toMatchObject({
        seq: place + 2,
        data: { member: { userId: id, joinedSeq: place + 2, role: 'member' } },
      });
    }
    expect((await theirs.next('conversation.created')).data.conversation).toMatchObject({
      id: group.id,
      head: 4,
      unread: 0,
    });
    const message = await aMessage(bob, group, 'welcome');
    expect((await theirs.next('message.created')).data.message).toEqual(message);
    await ann.api.call(add, { params: params(group), body: { userIds } });
    expect((await read(ann, group)).head).toBe(5);
    const { body } = await ann.api.request(add, {
      params: params(group),
      body: { userIds: (await someUsers(t, 2)).map(({ id }) => id) },
    });
    expect(body).toMatchObject({ code: 'conflict' });
    await Promise.all([bobs.close(), theirs.close()]);
  });

  test('only owners and admins add and rename; owners alone give roles; admins remove members alone', async () => {
    const dan = await aUser(t);
    const group = await aGroup(ann, [bob, cat]);
    const refusals = [
      await bob.api.refusal(add, { params: params(group), body: { userIds: [dan.id] } }),
      await bob.api.refusal(change, { params: params(group), body: { title: 'Mine' } }),
      await bob.api.refusal(setRole, { params: member(group, bob), body: { role: 'owner' } }),
      await bob.api.refusal(remove, { params: member(group, cat) }),
    ];
    await ann.api.call(setRole, { params: member(group, bob), body: { role: 'admin' } });
    refusals.push(
      await bob.api.refusal(setRole, { params: member(group, cat), body: { role: 'admin' } }),
      await bob.api.refusal(remove, { params: member(group, ann) }),
    );
    for (const refusal of refusals) expect(refusal).toMatchObject({ status: 403, code: 'forbidden' });
    const { conversation } = await bob.api.call(change, { params: params(group), body: { title: 'Renamed' } });
    expect(conversation).toMatchObject({ title: 'Renamed', head: 2, changedSeq: 2 });
    await bob.api.call(add, { params: params(group), body: { userIds: [dan.id] } });
    await bob.api.call(remove, { params: member(group, cat) });
    expect(ids(await read(ann, group)).sort()).toEqual([ann.id, bob.id, dan.id].sort());
    expect((await ann.api.refusal(remove, { params: member(group, cat) })).code).toBe('not_found');
  });

  test('never lose their last owner while others stay', async () => {
    const group = await aGroup(ann, [bob]);
    expect((await ann.api.refusal(remove, { params: member(group, ann) })).code).toBe('conflict');
    expect((await ann.api.refusal(setRole, { params: member(group, ann), body: { role: 'member' } })).code).toBe(
      'conflict',
    );
    await ann.api.call(setRole, { params: member(group, bob), body: { role: 'owner' } });
    const both = await Promise.all([
      ann.api.request(remove, { params: member(group, ann) }),
      bob.api.request(remove, { params: member(group, bob) }),
    ]);
    // One goes; the other is then alone, and may turn off the light.
    expect(both.map(({ status }) => status)).toEqual([204, 204]);
    const present = await t.db.query(
      'test_left',
      'select from members where conversation_id = $1 and left_seq is null',
      [group.id],
    );
    expect(present).toHaveLength(0);
  });

  test('a name that looks like another conversation’s key or name is only a name', async () => {
    const dm = await aDm(ann, bob);
    const key = [ann.id, bob.id].sort().join(':');
    const groups = [await aGroup(ann, [cat], key), await aGroup(ann, [cat], key)];
    expect(new Set([dm.id, ...groups.map(({ id }) => id)]).size).toBe(3);
    expect((await aDm(bob, ann)).id).toBe(dm.id);
    for (const group of groups) {
      const { conversation } = await ann.api.call(change, { params: params(group), body: { title: 'Same' } });
      expect(conversation.title).toBe('Same');
    }
  });

  test('a title that is there already changes nothing; a new one is told to all', async () => {
    const group = await aGroup(ann, [bob], 'Before');
    const socket = await aSocket(t, bob);
    await ann.api.call(change, { params: params(group), body: { title: 'Before' } });
    await ann.api.call(change, { params: params(group), body: { title: 'After' } });
    expect(await socket.next('conversation.changed')).toMatchObject({
      conversationId: group.id,
      seq: 1,
      data: { conversation: { id: group.id, kind: 'group', title: 'After', head: 1, changedSeq: 1 } },
    });
    await socket.close();
  });
});

describe('the list', () => {
  test('is ordered by last activity, in pages that miss and repeat nothing', async () => {
    const dan = await aUser(t);
    const made = await Promise.all(Array.from({ length: 7 }, (_, place) => aGroup(dan, [bob], `Group ${place}`)));
    for (const place of [3, 1, 5]) await aMessage(bob, made[place] as Conversation);
    const seen: Conversation[] = [];
    let cursor: string | undefined;
    do {
      const { conversations, nextCursor } = await dan.api.call(list, {
        query: { limit: 2, ...(cursor !== undefined && { cursor }) },
      });
      seen.push(...conversations);
      cursor = nextCursor;
    } while (cursor !== undefined);
    expect(seen.slice(0, 3).map(({ title }) => title)).toEqual(['Group 5', 'Group 1', 'Group 3']);
    expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(made.map(({ id }) => id)));
    expect(seen).toHaveLength(7);
    expect((await dan.api.call(list)).conversations).toEqual(seen);
    const days = ['2026-02-31T00:00:00.000000Z', '0000-01-01T00:00:00.000000Z', '2026-01-01T24:00:00.000001Z'];
    const unreal = days.map((day) => Buffer.from(`${day}/${dan.id}`).toString('base64url'));
    for (const wrong of ['x', ...unreal]) {
      expect((await dan.api.refusal(list, { query: { cursor: wrong } })).issues).toMatchObject([{ path: 'cursor' }]);
    }
  });

  test('counts what others said after one’s receipt, up to 999, without tombstones', async () => {
    const group = await aGroup(ann, [bob]);
    for (let place = 0; place < 3; place += 1) await aMessage(ann, group);
    await aMessage(bob, group);
    const last = await aMessage(ann, group, 'the last');
    expect(await read(bob, group)).toMatchObject({ unread: 4, head: 5, lastMessage: last });
    expect((await read(ann, group)).unread).toBe(1);
    await bob.api.call('PUT /conversations/:conversationId/receipt', { params: params(group), body: { readSeq: 3 } });
    expect((await read(bob, group)).unread).toBe(1);
    await ann.api.call('DELETE /conversations/:conversationId/messages/:messageId', {
      params: { conversationId: group.id, messageId: last.id },
    });
    expect(await read(bob, group)).toMatchObject({ unread: 0, lastMessage: { id: last.id, text: '' } });
    await t.db.query(
      'test_many',
      `with more as (
         insert into messages (site_id, conversation_id, id, sender_id, client_id, seq, changed_seq, text, draft_hash)
         select c.site_id, c.id, gen_random_uuid(), $2, gen_random_uuid(), 6 + i, 6 + i, 'more', '' from generate_series(1, 1200) i, conversations c where c.id = $1
       ) update conversations set head_seq = 1206, last_message_seq = 1206 where id = $1`,
      [group.id, ann.id],
    );
    expect((await read(bob, group)).unread).toBe(999);
  });

  test('shows 20 members, oneself first, and counts all; alone a conversation shows everybody', async () => {
    const large = await startTestBackend({}, { databaseUrl: t.databaseUrl });
    const [owner, ...others] = (await someUsers(large, 25)) as [TestUser, ...TestUser[]];
    const group = await aGroup(owner, others);
    const last = others.at(-1) as TestUser;
    const [shown] = (await last.api.call(list)).conversations;
    expect(shown).toMatchObject({ id: group.id, memberCount: 25, members: { length: 20 } });
    expect(shown?.members[0]?.userId).toBe(last.id);
    expect((await read(last, group)).members).toHaveLength(25);
    await large.close();
  });

  test('muting and pinning are one’s own, reach one’s other devices, and take no seq', async () => {
    const group = await aGroup(ann, [bob]);
    const [mine, theirs] = await Promise.all([aSocket(t, ann), aSocket(t, bob)]);
    const { conversation } = await ann.api.call(change, { params: params(group), body: { muted: true, pinned: true } });
    expect(conversation).toMatchObject({ muted: true, pinned: true, head: 0 });
    const { data } = await mine.next('conversation.updated');
    expect(data).toEqual({ conversationId: group.id, muted: true, pinned: true });
    await ann.api.call(change, { params: params(group), body: { muted: false } });
    expect(await read(ann, group)).toMatchObject({ muted: false, pinned: true });
    expect(await read(bob, group)).toMatchObject({ muted: false, pinned: false });
    await theirs.settle();
    expect(theirs.events.some(({ type }) => type === 'conversation.updated')).toBe(false);
    await Promise.all([mine.close(), theirs.close()]);
  });
});
