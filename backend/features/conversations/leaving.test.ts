import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation } from '../../../protocol/conversations.ts';
import {
  aDm,
  aGroup,
  aMessage,
  aSocket,
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
const send = 'POST /conversations/:conversationId/messages';
const timeline = 'GET /conversations/:conversationId/messages';

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

describe('leaving', () => {
  test('who is removed hears nothing that is committed later, and finds nothing any more', async () => {
    const group = await aGroup(ann, [bob, cat]);
    const [bobs, cats] = await Promise.all([aSocket(t, bob), aSocket(t, cat)]);
    await aMessage(ann, group, 'while he is here');
    await ann.api.call(remove, { params: member(group, bob) });
    await aMessage(ann, group, 'about him');
    await cats.command('typing.start', { conversationId: group.id });
    await cat.api.call('PUT /conversations/:conversationId/receipt', { params: params(group), body: { readSeq: 3 } });
    await cats.next('message.created', ({ seq }) => seq === 3);
    expect(await cats.next('member.changed')).toMatchObject({
      seq: 2,
      data: { member: { userId: bob.id, removed: true } },
    });
    expect((await bobs.next('conversation.removed')).data.conversationId).toBe(group.id);
    await bobs.settle();
    const heard = bobs.events.filter((event) => 'conversationId' in event && event.conversationId === group.id);
    expect(heard.map((event) => ('seq' in event ? event.seq : event.type))).toEqual([1]);
    for (const refusal of [
      await bob.api.refusal(one, { params: params(group) }),
      await bob.api.refusal(timeline, { params: params(group) }),
      await bob.api.refusal('GET /conversations/:conversationId/changes', {
        params: params(group),
        query: { after: 0 },
      }),
      await bob.api.refusal(send, { params: params(group), body: { clientId: uuidv7(), text: 'wait' } }),
      await bob.api.refusal(change, { params: params(group), body: { muted: true } }),
      await bob.api.refusal('PUT /conversations/:conversationId/receipt', {
        params: params(group),
        body: { readSeq: 1 },
      }),
    ]) {
      expect(refusal).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect((await bob.api.call(list)).conversations.some(({ id }) => id === group.id)).toBe(false);
    await Promise.all([bobs.close(), cats.close()]);
  });

  test('who comes back reads the whole history, what was said meanwhile included, and nothing of it is unread', async () => {
    const group = await aGroup(ann, [bob]);
    await ann.api.call(setRole, { params: member(group, bob), body: { role: 'admin' } });
    await ann.api.call(remove, { params: member(group, bob) });
    const meanwhile = await aMessage(ann, group, 'meanwhile');
    await ann.api.call(add, { params: params(group), body: { userIds: [bob.id] } });
    const back = await read(bob, group);
    expect(back).toMatchObject({ unread: 0, head: 4, memberCount: 2 });
    expect(back.members[0]).toMatchObject({ userId: bob.id, role: 'member', joinedSeq: 4 });
    const { messages } = await bob.api.call(timeline, { params: params(group) });
    expect(messages).toEqual([meanwhile]);
  });

  test('a removal and a message of the removed race 500 times over two servers, and never does the message come after', async () => {
    const other = await startTestBackend(
      { limits: { messagesPerSecond: 10_000, messageBurst: 100_000 } },
      { databaseUrl: t.databaseUrl, broker: t.broker },
    );
    const bobThere = await aSocket(other, bob);
    const group = await aGroup(ann, [bob]);
    const departures: { left: number; back: number }[] = [];
    let accepted = 0;
    for (let round = 0; round < 500; round += 1) {
      const sending = bobThere
        .command('message.send', { conversationId: group.id, clientId: uuidv7(), text: `round ${round}` })
        .catch((error: { code: string }) => error.code);
      // Spread over the time that the two take, so that both orders come up.
      for (let turn = 0; turn < round % 7; turn += 1) await new Promise(setImmediate);
      await ann.api.call(remove, { params: member(group, bob) });
      const sent = await sending;
      const [{ left } = { left: 0 }] = await t.db.query<{ left: number }>(
        'test_when',
        'select left_seq::int as left from members where conversation_id = $1 and user_id = $2',
        [group.id, bob.id],
      );
      if (typeof sent === 'string') expect(sent).toBe('not_found');
      else {
        accepted += 1;
        expect(sent.message.seq).toBeLessThan(left);
      }
      const { conversation } = await ann.api.call(add, { params: params(group), body: { userIds: [bob.id] } });
      departures.push({ left, back: conversation.head });
    }
    expect(accepted).toBeGreaterThan(0);
    await bobThere.settle();
    const heard = bobThere.events.flatMap((event) =>
      'seq' in event && event.conversationId === group.id ? [event.seq] : [],
    );
    for (const { left, back } of departures) expect(heard.filter((seq) => seq >= left && seq < back)).toEqual([]);
    await bobThere.close();
    await other.close();
  }, 240_000);
});

describe('blocks', () => {
  test('a block stops the direct message both ways, and what only shows in it', async () => {
    const [dan, eve] = (await someUsers(t, 2)) as [TestUser, TestUser];
    const dm = await aDm(dan, eve);
    const message = await aMessage(dan, dm);
    const [dans, eves] = await Promise.all([aSocket(t, dan), aSocket(t, eve)]);
    await eve.api.call('PUT /blocks/:userId', { params: { userId: dan.id } });
    const at = { conversationId: dm.id, messageId: message.id };
    for (const refusal of [
      await dan.api.refusal(send, { params: params(dm), body: { clientId: uuidv7(), text: 'hello?' } }),
      await eve.api.refusal(send, { params: params(dm), body: { clientId: uuidv7(), text: 'no' } }),
      await dan.api.refusal('PATCH /conversations/:conversationId/messages/:messageId', {
        params: at,
        body: { text: 'sorry' },
      }),
      await dan.api.refusal('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
        params: { ...at, emoji: '👍' },
      }),
      await dan.api.refusal(create, { body: { kind: 'dm', userId: eve.id } }),
      await dan.api.refusal(create, { body: { kind: 'group', title: 'Come', userIds: [eve.id] } }),
    ]) {
      expect(refusal).toMatchObject({ status: 403, code: 'blocked' });
    }
    const group = await aGroup(dan, [ann]);
    expect((await dan.api.refusal(add, { params: params(group), body: { userIds: [eve.id] } })).code).toBe('blocked');

    await eves.command('receipt.update', { conversationId: dm.id, readSeq: 1 });
    await dans.settle();
    expect(dans.events.some(({ type }) => type === 'receipt.updated')).toBe(false);
    const seen = (await read(dan, dm)).members.find(({ userId }) => userId === eve.id);
    expect(seen).toMatchObject({ deliveredSeq: 0, readSeq: 0 });
    expect(seen?.user).not.toHaveProperty('presence');
    expect(seen?.user).not.toHaveProperty('lastSeenAt');
    expect((await read(eve, dm)).unread).toBe(0);

    await eve.api.call('DELETE /blocks/:userId', { params: { userId: dan.id } });
    await aMessage(dan, dm, 'thank you');
    expect((await read(dan, dm)).members.find(({ userId }) => userId === eve.id)).toMatchObject({ readSeq: 1 });
    await Promise.all([dans.close(), eves.close()]);
  });

  test('a direct message that is opened while a block is made is blocked, or not opened', async () => {
    for (let round = 0; round < 12; round += 1) {
      const [dan, eve] = (await someUsers(t, 2)) as [TestUser, TestUser];
      const [opened] = await Promise.all([
        dan.api.request(create, { body: { kind: 'dm', userId: eve.id } }),
        eve.api.call('PUT /blocks/:userId', { params: { userId: dan.id } }),
      ]);
      if (opened.status === 403) continue;
      const { conversation } = opened.body as { conversation: Conversation };
      const refusal = await dan.api.refusal(send, {
        params: params(conversation),
        body: { clientId: uuidv7(), text: 'hi' },
      });
      expect(refusal.code).toBe('blocked');
    }
  }, 240_000);

  test('in a group both still hear each other, without presence', async () => {
    const [dan, eve] = (await someUsers(t, 2)) as [TestUser, TestUser];
    const group = await aGroup(ann, [dan, eve]);
    await eve.api.call('PUT /blocks/:userId', { params: { userId: dan.id } });
    const socket = await aSocket(t, eve);
    const message = await aMessage(dan, group);
    expect((await socket.next('message.created')).data.message).toEqual(message);
    const presence = (await read(eve, group)).members.map(({ userId, user }) => [userId, user.presence]);
    expect(Object.fromEntries(presence)).toMatchObject({
      [ann.id]: 'offline',
      [dan.id]: undefined,
      [eve.id]: 'online',
    });
    await socket.close();
  });
});
