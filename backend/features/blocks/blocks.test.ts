import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import {
  aDm,
  aGroup,
  aMessage,
  aSocket,
  aUser,
  startTestBackend,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend({ limits: { messagesPerSecond: 10_000, messageBurst: 10_000 } });
});
afterAll(() => server.close());

const block = (who: TestUser, whom: TestUser) => who.api.call('PUT /blocks/:userId', { params: { userId: whom.id } });
const unblock = (who: TestUser, whom: TestUser) =>
  who.api.call('DELETE /blocks/:userId', { params: { userId: whom.id } });
const send = (who: TestUser, conversationId: string) =>
  who.api.request('POST /conversations/:conversationId/messages', {
    params: { conversationId },
    body: { clientId: uuidv7(), text: 'hello' },
  });

test('neither side of a block can write to the other, until both blocks are lifted', async () => {
  const [anna, ben] = [await aUser(server), await aUser(server)];
  const dm = await aDm(anna, ben);
  await block(anna, ben);
  await block(ben, anna);
  for (const who of [anna, ben]) expect((await send(who, dm.id)).body).toMatchObject({ status: 403, code: 'blocked' });
  await unblock(anna, ben);
  for (const who of [anna, ben]) expect((await send(who, dm.id)).status).toBe(403);
  await unblock(ben, anna);
  for (const who of [anna, ben]) expect((await send(who, dm.id)).status).toBe(201);
});

test('nobody is drawn into a conversation by somebody whom they blocked', async () => {
  const [anna, ben, carl] = [await aUser(server), await aUser(server), await aUser(server)];
  await block(anna, ben);
  const group = await aGroup(ben, [carl]);
  const refusals = await Promise.all([
    ben.api.refusal('POST /conversations', { body: { kind: 'dm', userId: anna.id } }),
    ben.api.refusal('POST /conversations', { body: { kind: 'group', title: 'Hi', userIds: [anna.id] } }),
    ben.api.refusal('POST /conversations/:conversationId/members', {
      params: { conversationId: group.id },
      body: { userIds: [anna.id] },
    }),
  ]);
  expect(refusals.map(({ code }) => code)).toEqual(['blocked', 'blocked', 'blocked']);
});

test('presence, typing and receipts do not pass a block in the direct message', async () => {
  const [anna, ben] = [await aUser(server), await aUser(server)];
  const dm = await aDm(anna, ben);
  await aMessage(anna, dm);
  const before = await aSocket(server, ben);
  await block(anna, ben);
  const annas = await aSocket(server, anna);
  await annas.command('conversation.watch', { conversationId: dm.id });
  await before.command('typing.start', { conversationId: dm.id });
  await before.command('receipt.update', { conversationId: dm.id, readSeq: 1 });
  await before.command('presence.set', { presence: 'away' });
  await annas.command('presence.set', { presence: 'away' });
  await before.settle();
  await annas.settle();
  const heard = [...annas.events, ...before.events];
  expect(heard.filter(({ type }) => type !== 'presence.changed')).toEqual([]);
  // All that the block lets through is that the other is gone from view, whether they are there or not.
  for (const { data } of heard) expect(data).toEqual({ userId: anna.id, presence: 'offline' });
  await before.close();
  await annas.close();
});

test('in a group both still read each other', async () => {
  const [anna, ben] = [await aUser(server), await aUser(server)];
  const group = await aGroup(anna, [ben]);
  await block(anna, ben);
  const socket = await aSocket(server, anna);
  const { seq } = await aMessage(ben, group, 'to all');
  expect(await socket.next('message.created')).toMatchObject({ seq });
  await socket.close();
});

test('a message that races a block is either before it or refused', async () => {
  const [anna, ben] = [await aUser(server), await aUser(server)];
  const dm = await aDm(anna, ben);
  for (let round = 0; round < 40; round++) {
    const sends = Promise.all(Array.from({ length: 5 }, () => send(ben, dm.id)));
    const blocked = block(anna, ben).then(() => send(ben, dm.id));
    expect((await blocked).status).toBe(403);
    for (const { status } of await sends) expect([201, 403]).toContain(status);
    await unblock(anna, ben);
  }
});

test('the list of blocks is one’s own', async () => {
  const [anna, ben] = [await aUser(server), await aUser(server)];
  await block(anna, ben);
  await block(anna, ben);
  expect((await anna.api.call('GET /blocks')).users.map(({ id }) => id)).toEqual([ben.id]);
  expect((await ben.api.call('GET /blocks')).users).toEqual([]);
  expect((await anna.api.refusal('PUT /blocks/:userId', { params: { userId: anna.id } })).code).toBe(
    'validation_failed',
  );
});
