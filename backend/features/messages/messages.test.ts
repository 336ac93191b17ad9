import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../../protocol/messages.ts';
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

const timeline = 'GET /conversations/:conversationId/messages';
const send = 'POST /conversations/:conversationId/messages';
const one = 'GET /conversations/:conversationId/messages/:messageId';
const edit = 'PATCH /conversations/:conversationId/messages/:messageId';
const remove = 'DELETE /conversations/:conversationId/messages/:messageId';
const react = 'PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji';

let t: TestBackend;
let ann: TestUser;
let bob: TestUser;
let eve: TestUser;

beforeAll(async () => {
  t = await startTestBackend({ limits: { messagesPerSecond: 10_000, messageBurst: 100_000 } });
  [ann, bob, eve] = (await someUsers(t, 3)) as [TestUser, TestUser, TestUser];
});
afterAll(() => t.close());

const params = (conversation: { id: string }) => ({ conversationId: conversation.id });
const at = ({ id, conversationId }: Message) => ({ conversationId, messageId: id });
const head = async (user: TestUser, conversation: { id: string }): Promise<number> =>
  (await user.api.call('GET /conversations/:conversationId', { params: params(conversation) })).conversation.head;

describe('sending', () => {
  test('the same message over REST, over the socket and over both is one message, and others see it once', async () => {
    const dm = await aDm(ann, bob);
    const [mine, theirs] = await Promise.all([aSocket(t, ann), aSocket(t, bob)]);
    const doors = {
      rest: async (clientId: string) => {
        const { status, body } = await ann.api.request(send, { params: params(dm), body: { clientId, text: 'hi' } });
        return { status, ...(body as { message: Message; replayed: boolean }) };
      },
      socket: async (clientId: string) => ({
        status: undefined,
        ...(await mine.command('message.send', { conversationId: dm.id, clientId, text: 'hi' })),
      }),
    };
    const orders = [
      ['rest', 'rest'],
      ['socket', 'socket'],
      ['rest', 'socket'],
      ['socket', 'rest'],
    ] as const;
    for (const [place, [first, second]] of orders.entries()) {
      const clientId = uuidv7();
      const sent = await doors[first](clientId);
      const again = await doors[second](clientId);
      expect(sent).toMatchObject({ replayed: false, message: { seq: place + 1, changedSeq: place + 1 } });
      expect(again).toMatchObject({ replayed: true, message: sent.message });
      if (first === 'rest') expect(sent.status).toBe(201);
      if (second === 'rest') expect(again.status).toBe(200);
    }
    await theirs.settle();
    const seen = theirs.events.flatMap((event) => (event.type === 'message.created' ? [event.seq] : []));
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(await head(ann, dm)).toBe(4);
    await Promise.all([mine.close(), theirs.close()]);
  });

  test('twenty at once over two servers: one 201, nineteen 200, one row, one seq', async () => {
    const other = await startTestBackend(
      { limits: { messagesPerSecond: 10_000, messageBurst: 100_000 } },
      { databaseUrl: t.databaseUrl, broker: t.broker },
    );
    const dm = await aDm(ann, bob);
    const before = await head(ann, dm);
    const clientId = uuidv7();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, place) =>
        fetch(`${place % 2 === 0 ? t.url : other.url}/api/v1/conversations/${dm.id}/messages`, {
          method: 'POST',
          headers: { authorization: `Bearer ${ann.accessToken}`, 'content-type': 'application/json' },
          body: JSON.stringify({ clientId, text: 'once' }),
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { message: Message }[];
    expect(new Set(bodies.map(({ message }) => `${message.id}/${message.seq}`)).size).toBe(1);
    expect(await head(ann, dm)).toBe(before + 1);
    await other.close();
  });

  test('another body under the same client id is refused, and the message stays as it is', async () => {
    const dm = await aDm(ann, bob);
    const clientId = uuidv7();
    const { message } = await ann.api.call(send, { params: params(dm), body: { clientId, text: 'first' } });
    for (const body of [
      { text: 'second' },
      { text: 'first', replyTo: message.id },
      { text: 'first', mentions: [bob.id] },
    ]) {
      const { status, body: problem } = await ann.api.request(send, {
        params: params(dm),
        body: { clientId, ...body },
      });
      expect(status).toBe(422);
      expect(problem).toMatchObject({ code: 'idempotency_key_reused' });
    }
    expect((await ann.api.call(one, { params: at(message) })).message).toEqual(message);
  });

  test('the same client id of somebody else, or in another conversation, is another message', async () => {
    const dm = await aDm(ann, bob);
    const group = await aGroup(ann, [bob]);
    const body = { clientId: uuidv7(), text: 'mine' };
    const sent = [
      await ann.api.call(send, { params: params(dm), body }),
      await bob.api.call(send, { params: params(dm), body: { ...body, text: 'his' } }),
      await ann.api.call(send, { params: params(group), body: { ...body, text: 'there' } }),
    ];
    expect(sent.every(({ replayed }) => !replayed)).toBe(true);
    expect(new Set(sent.map(({ message }) => message.id)).size).toBe(3);
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['too long', 'x'.repeat(300)],
    ['no UUID', 'not-a-uuid'],
  ])('a client id that is %s is refused by name', async (_, clientId) => {
    const dm = await aDm(ann, bob);
    const { status, body } = await ann.api.request(send, { params: params(dm), body: { clientId, text: 'hi' } });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'validation_failed', issues: [{ path: 'clientId' }] });
  });

  test('replies quote messages of the same conversation, tombstones included; mentions name its members', async () => {
    const group = await aGroup(ann, [bob]);
    const dm = await aDm(ann, bob);
    const elsewhere = await aMessage(ann, dm);
    const quoted = await aMessage(ann, group);
    await ann.api.call(remove, { params: at(quoted) });
    const body = { text: 'see above', replyTo: quoted.id, mentions: [ann.id] };
    const { message } = await bob.api.call(send, { params: params(group), body: { clientId: uuidv7(), ...body } });
    expect(message).toMatchObject(body);
    for (const [field, value] of [
      ['replyTo', elsewhere.id],
      ['mentions', [eve.id]],
    ] as const) {
      const refusal = await bob.api.refusal(send, {
        params: params(group),
        body: { clientId: uuidv7(), text: 'hi', [field]: value },
      });
      expect(refusal).toMatchObject({ status: 400, code: 'validation_failed', issues: [{ path: field }] });
    }
  });

  test('somebody who sends too fast is told to wait', async () => {
    // So little is earned back that the burst is all there is, however slow the machine.
    const slow = await startTestBackend({ limits: { messagesPerSecond: 0.01 } }, { databaseUrl: t.databaseUrl });
    const dm = await aDm(ann, bob);
    const socket = await aSocket(slow, ann);
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () =>
        socket.command('message.send', { conversationId: dm.id, clientId: uuidv7(), text: 'quick' }),
      ),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(results.length - refused.length).toBe(20);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'rate_limited' });
    await socket.close();
    await slow.close();
  });
});

