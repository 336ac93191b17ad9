import { afterAll, beforeAll, expect, test } from 'vitest';
import { aDm, aGroup, aSocket, startTestBackend, type TestBackend } from '../../testing/index.ts';
import { ageSighting, hears, openSignalling, someCallers, statesOf, storedState, type Caller } from './test-callers.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend();
});
afterAll(() => server.close());

const aCallOf = async (number: number, on = server) => {
  const people = await someCallers(on, number);
  const [owner, ...others] = people as [Caller, ...Caller[]];
  const { id: conversationId } = await (number === 2 ? aDm(owner, others[0]!) : aGroup(owner, others));
  const { call } = await owner.socket.command('call.start', { conversationId, kind: 'audio' });
  for (const { socket } of others) await socket.command('call.join', { callId: call.id });
  await owner.socket.command('call.connected', { callId: call.id });
  return { owner, others, people, callId: call.id, conversationId };
};
const secondsSince = async (callId: string, { id }: Caller): Promise<number> =>
  (
    await server.db.query<{ seconds: number }>(
      'test_seen',
      'select extract(epoch from now() - seen_at)::float8 as seconds from call_participants where call_id = $1 and user_id = $2',
      [callId, id],
    )
  )[0]?.seconds ?? Infinity;

test('a call ends when somebody has been gone from both their sockets for a minute', { timeout: 30_000 }, async () => {
  const { owner, others, callId } = await aCallOf(2);
  const ben = others[0]!;
  ben.socket.terminate();
  // The first look after a quiet time forgives; from then on each second counts.
  await expect
    .poll(
      async () => {
        await ageSighting(server, callId, ben, 61);
        return storedState(server, callId);
      },
      { timeout: 15_000, interval: 250 },
    )
    .toBe('ended');
  expect(await hears(owner.socket, 'ended')).toMatchObject({ outcome: 'completed' });
});

test('somebody whose connection is open stays in, though nothing comes from their signalling socket', async () => {
  const { others, callId } = await aCallOf(2);
  const ben = others[0]!;
  await ageSighting(server, callId, ben, 61);
  await expect.poll(() => secondsSince(callId, ben), { timeout: 5000 }).toBeLessThan(10);
  expect(await storedState(server, callId)).toBe('connected');
});

test('somebody who comes back by another connection is in by that one', async () => {
  const { others, callId } = await aCallOf(2);
  const ben = others[0]!;
  ben.socket.terminate();
  const back = await aSocket(server, ben);
  const { admission, call } = await back.command('call.ticket', { callId });
  expect(call.participants.find(({ userId }) => userId === ben.id)?.peerId).toBe(admission.peerId);
  await ageSighting(server, callId, ben, 61);
  await expect.poll(() => secondsSince(callId, ben), { timeout: 5000 }).toBeLessThan(10);
  expect(await storedState(server, callId)).toBe('connected');
});

test('of five one who is silent and whose media has stopped is taken out; the others go on', async () => {
  const { owner, others, callId } = await aCallOf(5);
  const [ben, ...rest] = others as [Caller, ...Caller[]];
  ben.socket.terminate();
  const start = performance.now();
  await owner.socket.command('call.lost', { callId, userId: ben.id });
  // Nobody has said that this one was lost, and silence alone says little.
  const cleo = rest[0]!;
  await ageSighting(server, callId, cleo, 30);
  const { data } = await rest[1]!.socket.next(
    'call.changed',
    ({ data: { call } }) => statesOf(call, ben)[0] === 'left',
    14_000,
  );
  expect(performance.now() - start).toBeGreaterThan(5000);
  expect(performance.now() - start).toBeLessThan(15_000);
  expect(data.call.state).toBe('connected');
  expect(statesOf(data.call, owner, ...rest)).toEqual(['joined', 'joined', 'joined', 'joined']);
}, 20_000);

test('somebody who is heard on the signalling socket stays, whatever others say of their media', async () => {
  const { owner, others, callId } = await aCallOf(3);
  const ben = others[0]!;
  const { admission } = await ben.socket.command('call.ticket', { callId });
  const socket = openSignalling(server, admission);
  await socket.next('OPEN');
  await owner.socket.command('call.lost', { callId, userId: ben.id });
  socket.say({ type: 'HEARTBEAT' });
  const lostAt = async (): Promise<Date | null | undefined> => {
    const [row] = await server.db.query<{ lost_at: Date | null }>(
      'test_lost',
      'select lost_at from call_participants where call_id = $1 and user_id = $2',
      [callId, ben.id],
    );
    return row?.lost_at;
  };
  await expect.poll(lostAt, { timeout: 20_000 }).toBeNull();
  socket.close();
});

test('a report of somebody who is not in the call, or of oneself, changes nothing', async () => {
  const { owner, others, callId } = await aCallOf(3);
  const ben = others[0]!;
  await ben.socket.command('call.leave', { callId });
  const { call } = await owner.socket.command('call.lost', { callId, userId: ben.id });
  await ageSighting(server, callId, owner, 30);
  expect((await owner.socket.command('call.lost', { callId, userId: owner.id })).call).toEqual(call);
  await expect(ben.socket.command('call.lost', { callId, userId: owner.id })).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('while no process was there to hear of anybody nobody counts as gone', async () => {
  const { people, callId } = await aCallOf(2);
  for (const { socket } of people) socket.terminate();
  // As if all processes had been down for ten minutes, and the call were older than that.
  await expect
    .poll(
      async () =>
        (await server.db.query('test_watch_runs', "select 1 from call_watch where at > now() - interval '2 s'", []))
          .length,
    )
    .toBe(1);
  await server.db.query(
    'test_outage',
    `with old as (update call_watch set at = now() - interval '10 min')
     update call_participants set seen_at = now() - interval '605 s', signalled_at = now() - interval '605 s' where call_id = $1`,
    [callId],
  );
  await expect.poll(() => secondsSince(callId, people[0]!), { timeout: 5000 }).toBeLessThan(30);
  expect(await storedState(server, callId)).toBe('connected');
});

test('what one process leaves behind another one ends', { timeout: 30_000 }, async () => {
  const second = await startTestBackend(
    {},
    { databaseUrl: server.databaseUrl, broker: server.broker, storage: server.storage },
  );
  const { owner, others, callId } = await aCallOf(2, second);
  const watcher = await aSocket(server, owner);
  await second.close();
  const ben = others[0]!;
  await expect
    .poll(
      async () => {
        await ageSighting(server, callId, ben, 61);
        return storedState(server, callId);
      },
      { timeout: 15_000, interval: 250 },
    )
    .toBe('ended');
  await hears(watcher, 'ended');
});
