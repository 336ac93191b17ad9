import { afterAll, beforeAll, expect, test } from 'vitest';
import { aGroup, startTestBackend, type TestBackend } from '../../testing/index.ts';
import { ageCall, hears, someCallers, statesOf, type Caller } from './test-callers.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend({ calls: { videoParticipants: 3, audioParticipants: 4 } });
});
afterAll(() => server.close());

const aGroupOf = async (number: number) => {
  const people = await someCallers(server, number);
  const [owner, ...others] = people as [Caller, ...Caller[]];
  return { owner, others, people, conversationId: (await aGroup(owner, others)).id };
};
const aCall = async (number: number, kind: 'audio' | 'video' = 'audio') => {
  const group = await aGroupOf(number);
  const { conversationId } = group;
  const { call } = await group.owner.socket.command('call.start', { conversationId, kind });
  return { ...group, call, callId: call.id };
};
const join = ({ socket }: Caller, callId: string) => socket.command('call.join', { callId });
const refused = { code: 'conflict' };

test('a call in a group rings everybody else, and goes on while two are in', async () => {
  const { owner, others, call, callId } = await aCall(4);
  const [ben, cleo, dora] = others as [Caller, Caller, Caller];
  expect(statesOf(call, owner, ...others)).toEqual(['joined', 'ringing', 'ringing', 'ringing']);
  expect((await join(ben, callId)).call.state).toBe('accepted');
  await cleo.socket.command('call.decline', { callId });
  await ben.socket.command('call.connected', { callId });
  // Late, and after a no.
  await join(cleo, callId);
  const { call: without } = await owner.socket.command('call.leave', { callId });
  expect(without.state).toBe('connected');
  expect(statesOf(without, owner, ben, cleo, dora)).toEqual(['left', 'joined', 'joined', 'ringing']);
  // The last one waits for who still rings.
  await cleo.socket.command('call.leave', { callId });
  await dora.socket.command('call.decline', { callId });
  expect(await hears(ben.socket, 'ended')).toMatchObject({ outcome: 'completed' });
  const { data } = await dora.socket.next('message.created');
  expect(data.message.call).toMatchObject({ callId, outcome: 'completed' });
});

test('somebody who was not in a call that went well has it unread; those who were have not', async () => {
  const { owner, others, conversationId, callId } = await aCall(3);
  const [ben, cleo] = others as [Caller, Caller];
  await join(ben, callId);
  // What one said oneself is no news either.
  const params = { conversationId };
  await ben.socket.command('message.send', { conversationId, clientId: callId, text: 'here I am' });
  await owner.socket.command('receipt.update', { conversationId, readSeq: 1 });
  await cleo.socket.command('receipt.update', { conversationId, readSeq: 1 });
  await cleo.socket.command('call.decline', { callId });
  await owner.socket.command('call.leave', { callId });
  const unread = await Promise.all(
    [owner, ben, cleo].map(
      async ({ api }) => (await api.call('GET /conversations/:conversationId', { params })).conversation.unread,
    ),
  );
  expect(unread).toEqual([0, 0, 1]);
  await ben.socket.next('receipt.updated', ({ data }) => data.userId === ben.id);
});

test('a call that rings ends when all say no, when nobody answers, and when its caller leaves', async () => {
  const declined = await aCall(3);
  for (const { socket } of declined.others) await socket.command('call.decline', { callId: declined.callId });
  expect(await hears(declined.owner.socket, 'ended')).toMatchObject({ outcome: 'declined' });

  const missed = await aCall(3);
  await missed.others[0]?.socket.command('call.decline', { callId: missed.callId });
  await ageCall(server, missed.callId, 45);
  expect(await hears(missed.owner.socket, 'ended')).toMatchObject({ outcome: 'missed' });

  const cancelled = await aCall(3);
  await cancelled.owner.socket.command('call.leave', { callId: cancelled.callId });
  expect(await hears(cancelled.others[1]!.socket, 'ended')).toMatchObject({ outcome: 'cancelled' });
});

test('a call that was answered rings for 45 seconds at those who have not', async () => {
  const { owner, others, callId } = await aCall(3);
  const [ben, cleo] = others as [Caller, Caller];
  await join(ben, callId);
  await ageCall(server, callId, 45);
  const { data } = await cleo.socket.next('call.changed', ({ data: { call } }) => statesOf(call, cleo)[0] === 'left');
  expect(data.call.state).toBe('accepted');
  expect(statesOf(data.call, owner, ben)).toEqual(['joined', 'joined']);
  await join(cleo, callId);
});

