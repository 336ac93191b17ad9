import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Conversation } from '../../../protocol/conversations.ts';
import {
  aDm,
  aGroup,
  aMessage,
  aSocket,
  someUsers,
  startTestBackend,
  type TestBackend,
  type TestSocket,
  type TestUser,
} from '../../testing/index.ts';

// Two processes: what is decided at one holds at the other.
let server: TestBackend;
let other: TestBackend;
let ann: TestUser;
let ben: TestUser;
let dm: Conversation;
beforeAll(async () => {
  const limits = { offlineGraceMs: 50 };
  server = await startTestBackend({ limits });
  other = await startTestBackend({ limits }, { databaseUrl: server.databaseUrl, broker: server.broker });
});
afterAll(async () => {
  await other.close();
  await server.close();
});
beforeEach(async () => {
  [ann, ben] = (await someUsers(server, 2)) as [TestUser, TestUser];
  dm = await aDm(ann, ben);
});

/** How long news may take on a slow machine. */
const patienceMs = 20_000;
const params = () => ({ conversationId: dm.id });
const decide = (who: TestUser, body: object) => who.api.call('PATCH /me/settings', { body });
const settingsOf = async (who: TestUser) => (await who.api.call('GET /me/settings')).settings;
/** How a member sees another one in the conversation, alone and in the list. */
const seenBy = async (viewer: TestUser, member: TestUser) => {
  const [{ conversation }, { conversations }] = await Promise.all([
    viewer.api.call('GET /conversations/:conversationId', { params: params() }),
    viewer.api.call('GET /conversations'),
  ]);
  return [conversation.members, conversations[0]?.members ?? []].map((all) =>
    all.find(({ userId }) => userId === member.id),
  );
};
const userSeenBy = async (viewer: TestUser, { id: userId }: TestUser) =>
  (await viewer.api.call('GET /users/:userId', { params: { userId } })).user;

test('until they decide, people show all; what they leave out stays', async () => {
  const all = { whoMayCall: 'everybody', showsReceipts: true, showsPresence: true, showsTyping: true };
  expect(await settingsOf(ann)).toEqual(all);
  expect((await decide(ann, { showsTyping: false })).settings).toEqual({ ...all, showsTyping: false });
  expect((await decide(ann, { whoMayCall: 'known' })).settings).toMatchObject({ whoMayCall: 'known' });
  expect(await settingsOf(ann)).toEqual({ ...all, whoMayCall: 'known', showsTyping: false });
  expect(await settingsOf(ben)).toEqual(all);
});

test.each([{ showsTyping: 'no' }, { whoMayCall: 'friends' }, { whoMayCall: null }, { hides: true }])(
  'refuses %j',
  async (body) => {
    expect((await ann.api.refusal('PATCH /me/settings', { body })).code).toBe('validation_failed');
  },
);

