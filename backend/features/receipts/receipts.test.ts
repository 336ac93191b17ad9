import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

const put = 'PUT /conversations/:conversationId/receipt';

let t: TestBackend;
let ann: TestUser;
let bob: TestUser;
let eve: TestUser;

beforeAll(async () => {
  t = await startTestBackend({
    limits: { messagesPerSecond: 10_000, messageBurst: 100_000, commandsPerSecond: 10_000, commandBurst: 100_000 },
  });
  [ann, bob, eve] = (await someUsers(t, 3)) as [TestUser, TestUser, TestUser];
});
afterAll(() => t.close());

test('receipts go forward only, never past the head, and what is read is delivered', async () => {
  const dm = await aDm(ann, bob);
  for (let place = 0; place < 5; place += 1) await aMessage(ann, dm);
  const update = (body: { deliveredSeq?: number; readSeq?: number }) =>
    bob.api.call(put, { params: { conversationId: dm.id }, body });
  expect(await update({ deliveredSeq: 2 })).toEqual({ deliveredSeq: 2, readSeq: 0 });
  expect(await update({ readSeq: 3 })).toEqual({ deliveredSeq: 3, readSeq: 3 });
  expect(await update({ deliveredSeq: 1, readSeq: 1 })).toEqual({ deliveredSeq: 3, readSeq: 3 });
  expect(await update({ deliveredSeq: 99, readSeq: 4 })).toEqual({ deliveredSeq: 5, readSeq: 4 });
  expect(await update({ readSeq: 99 })).toEqual({ deliveredSeq: 5, readSeq: 5 });
  expect(await update({})).toEqual({ deliveredSeq: 5, readSeq: 5 });
  const { conversation } = await ann.api.call('GET /conversations/:conversationId', {
    params: { conversationId: dm.id },
  });
  expect(conversation.members).toMatchObject([{ readSeq: 0 }, { userId: bob.id, deliveredSeq: 5, readSeq: 5 }]);
  expect(conversation.head).toBe(5);
});

test('others hear of each step forward once, and of nothing else', async () => {
  const group = await aGroup(ann, [bob]);
  await aMessage(ann, group);
  await aMessage(ann, group);
  const [mine, theirs] = await Promise.all([aSocket(t, ann), aSocket(t, bob)]);
  await theirs.command('receipt.update', { conversationId: group.id, deliveredSeq: 2 });
  await theirs.command('receipt.update', { conversationId: group.id, deliveredSeq: 1 });
  await theirs.command('receipt.update', { conversationId: group.id, readSeq: 2 });
  await theirs.command('receipt.update', { conversationId: group.id, readSeq: 2 });
  await mine.settle();
  const heard = mine.events.filter((event) => event.type === 'receipt.updated');
  expect(heard).toEqual([
    { type: 'receipt.updated', conversationId: group.id, data: { userId: bob.id, deliveredSeq: 2, readSeq: 0 } },
    { type: 'receipt.updated', conversationId: group.id, data: { userId: bob.id, deliveredSeq: 2, readSeq: 2 } },
  ]);
  await Promise.all([mine.close(), theirs.close()]);
});

test('to who is no member the conversation does not exist, at either door', async () => {
  const dm = await aDm(ann, bob);
  expect(await eve.api.refusal(put, { params: { conversationId: dm.id }, body: { readSeq: 1 } })).toMatchObject({
    status: 404,
  });
  const socket = await aSocket(t, eve);
  const update = socket.command('receipt.update', { conversationId: dm.id, readSeq: 1 });
  await expect(update).rejects.toMatchObject({ code: 'not_found' });
  await socket.close();
});

test('whatever many devices say at once over two servers, each receipt ends at the farthest mark', async () => {
  const other = await startTestBackend({}, { databaseUrl: t.databaseUrl, broker: t.broker });
  const groups = [await aGroup(ann, [bob]), await aGroup(bob, [ann])];
  for (let place = 0; place < 8; place += 1) for (const group of groups) await aMessage(ann, group);
  const users = [ann, bob];
  const sockets = await Promise.all([t, other].flatMap((server) => users.map((user) => aSocket(server, user))));
  const farthest = new Map<string, { deliveredSeq: number; readSeq: number }>();
  const mark = fc.record({ socket: fc.nat(3), group: fc.nat(1), deliveredSeq: fc.nat(10), readSeq: fc.nat(10) });
  await fc.assert(
    fc.asyncProperty(fc.array(mark, { minLength: 1, maxLength: 12 }), async (marks) => {
      await Promise.all(
        marks.map(({ socket, group, ...said }) => {
          const { id } = groups[group] ?? { id: '' };
          const key = `${id}/${users[socket % 2]?.id}`;
          const before = farthest.get(key) ?? { deliveredSeq: 0, readSeq: 0 };
          const readSeq = Math.max(before.readSeq, Math.min(8, said.readSeq));
          const deliveredSeq = Math.max(before.deliveredSeq, readSeq, Math.min(8, said.deliveredSeq));
          farthest.set(key, { deliveredSeq, readSeq });
          return sockets[socket]?.command('receipt.update', { conversationId: id, ...said });
        }),
      );
      for (const { id } of groups) {
        const { conversation } = await ann.api.call('GET /conversations/:conversationId', {
          params: { conversationId: id },
        });
        for (const { userId, deliveredSeq, readSeq } of conversation.members) {
          expect({ deliveredSeq, readSeq }).toEqual(farthest.get(`${id}/${userId}`) ?? { deliveredSeq: 0, readSeq: 0 });
        }
      }
    }),
    { numRuns: 25 },
  );
  await Promise.all(sockets.map((socket) => socket.close()));
  await other.close();
});
