import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Call } from '../../../protocol/calls.ts';
import { aDm, aSocket, startTestBackend, type TestBackend } from '../../testing/index.ts';
import { aCaller, storedState } from './test-callers.ts';

let server: TestBackend;
let second: TestBackend;
beforeAll(async () => {
  // Two processes on one database, so that nothing but the database keeps them apart.
  server = await startTestBackend({ limits: { callsPerMinute: 100_000, callChangesPerMinute: 100_000 } });
  second = await startTestBackend(
    { limits: { callsPerMinute: 100_000, callChangesPerMinute: 100_000 } },
    { databaseUrl: server.databaseUrl, broker: server.broker, storage: server.storage },
  );
});
afterAll(async () => {
  await second.close();
  await server.close();
});

const settled = async (change: Promise<{ call: Call }>): Promise<Call | string> =>
  change.then(
    ({ call }) => call,
    (error: { code?: string }) => error.code ?? String(error),
  );

test(
  'accept, decline and hang up in the same moment: one of them wins, and nobody is left ringing',
  { timeout: 120_000 },
  async () => {
    const [anna, ben] = [await aCaller(server), await aCaller(server)];
    const { id: conversationId } = await aDm(anna, ben);
    const phone = await ben.device();
    const elsewhere = await aSocket(second, ben);
    const seen = new Set<string>();
    for (let round = 0; round < 100; round += 1) {
      const { call } = await anna.socket.command('call.start', { conversationId, kind: 'audio' });
      const callId = call.id;
      const acts = [
        () => settled(phone.command('call.join', { callId })),
        () => settled(elsewhere.command('call.decline', { callId })),
        () => settled(anna.socket.command('call.leave', { callId })),
      ];
      // Each order comes up, and the database has the last word.
      const order = [
        [0, 1, 2],
        [1, 2, 0],
        [2, 0, 1],
        [0, 2, 1],
        [1, 0, 2],
        [2, 1, 0],
      ][round % 6] as [number, number, number];
      const results: (Call | string)[] = [];
      await Promise.all(order.map(async (which) => (results[which] = await acts[which]!())));
      const [answer, no] = results as [Call | string, Call | string];
      expect(await storedState(server, callId)).toBe('ended');
      const { data } = await ben.socket.next(
        'call.changed',
        (event) => event.data.call.id === callId && event.data.call.state === 'ended',
      );
      const { outcome } = data.call;
      seen.add(String(outcome));
      if (typeof answer === 'string') {
        expect(answer).toBe('conflict');
        expect(['declined', 'cancelled']).toContain(outcome);
      } else {
        // The no came too late: for a call that is on, or one that is over.
        expect(typeof no === 'string' ? no : no.outcome).toBe(typeof no === 'string' ? 'conflict' : 'failed');
        expect(outcome).toBe('failed');
      }
      const versions = ben.socket.events.flatMap((event) =>
        event.type === 'call.changed' && event.data.call.id === callId ? [event.data.call.version] : [],
      );
      expect([...versions].sort()).toEqual(versions.map((_, index) => index + 1));
    }
    expect(seen.size).toBeGreaterThan(1);
    const { messages } = await ben.api.call('GET /conversations/:conversationId/messages', {
      params: { conversationId },
      query: { limit: 100 },
    });
    expect(new Set(messages.map((message) => message.call?.callId)).size).toBe(100);
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
  },
);

test('of two who call each other by different processes one call comes', { timeout: 60_000 }, async () => {
  const [anna, ben] = [await aCaller(server), await aCaller(second)];
  const { id: conversationId } = await aDm(anna, ben);
  const body = { conversationId, kind: 'audio' } as const;
  for (let round = 0; round < 30; round += 1) {
    const starts = [() => anna.socket.command('call.start', body), () => ben.socket.command('call.start', body)];
    if (round % 2 === 1) starts.reverse();
    const [one, other] = await Promise.all(starts.map((start) => start()));
    const callId = one?.call.id ?? '';
    expect(other?.call.id).toBe(callId);
    expect([one?.call.version, other?.call.version].sort()).toEqual([1, 2]);
    for (const { socket } of [anna, ben]) {
      const { data } = await socket.next('call.changed', (event) => event.data.call.version === 2);
      expect(data.call).toMatchObject({ id: callId, state: 'accepted' });
    }
    await anna.socket.command('call.leave', { callId });
  }
});

test(
  'nobody gets into two calls, though both are answered at once by different processes',
  { timeout: 60_000 },
  async () => {
    const [anna, ben, cleo] = [await aCaller(server), await aCaller(second), await aCaller(server)];
    const phone = await aSocket(server, ben);
    const [annas, cleos] = [await aDm(anna, ben), await aDm(cleo, ben)];
    for (let round = 0; round < 30; round += 1) {
      const [one, other] = await Promise.all([
        anna.socket.command('call.start', { conversationId: annas.id, kind: 'audio' }),
        cleo.socket.command('call.start', { conversationId: cleos.id, kind: 'audio' }),
      ]);
      const answers = await Promise.all([
        settled(ben.socket.command('call.join', { callId: one.call.id })),
        settled(phone.command('call.join', { callId: other.call.id })),
      ]);
      expect(answers.map((answer) => (typeof answer === 'string' ? answer : answer.state)).sort()).toEqual([
        'accepted',
        'conflict',
      ]);
      await anna.socket.command('call.leave', { callId: one.call.id });
      await cleo.socket.command('call.leave', { callId: other.call.id });
    }
  },
);