describe('receipts', () => {
  const receiptsIn = ({ events }: TestSocket) =>
    events.flatMap((event) => (event.type === 'receipt.updated' ? [event.data] : []));
  const read = (who: TestUser, readSeq: number, deliveredSeq = readSeq) =>
    who.api.call('PUT /conversations/:conversationId/receipt', {
      params: params(),
      body: { deliveredSeq, readSeq },
    });

  test('that are not shown reach nobody else: others learn of delivery alone, one’s own devices of all', async () => {
    await aMessage(ann, dm);
    await decide(ben, { showsReceipts: false });
    const [anns, bens] = await Promise.all([aSocket(server, ann), aSocket(other, ben)]);
    await read(ben, 0, 1);
    await read(ben, 1);
    const own = await bens.next('receipt.updated', ({ data }) => data.readSeq === 1, patienceMs);
    expect(own.data).toEqual({ userId: ben.id, deliveredSeq: 1, readSeq: 1 });
    // What comes after it has come: nothing is on the way any more.
    await aMessage(ann, dm, 'after');
    await anns.next('message.created', ({ data }) => data.message.text === 'after', patienceMs);
    expect(receiptsIn(anns)).toEqual([{ userId: ben.id, deliveredSeq: 1, readSeq: 0 }]);
    for (const member of await seenBy(ann, ben)) expect(member).toMatchObject({ deliveredSeq: 1, readSeq: 0 });
    for (const member of await seenBy(ben, ben)) expect(member).toMatchObject({ deliveredSeq: 1, readSeq: 1 });
    await Promise.all([anns.close(), bens.close()]);
  });

  test('of others are not shown to whoever shows none, from the moment on, and again when they do', async () => {
    await aMessage(ben, dm);
    await aMessage(ben, dm);
    const [bens, elsewhere] = await Promise.all([aSocket(server, ben), aSocket(other, ben)]);
    await decide(ben, { showsReceipts: false });
    await read(ann, 1);
    for (const member of await seenBy(ben, ann)) expect(member).toMatchObject({ readSeq: 0 });
    for (const [place, socket] of [bens, elsewhere].entries()) {
      await aMessage(ann, dm, `after ${place}`);
      await socket.next('message.created', ({ data }) => data.message.text === `after ${place}`, patienceMs);
      expect(receiptsIn(socket)).toEqual([]);
    }
    await decide(ben, { showsReceipts: true });
    await read(ann, 2);
    for (const socket of [bens, elsewhere])
      expect((await socket.next('receipt.updated', undefined, patienceMs)).data).toMatchObject({
        userId: ann.id,
        readSeq: 2,
      });
    for (const member of await seenBy(ben, ann)) expect(member).toMatchObject({ readSeq: 2 });
    await Promise.all([bens.close(), elsewhere.close()]);
  });

  test('are not given away by what somebody catches up with, nor by news of a member', async () => {
    const group = await aGroup(ann, []);
    const place = { params: { conversationId: group.id } };
    await aMessage(ann, group);
    await decide(ben, { showsReceipts: false });
    await ann.api.call('POST /conversations/:conversationId/members', { ...place, body: { userIds: [ben.id] } });
    const [anns, bens] = await Promise.all([aSocket(server, ann), aSocket(other, ben)]);
    await bens.command('receipt.update', { conversationId: group.id, readSeq: 2 });
    const changed = { ...place.params, userId: ben.id };
    await ann.api.call('PATCH /conversations/:conversationId/members/:userId', {
      params: changed,
      body: { role: 'admin' },
    });
    const { data } = await anns.next('member.changed', undefined, patienceMs);
    expect(data.member).toMatchObject({ userId: ben.id, role: 'admin', readSeq: 0 });
    const readSeen = async ({ api, id }: TestUser) => {
      const query = { after: 0 };
      const { members } = await api.call('GET /conversations/:conversationId/changes', { ...place, query });
      return [id, members.find(({ userId }) => userId === ben.id)?.readSeq];
    };
    expect([await readSeen(ann), await readSeen(ben)]).toEqual([
      [ann.id, 0],
      [ben.id, 2],
    ]);
    await Promise.all([anns.close(), bens.close()]);
  });

  test('are not given away by a call either', async () => {
    await decide(ben, { showsReceipts: false });
    const [anns, bens] = await Promise.all([aSocket(server, ann), aSocket(server, ben)]);
    const { call } = await anns.command('call.start', { ...params(), kind: 'audio' });
    await bens.command('call.join', { callId: call.id });
    await bens.command('call.leave', { callId: call.id });
    await bens.next('receipt.updated', ({ data }) => data.userId === ben.id && data.readSeq > 0, patienceMs);
    await anns.next('receipt.updated', ({ data }) => data.userId === ben.id, patienceMs);
    expect(receiptsIn(anns).filter(({ userId, readSeq }) => userId === ben.id && readSeq > 0)).toEqual([]);
    await Promise.all([anns.close(), bens.close()]);
  });
});

