import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../../protocol/messages.ts';
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

const send = 'POST /conversations/:conversationId/messages';
const one = 'GET /conversations/:conversationId/messages/:messageId';
const edit = 'PATCH /conversations/:conversationId/messages/:messageId';
const remove = 'DELETE /conversations/:conversationId/messages/:messageId';
const react = 'PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji';
const unreact = 'DELETE /conversations/:conversationId/messages/:messageId/reactions/:emoji';

let t: TestBackend;
let ann: TestUser;
let bob: TestUser;

beforeAll(async () => {
  t = await startTestBackend({ limits: { messagesPerSecond: 10_000, messageBurst: 100_000 } });
  [ann, bob] = (await someUsers(t, 2)) as [TestUser, TestUser];
});
afterAll(() => t.close());

const params = (conversation: { id: string }) => ({ conversationId: conversation.id });
const at = ({ id, conversationId }: Message) => ({ conversationId, messageId: id });
const head = async (user: TestUser, conversation: { id: string }): Promise<number> =>
  (await user.api.call('GET /conversations/:conversationId', { params: params(conversation) })).conversation.head;

describe('changing', () => {
  test('an edit that says nothing of mentions keeps them', async () => {
    const group = await aGroup(ann, [bob]);
    const body = { clientId: uuidv7(), text: 'hi @bob', mentions: [bob.id] };
    const { message } = await ann.api.call(send, { params: params(group), body });
    const edited = async (change: { text: string; mentions?: string[] }) =>
      (await ann.api.call(edit, { params: at(message), body: change })).message;
    expect(await edited({ text: 'hello @bob' })).toMatchObject({ changedSeq: 2, mentions: [bob.id] });
    expect(await edited({ text: 'hello @bob' })).toMatchObject({ changedSeq: 2, mentions: [bob.id] });
    expect(await edited({ text: 'hello', mentions: [] })).toMatchObject({ changedSeq: 3, mentions: [] });
  });

  test('edits are one’s own, take a seq each, and saying the same again changes nothing', async () => {
    const group = await aGroup(ann, [bob]);
    const socket = await aSocket(t, bob);
    const message = await aMessage(ann, group, 'tpyo');
    const { message: edited } = await ann.api.call(edit, { params: at(message), body: { text: 'typo' } });
    expect(edited).toMatchObject({ id: message.id, seq: 1, changedSeq: 2, text: 'typo', createdAt: message.createdAt });
    expect(edited.editedAt).toBeDefined();
    const event = await socket.next('message.changed');
    expect(event).toMatchObject({ conversationId: group.id, seq: 2, data: { message: edited } });
    expect((await ann.api.call(edit, { params: at(message), body: { text: 'typo' } })).message).toEqual(edited);
    expect(await head(ann, group)).toBe(2);
    expect(await bob.api.refusal(edit, { params: at(message), body: { text: 'his' } })).toMatchObject({
      code: 'forbidden',
    });
    await socket.close();
  });

  test('a deleted message stays as a tombstone, and deleting it again changes nothing', async () => {
    const group = await aGroup(ann, [bob]);
    const body = { clientId: uuidv7(), text: 'regret', mentions: [ann.id] };
    const { message } = await bob.api.call(send, { params: params(group), body });
    await ann.api.call(react, { params: { ...at(message), emoji: '👍' } });
    const { message: gone } = await bob.api.call(remove, { params: at(message) });
    expect(gone).toMatchObject({ id: message.id, seq: 1, changedSeq: 3, text: '', mentions: [], reactions: [] });
    expect(gone.deletedAt).toBeDefined();
    expect((await bob.api.call(remove, { params: at(message) })).message).toEqual(gone);
    expect(await head(ann, group)).toBe(3);
    expect((await bob.api.refusal(edit, { params: at(message), body: { text: 'back' } })).code).toBe('conflict');
    expect((await bob.api.refusal(react, { params: { ...at(message), emoji: '👍' } })).code).toBe('conflict');
    const rows = await t.db.query<{ text: string }>('test_gone', 'select text from messages where id = $1', [
      message.id,
    ]);
    expect(rows).toEqual([{ text: '' }]);
    expect((await bob.api.call(send, { params: params(group), body })).message).toEqual(gone);
  });

  test('others’ messages are deleted by owners and admins of a group only', async () => {
    const cat = await aUser(t);
    const group = await aGroup(ann, [bob, cat]);
    const dm = await aDm(ann, bob);
    const [inGroup, inDm] = [await aMessage(bob, group), await aMessage(bob, dm)];
    expect((await cat.api.refusal(remove, { params: at(inGroup) })).code).toBe('forbidden');
    expect((await ann.api.refusal(remove, { params: at(inDm) })).code).toBe('forbidden');
    await ann.api.call('PATCH /conversations/:conversationId/members/:userId', {
      params: { conversationId: group.id, userId: cat.id },
      body: { role: 'admin' },
    });
    expect((await cat.api.call(remove, { params: at(inGroup) })).message.deletedAt).toBeDefined();
    expect((await ann.api.call(remove, { params: at(await aMessage(bob, group)) })).message.deletedAt).toBeDefined();
  });

  test('reactions stand in the order of their first use, and putting one twice changes nothing', async () => {
    const group = await aGroup(ann, [bob]);
    const message = await aMessage(ann, group);
    const tap = async (user: TestUser, emoji: string, route: typeof react | typeof unreact = react) =>
      (await user.api.call(route, { params: { ...at(message), emoji } })).message;
    await tap(bob, '🎉');
    await tap(ann, '👍');
    const both = await tap(ann, '🎉');
    expect(both).toMatchObject({
      changedSeq: 4,
      reactions: [
        { emoji: '🎉', userIds: [bob.id, ann.id] },
        { emoji: '👍', userIds: [ann.id] },
      ],
    });
    expect(await tap(ann, '🎉')).toEqual(both);
    expect(await tap(bob, '👍', unreact)).toEqual(both);
    expect((await tap(ann, '👍', unreact)).reactions).toEqual([{ emoji: '🎉', userIds: [bob.id, ann.id] }]);
    expect(await head(ann, group)).toBe(5);
  });

  test('a message has at most 20 different reactions, however many press at once', async () => {
    const group = await aGroup(ann, [bob]);
    const message = await aMessage(ann, group);
    const emojis = Array.from({ length: 25 }, (_, place) => String.fromCodePoint(0x1f34a + place));
    const answers = await Promise.all(
      emojis.map((emoji) => bob.api.request(react, { params: { ...at(message), emoji } })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
    const { message: full } = await ann.api.call(one, { params: at(message) });
    expect(full.reactions).toHaveLength(20);
    const [first] = full.reactions;
    await ann.api.call(react, { params: { ...at(message), emoji: first?.emoji ?? '' } });
  });

  test('the socket’s commands do what the routes do', async () => {
    const group = await aGroup(ann, [bob]);
    const socket = await aSocket(t, ann);
    const { message } = await socket.command('message.send', {
      conversationId: group.id,
      clientId: uuidv7(),
      text: 'a',
    });
    const target = { conversationId: group.id, messageId: message.id };
    expect((await socket.command('message.edit', { ...target, text: 'b' })).message.text).toBe('b');
    expect((await socket.command('reaction.add', { ...target, emoji: '👍' })).message.reactions).toHaveLength(1);
    expect((await socket.command('reaction.remove', { ...target, emoji: '👍' })).message.reactions).toHaveLength(0);
    expect((await socket.command('message.delete', target)).message).toMatchObject({ text: '', changedSeq: 5 });
    await expect(socket.command('message.edit', { ...target, text: 'c' })).rejects.toMatchObject({ code: 'conflict' });
    await socket.settle();
    const seqs = socket.events.flatMap((event) => ('seq' in event ? [event.seq] : []));
    expect(seqs).toEqual([1, 2, 3, 4, 5]);
    await socket.close();
  });
});