test('a full call says so, and how many it takes', async () => {
  const { others, callId, owner } = await aCall(5);
  const [ben, cleo, dora, emil] = others as [Caller, Caller, Caller, Caller];
  await join(ben, callId);
  await join(cleo, callId);
  const camera = { callId, audio: true, video: true, screen: false };
  const screen = { callId, audio: true, video: false, screen: true };
  await owner.socket.command('call.update', camera);
  await expect(join(dora, callId)).rejects.toThrow(/cameras or screens has at most 3/);
  await owner.socket.command('call.update', { ...camera, video: false });
  await join(dora, callId);
  await expect(join(emil, callId)).rejects.toThrow(/sound only has at most 4/);
  await expect(dora.socket.command('call.update', screen)).rejects.toMatchObject(refused);
  await cleo.socket.command('call.leave', { callId });
  const { call } = await dora.socket.command('call.update', screen);
  expect(call.participants.find(({ userId }) => userId === dora.id)).toMatchObject({ screen: true, video: false });
  await expect(join(cleo, callId)).rejects.toMatchObject(refused);
});

test('somebody who mutes all the time is told to wait, but can hang up', async () => {
  const { owner, others, callId } = await aCall(2);
  await join(others[0]!, callId);
  const update = (audio: boolean) =>
    owner.socket.command('call.update', { callId, audio, video: false, screen: false }).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    );
  const outcomes: string[] = [];
  for (let count = 0; count < 122; count += 1) outcomes.push(await update(count % 2 === 1));
  expect(outcomes.filter((outcome) => outcome !== 'ok')).toEqual(['rate_limited', 'rate_limited']);
  expect((await owner.socket.command('call.leave', { callId })).call.state).toBe('ended');
});

test('those with a block between them do not ring each other, and cannot reach each other in a call', async () => {
  const { owner, others, conversationId } = await aGroupOf(3);
  const [ben, cleo] = others as [Caller, Caller];
  await ben.api.call('PUT /blocks/:userId', { params: { userId: owner.id } });
  const { call } = await owner.socket.command('call.start', { conversationId, kind: 'audio' });
  expect(statesOf(call, ben, cleo)).toEqual([undefined, 'ringing']);
  const alone = await aGroupOf(2);
  await alone.owner.api.call('PUT /blocks/:userId', { params: { userId: alone.others[0]!.id } });
  await expect(
    alone.owner.socket.command('call.start', { conversationId: alone.conversationId, kind: 'audio' }),
  ).rejects.toMatchObject(refused);
});

test('somebody who is removed from the group is out of the call', async () => {
  const { owner, others, conversationId, callId } = await aCall(4);
  const [ben, cleo, dora] = others as [Caller, Caller, Caller];
  await join(ben, callId);
  await join(cleo, callId);
  for (const { id: userId } of [ben, dora]) {
    await owner.api.call('DELETE /conversations/:conversationId/members/:userId', {
      params: { conversationId, userId },
    });
  }
  const { data } = await owner.socket.next(
    'call.changed',
    ({ data: { call } }) => statesOf(call, ben, dora).join() === 'left,left',
  );
  expect(statesOf(data.call, owner, cleo)).toEqual(['joined', 'joined']);
  await expect(join(ben, callId)).rejects.toMatchObject({ code: 'not_found' });
});

test('in a large group those ring who are here, and the others can come in', async () => {
  const [owner, here] = (await someCallers(server, 2)) as [Caller, Caller];
  const ids = Array.from({ length: 60 }, () => crypto.randomUUID());
  await server.db.query(
    'test_crowd',
    `insert into users (id, site_id, username, username_key, display_name, search_text, avatar_color, last_seen_at)
     select one.id, site_id, one.id::text, one.id::text, 'One of many', ' one', avatar_color, now()
     from unnest($1::uuid[]) as one (id), users where users.id = $2`,
    [ids, owner.id],
  );
  const { conversation } = await owner.api.call('POST /conversations', {
    body: { kind: 'group', title: 'Crowd', userIds: [...ids, here.id] },
  });
  const { call } = await owner.socket.command('call.start', { conversationId: conversation.id, kind: 'audio' });
  expect(call.participants).toHaveLength(51);
  expect(statesOf(call, here)).toEqual(['ringing']);
});
