import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aDm, startTestBackend, type TestBackend } from '../../testing/index.ts';
import { ageCall, hears, someCallers, statesOf, type Caller } from './test-callers.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend();
});
afterAll(() => server.close());

/** Two people with a direct message. */
const aPair = async (): Promise<{ anna: Caller; ben: Caller; conversationId: string }> => {
  const [anna, ben] = (await someCallers(server, 2)) as [Caller, Caller];
  return { anna, ben, conversationId: (await aDm(anna, ben)).id };
};
const aCall = async (kind: 'audio' | 'video' = 'audio') => {
  const pair = await aPair();
  const { call, admission } = await pair.anna.socket.command('call.start', {
    conversationId: pair.conversationId,
    kind,
  });
  return { ...pair, call, admission, callId: call.id };
};
const timeline = async ({ api }: Caller, conversationId: string) =>
  (await api.call('GET /conversations/:conversationId/messages', { params: { conversationId } })).messages;
const unreadOf = async ({ api }: Caller, conversationId: string) =>
  (await api.call('GET /conversations/:conversationId', { params: { conversationId } })).conversation.unread;

describe('a direct call', () => {
  test('rings on all devices; the first that answers has it, and the others hear so', async () => {
    const { anna, ben, conversationId } = await aPair();
    const phone = await ben.device();
    const { call, admission } = await anna.socket.command('call.start', { conversationId, kind: 'video' });
    expect(call).toMatchObject({ state: 'ringing', kind: 'video', startedBy: anna.id, version: 1 });
    expect(statesOf(call, anna, ben)).toEqual(['joined', 'ringing']);
    expect(call.participants.find(({ userId }) => userId === anna.id)?.peerId).toBe(admission.peerId);
    for (const socket of [ben.socket, phone]) expect((await hears(socket, 'ringing')).id).toBe(call.id);

    const answered = await phone.command('call.join', { callId: call.id });
    expect(answered.call).toMatchObject({ state: 'accepted', version: 2 });
    expect(answered.call.acceptedAt).toBeDefined();
    const start = performance.now();
    const heard = await hears(ben.socket, 'accepted');
    expect(performance.now() - start).toBeLessThan(1000);
    expect(heard).toEqual(answered.call);
    expect(await hears(anna.socket, 'accepted')).toEqual(answered.call);
    await expect(ben.socket.command('call.join', { callId: call.id })).rejects.toMatchObject({ code: 'conflict' });
    await expect(ben.socket.command('call.decline', { callId: call.id })).rejects.toMatchObject({ code: 'conflict' });

    const { call: connected } = await anna.socket.command('call.connected', { callId: call.id });
    expect(connected).toMatchObject({ state: 'connected', version: 3 });
    const { call: again } = await phone.command('call.connected', { callId: call.id });
    expect(again).toEqual(connected);

    const { call: over } = await phone.command('call.leave', { callId: call.id });
    expect(over).toMatchObject({ state: 'ended', outcome: 'completed' });
    expect(statesOf(over, anna, ben)).toEqual(['left', 'left']);
    expect(await hears(anna.socket, 'ended')).toEqual(over);
    const [entry, ...others] = await timeline(ben, conversationId);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      text: '',
      senderId: anna.id,
      call: { callId: call.id, kind: 'video', outcome: 'completed' },
    });
    expect(entry?.call?.durationMs).toBe(Date.parse(over.endedAt ?? '') - Date.parse(over.acceptedAt ?? ''));
    expect([await unreadOf(anna, conversationId), await unreadOf(ben, conversationId)]).toEqual([0, 0]);
  });

  test('that is declined ends, on all devices', async () => {
    const { anna, ben, callId, conversationId } = await aCall();
    const phone = await ben.device();
    await ben.socket.command('call.decline', { callId });
    for (const socket of [anna.socket, phone]) {
      expect(await hears(socket, 'ended')).toMatchObject({ outcome: 'declined' });
    }
    const [entry] = await timeline(anna, conversationId);
    expect(entry?.call).toEqual({ callId, kind: 'audio', outcome: 'declined', durationMs: 0 });
    await expect(phone.command('call.join', { callId })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('that the caller gives up counts as unread for who missed it, and travels like any message', async () => {
    const { anna, ben, callId, conversationId } = await aCall();
    await anna.socket.command('call.leave', { callId });
    expect(await hears(ben.socket, 'ended')).toMatchObject({ outcome: 'cancelled' });
    const { data, seq } = await ben.socket.next('message.created');
    expect(data.message).toMatchObject({ seq, senderId: anna.id, call: { outcome: 'cancelled', durationMs: 0 } });
    expect([await unreadOf(anna, conversationId), await unreadOf(ben, conversationId)]).toEqual([0, 1]);
    const params = { conversationId };
    const { conversations } = await ben.api.call('GET /conversations');
    expect(conversations.find(({ id }) => id === conversationId)?.lastMessage).toEqual(data.message);
    const changes = await ben.api.call('GET /conversations/:conversationId/changes', {
      params,
      query: { after: seq - 1 },
    });
    expect(changes.messages).toEqual([data.message]);
  });

  test('that nobody answers is missed after 45 seconds', async () => {
    const { anna, ben, callId } = await aCall();
    await ageCall(server, callId, 44);
    // Whoever else was looked after meanwhile: this one rings on.
    const other = await aCall();
    await ageCall(server, other.callId, 46);
    expect(await hears(other.ben.socket, 'ended')).toMatchObject({ outcome: 'missed' });
    expect((await ben.api.call('GET /calls')).calls).toMatchObject([{ id: callId, state: 'ringing' }]);
    expect(await hears(ben.socket, 'ended')).toMatchObject({ id: callId, outcome: 'missed' });
    expect(await hears(anna.socket, 'ended')).toMatchObject({ id: callId, outcome: 'missed' });
  });

  test('to somebody in another call ends as busy', async () => {
    const { ben, callId } = await aCall();
    await ben.socket.command('call.join', { callId });
    const [cleo] = (await someCallers(server, 1)) as [Caller];
    const conversationId = (await aDm(cleo, ben)).id;
    const { call } = await cleo.socket.command('call.start', { conversationId, kind: 'audio' });
    expect(call).toMatchObject({ state: 'ended', outcome: 'busy' });
    expect(statesOf(call, cleo, ben)).toEqual(['left', 'busy']);
    expect((await timeline(ben, conversationId)).map((message) => message.call?.outcome)).toEqual(['busy']);
    expect(await unreadOf(ben, conversationId)).toBe(1);
  });

  test('that was answered but where no media flowed has failed', async () => {
    const { anna, ben, callId } = await aCall();
    await ben.socket.command('call.join', { callId });
    expect((await anna.socket.command('call.leave', { callId })).call.outcome).toBe('failed');
  });

  test('of two who call each other at once is one call', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { anna, ben, conversationId } = await aPair();
      const body = { conversationId, kind: 'audio' } as const;
      const [one, other] = await Promise.all([
        anna.socket.command('call.start', body),
        ben.socket.command('call.start', body),
      ]);
      expect(one.call.id).toBe(other.call.id);
      expect(one.admission.peerId).not.toBe(other.admission.peerId);
      const { calls } = await anna.api.call('GET /calls');
      expect(calls).toMatchObject([{ state: 'accepted', version: 2 }]);
      expect(statesOf(calls[0]!, anna, ben)).toEqual(['joined', 'joined']);
    }
  });

  test('survives a reload: the same login takes its place over, by a new address', async () => {
    const { ben, callId, anna, admission } = await aCall();
    await ben.socket.command('call.join', { callId });
    await expect(anna.socket.command('call.join', { callId })).rejects.toMatchObject({ code: 'conflict' });
    const back = await anna.socket.command('call.join', { callId, takeOver: true });
    expect(back.call).toMatchObject({ state: 'accepted' });
    expect(back.admission.peerId).not.toBe(admission.peerId);
    expect(back.call.participants.find(({ userId }) => userId === anna.id)?.peerId).toBe(back.admission.peerId);
  });

  test('moves to another device that takes it over; the first one then has no say in it', async () => {
    const { ben, callId } = await aCall();
    await ben.socket.command('call.join', { callId });
    const phone = await ben.device();
    const { call } = await phone.command('call.join', { callId, takeOver: true });
    const media = { callId, audio: false, video: false, screen: false };
    await expect(ben.socket.command('call.update', media)).rejects.toMatchObject({ code: 'conflict' });
    await expect(ben.socket.command('call.ticket', { callId })).rejects.toMatchObject({ code: 'conflict' });
    const { call: muted } = await phone.command('call.update', media);
    expect(muted.version).toBe(call.version + 1);
    expect(muted.participants.find(({ userId }) => userId === ben.id)).toMatchObject({ audio: false });
    expect((await phone.command('call.update', media)).call).toEqual(muted);
  });

  test('is left for another one only when that is asked for, and only when that one can be gone into', async () => {
    const first = await aCall();
    await first.ben.socket.command('call.join', { callId: first.callId });
    const [cleo] = (await someCallers(server, 1)) as [Caller];
    const second = await cleo.api.call('POST /conversations', {
      body: { kind: 'group', title: 'Tea', userIds: [first.ben.id, first.anna.id] },
    });
    const { id: conversationId } = second.conversation;
    const [dora] = (await someCallers(server, 1)) as [Caller];
    await cleo.api.call('POST /conversations/:conversationId/members', {
      params: { conversationId },
      body: { userIds: [dora.id] },
    });
    const { call } = await cleo.socket.command('call.start', { conversationId, kind: 'audio' });
    expect(statesOf(call, first.anna, first.ben, dora)).toEqual(['busy', 'busy', 'ringing']);
    const { id: callId } = call;
    const { socket } = first.ben;
    await expect(socket.command('call.join', { callId })).rejects.toMatchObject({ code: 'conflict' });
    await expect(socket.command('call.start', { conversationId, kind: 'audio' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const moved = await socket.command('call.join', { callId, takeOver: true });
    expect(moved.call.state).toBe('accepted');
    expect(await hears(first.anna.socket, 'ended')).toMatchObject({ id: first.callId });
    await expect(socket.command('call.join', { callId: first.callId, takeOver: true })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await first.ben.api.call('GET /calls')).calls).toMatchObject([{ id: callId, state: 'accepted' }]);
  });

  test('is refused between two of whom one has blocked the other, and ends when that happens', async () => {
    const { anna, ben, callId, conversationId } = await aCall();
    await ben.socket.command('call.join', { callId });
    await ben.api.call('PUT /blocks/:userId', { params: { userId: anna.id } });
    expect(await hears(anna.socket, 'ended')).toMatchObject({ id: callId });
    for (const { socket } of [anna, ben]) {
      await expect(socket.command('call.start', { conversationId, kind: 'audio' })).rejects.toMatchObject({
        code: 'blocked',
      });
    }
  });

  test('can be begun by the route, and then again finds it on', async () => {
    const { anna, ben, conversationId } = await aPair();
    const input = { params: { conversationId }, body: { kind: 'audio' } } as const;
    const begun = await anna.api.request('POST /conversations/:conversationId/calls', input);
    const met = await ben.api.request('POST /conversations/:conversationId/calls', input);
    expect([begun.status, met.status]).toEqual([201, 200]);
    expect((await anna.api.refusal('POST /conversations/:conversationId/calls', input)).code).toBe('conflict');
  });

  test('is in the history, newest first, page by page', async () => {
    const { anna, conversationId } = await aPair();
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { call } = await anna.socket.command('call.start', { conversationId, kind: 'audio' });
      ids.unshift(call.id);
      if (count < 2) await anna.socket.command('call.leave', { callId: call.id });
    }
    const params = { conversationId };
    const key = 'GET /conversations/:conversationId/calls';
    const first = await anna.api.call(key, { params, query: { limit: 2 } });
    const rest = await anna.api.call(key, { params, query: { limit: 2, cursor: first.nextCursor ?? '' } });
    expect([...first.calls, ...rest.calls].map(({ id }) => id)).toEqual(ids);
    expect(first.calls.map(({ state }) => state)).toEqual(['ringing', 'ended']);
    expect(rest.nextCursor).toBeUndefined();
    expect((await anna.api.refusal(key, { params, query: { cursor: 'x' } })).code).toBe('validation_failed');
  });

  test('leaves an entry that can be taken out of the timeline, but says nothing else than it did', async () => {
    const { anna, callId, conversationId } = await aCall();
    await anna.socket.command('call.leave', { callId });
    const [entry] = await timeline(anna, conversationId);
    const messageId = entry?.id ?? '';
    await expect(
      anna.socket.command('message.edit', { conversationId, messageId, text: 'I never called' }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    const { message } = await anna.socket.command('message.delete', { conversationId, messageId });
    expect(message.call).toBeUndefined();
    expect(message.deletedAt).toBeDefined();
  });
});

test('somebody who calls all the time is told to wait', async () => {
  const { anna, conversationId } = await aPair();
  const outcomes: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    outcomes.push(
      await anna.socket.command('call.start', { conversationId, kind: 'audio' }).then(
        async ({ call }) => {
          await anna.socket.command('call.leave', { callId: call.id });
          return 'ok';
        },
        (error: { code: string }) => error.code,
      ),
    );
  }
  expect(outcomes).toEqual([...Array<string>(10).fill('ok'), 'rate_limited', 'rate_limited']);
});

test('a caller rings once, however many conversations they share with somebody', async () => {
  const { anna, ben } = await aCall();
  const { conversation } = await anna.api.call('POST /conversations', {
    body: { kind: 'group', title: 'Again', userIds: [ben.id] },
  });
  await expect(
    anna.socket.command('call.start', { conversationId: conversation.id, kind: 'audio' }),
  ).rejects.toMatchObject({ code: 'conflict' });
  expect((await ben.api.call('GET /calls')).calls).toHaveLength(1);
});