describe('presence', () => {
  const presenceIn = ({ events }: TestSocket, { id }: TestUser) =>
    events.flatMap((event) => (event.type === 'presence.changed' && event.data.userId === id ? [event.data] : []));

  test('that is not shown reaches nobody by any door, and no time is told', async () => {
    await decide(ben, { showsPresence: false });
    const anns = await aSocket(server, ann);
    const { presence: before } = await anns.command('conversation.watch', params());
    const bens = await aSocket(other, ben);
    await bens.command('presence.set', { presence: 'away' });
    await bens.command('presence.set', { presence: 'online' });
    await aMessage(ben, dm, 'I am here');
    await anns.next('message.created', undefined, patienceMs);
    expect(presenceIn(anns, ben)).toEqual([]);
    expect(before.filter(({ userId, presence }) => userId === ben.id && presence !== 'offline')).toEqual([]);
    const { presence } = await anns.command('ping', {});
    expect(presence).toEqual([{ userId: ben.id, presence: 'offline' }]);
    for (const user of [await userSeenBy(ann, ben), ...(await seenBy(ann, ben)).map((member) => member?.user)]) {
      expect(user).toMatchObject({ id: ben.id });
      expect(user).not.toHaveProperty('presence');
      expect(user).not.toHaveProperty('lastSeenAt');
    }
    await bens.close();
    // When they were seen is kept, for the day on which they show it again.
    const seen = async () =>
      (
        await server.db.query<{ at: Date | null }>('test_seen', 'select last_seen_at as at from users where id = $1', [
          ben.id,
        ])
      )[0]?.at;
    await expect.poll(seen, { timeout: 20_000 }).not.toBeNull();
    expect(presenceIn(anns, ben)).toEqual([]);
    expect(await userSeenBy(ann, ben)).not.toHaveProperty('lastSeenAt');
    await anns.close();
  });

  test('of others is not shown to whoever does not show theirs', async () => {
    await decide(ben, { showsPresence: false });
    const anns = await aSocket(server, ann);
    const bens = await aSocket(other, ben);
    expect((await bens.command('conversation.watch', params())).presence).toEqual([]);
    expect((await bens.command('ping', {})).presence).toEqual([]);
    await anns.command('presence.set', { presence: 'away' });
    await aMessage(ann, dm);
    await bens.next('message.created', undefined, patienceMs);
    expect(presenceIn(bens, ann)).toEqual([]);
    expect(await userSeenBy(ben, ann)).not.toHaveProperty('presence');
    for (const member of await seenBy(ben, ann)) expect(member?.user).not.toHaveProperty('presence');
    await Promise.all([anns.close(), bens.close()]);
  });

  test('ends for both when it is switched off, and is there again when it is switched on', async () => {
    const anns = await aSocket(server, ann);
    const bens = await aSocket(other, ben);
    await anns.next('presence.changed', ({ data }) => data.userId === ben.id && data.presence === 'online', patienceMs);
    await decide(ben, { showsPresence: false });
    const gone = await anns.next('presence.changed', ({ data }) => data.userId === ben.id, patienceMs);
    expect(gone.data).toEqual({ userId: ben.id, presence: 'offline' });
    await bens.next(
      'presence.changed',
      ({ data }) => data.userId === ann.id && data.presence === 'offline',
      patienceMs,
    );
    await decide(ben, { showsPresence: true });
    await anns.next('presence.changed', ({ data }) => data.userId === ben.id && data.presence === 'online', patienceMs);
    await bens.next('presence.changed', ({ data }) => data.userId === ann.id && data.presence === 'online', patienceMs);
    expect(await userSeenBy(ann, ben)).toMatchObject({ presence: 'online' });
    await Promise.all([anns.close(), bens.close()]);
  });
});

test('that somebody writes is passed on only while they show it', async () => {
  const [anns, bens] = await Promise.all([aSocket(server, ann), aSocket(other, ben)]);
  await decide(ben, { showsTyping: false });
  await bens.command('typing.start', params());
  await aMessage(ben, dm, 'written in secret');
  await anns.next('message.created', undefined, patienceMs);
  expect(anns.events.filter(({ type }) => type === 'typing.changed')).toEqual([]);
  await decide(ben, { showsTyping: true });
  await bens.command('typing.start', params());
  expect((await anns.next('typing.changed', undefined, patienceMs)).data).toEqual({ userId: ben.id, typing: true });
  await Promise.all([anns.close(), bens.close()]);
});