describe('the timeline', () => {
  test('is read in pages from the newest back, and from anywhere on', async () => {
    const group = await aGroup(ann, [bob]);
    for (let place = 1; place <= 7; place += 1) await aMessage(ann, group, `message ${place}`);
    const page = async (query: Record<string, number>) => {
      const { messages, hasMore } = await bob.api.call(timeline, { params: params(group), query });
      return [messages.map(({ seq }) => seq), hasMore];
    };
    expect(await page({})).toEqual([[1, 2, 3, 4, 5, 6, 7], false]);
    expect(await page({ limit: 3 })).toEqual([[5, 6, 7], true]);
    expect(await page({ limit: 3, before: 5 })).toEqual([[2, 3, 4], true]);
    expect(await page({ limit: 3, before: 2 })).toEqual([[1], false]);
    expect(await page({ limit: 3, after: 0 })).toEqual([[1, 2, 3], true]);
    expect(await page({ limit: 3, after: 4 })).toEqual([[5, 6, 7], false]);
    expect(await page({ limit: 3, after: 1, before: 4 })).toEqual([[2, 3], false]);
    expect(await page({ after: 7 })).toEqual([[], false]);
    expect((await bob.api.refusal(timeline, { params: params(group), query: { limit: 101 } })).code).toBe(
      'validation_failed',
    );
  });

  test('a message reads the same in the answer, in the event, alone and in a page', async () => {
    const group = await aGroup(ann, [bob]);
    const socket = await aSocket(t, bob);
    const first = await aMessage(ann, group, 'quote me');
    const body = {
      clientId: uuidv7(),
      text: 'ünï \u{1f375}\n<b>"quotes"</b> \\ back',
      replyTo: first.id,
      mentions: [bob.id, ann.id],
    };
    const { message } = await ann.api.call(send, { params: params(group), body });
    const event = await socket.next('message.created', ({ seq }) => seq === message.seq);
    expect(event.data.message).toEqual(message);
    expect((await bob.api.call(one, { params: at(message) })).message).toEqual(message);
    expect((await bob.api.call(timeline, { params: params(group) })).messages.at(-1)).toEqual(message);
    await socket.close();
  });

  test('to who is no member, a conversation and its messages do not exist', async () => {
    const dm = await aDm(ann, bob);
    const message = await aMessage(ann, dm);
    const there = [
      eve.api.refusal(timeline, { params: params(dm) }),
      eve.api.refusal(send, { params: params(dm), body: { clientId: uuidv7(), text: 'hi' } }),
      eve.api.refusal(one, { params: at(message) }),
      eve.api.refusal(edit, { params: at(message), body: { text: 'mine' } }),
      eve.api.refusal(remove, { params: at(message) }),
      eve.api.refusal(react, { params: { ...at(message), emoji: '👍' } }),
    ];
    const nowhere = [eve.api.refusal(timeline, { params: params({ id: uuidv7() }) })];
    for (const refusal of await Promise.all([...there, ...nowhere])) {
      expect(refusal).toMatchObject({ status: 404, code: 'not_found' });
    }
  });

  test('a message of one conversation cannot be reached through another', async () => {
    const [dm, group] = [await aDm(ann, bob), await aGroup(ann, [bob])];
    const message = await aMessage(ann, dm);
    const through = { conversationId: group.id, messageId: message.id };
    for (const refusal of [
      await ann.api.refusal(one, { params: through }),
      await ann.api.refusal(edit, { params: through, body: { text: 'moved' } }),
      await ann.api.refusal(remove, { params: through }),
      await ann.api.refusal(react, { params: { ...through, emoji: '👍' } }),
    ]) {
      expect(refusal).toMatchObject({ status: 404, code: 'not_found' });
    }
  });
});
