import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SitePolicy, WhoMayCall } from '../../../protocol/sites.ts';
import { createLog } from '../../log.ts';
import {
  aDm,
  aGroup,
  aGuest,
  aMessage,
  aSocket,
  letGuestsIn,
  startTestBackend,
  testConfig,
  type TestBackend,
} from '../../testing/index.ts';
import { anOutsider } from '../../testing/world.ts';
import { ageCall, hears, someCallers, statesOf, type Caller } from './test-callers.ts';

const turn = { urls: ['turn:turn.example.org:3478'], secret: 'a secret of turn servers' };
const stunUrls = ['stun:turn.example.org:3478'];

const decide = async ({ db }: TestBackend, policy: unknown): Promise<void> => {
  await db.pool.query(`update sites set policy = $1 where key = 'default'`, [JSON.stringify(policy)]);
};
const start = async (caller: Caller, { id: conversationId }: { readonly id: string }) =>
  caller.socket.command('call.start', { conversationId, kind: 'audio' });
const relaysOf = ({ participants }: Awaited<ReturnType<typeof start>>['call']): string[] =>
  participants.filter(({ relay }) => relay).map(({ userId }) => userId);

/** A direct call from one to the other, answered and over: who had to be relayed in it, by what each was told. */
const relayed = async (caller: Caller, callee: Caller) => {
  const { call, admission } = await start(caller, await aDm(caller, callee));
  const answered = await callee.socket.command('call.join', { callId: call.id });
  await caller.socket.command('call.leave', { callId: call.id });
  const policies = { caller: admission.policy, callee: answered.admission.policy };
  return { ...policies, ids: relaysOf(answered.call), servers: answered.admission.iceServers };
};

describe('whose address is given away', () => {
  let server: TestBackend;
  let anna: Caller;
  let ben: Caller;
  beforeAll(async () => {
    server = await startTestBackend({ calls: { turn, stunUrls }, limits: { callsPerMinute: 1000 } });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await decide(server, {});
    [anna, ben] = (await someCallers(server, 2)) as [Caller, Caller];
  });

  test('nobody’s between two who never wrote; theirs who wrote is, to those who may know it', async () => {
    const unknown = await relayed(anna, ben);
    expect(unknown).toMatchObject({ caller: 'relay', callee: 'relay' });
    expect(unknown.ids.sort()).toEqual([anna.id, ben.id].sort());
    // Who is only relayed has no use for their public address.
    expect(unknown.servers.flatMap(({ urls }) => urls)).toEqual(turn.urls);

    const dm = await aDm(anna, ben);
    await aMessage(anna, dm, 'do you know me?');
    const oneSided = await relayed(anna, ben);
    expect(oneSided).toMatchObject({ caller: 'all', callee: 'relay', ids: [ben.id] });

    await aMessage(ben, dm, 'I do now');
    expect(await relayed(anna, ben)).toMatchObject({ caller: 'all', callee: 'all', ids: [] });
  });

  test('having begun a call counts for the next one; having answered does not', async () => {
    await relayed(anna, ben);
    expect(await relayed(anna, ben)).toMatchObject({ caller: 'all', callee: 'relay' });
    await relayed(ben, anna);
    expect(await relayed(anna, ben)).toMatchObject({ caller: 'all', callee: 'all' });
  });

  test('what was decided when somebody came holds until they leave, also for a new ticket', async () => {
    const dm = await aDm(anna, ben);
    const { call } = await start(anna, dm);
    await ben.socket.command('call.join', { callId: call.id });
    await aMessage(ben, dm, 'now you know me');
    const { admission, call: now } = await ben.socket.command('call.ticket', { callId: call.id });
    expect([admission.policy, relaysOf(now)]).toEqual(['relay', expect.arrayContaining([ben.id])]);
  });

  test('in a group only that of those who wrote there: being brought in proves nothing', async () => {
    const [cleo] = (await someCallers(server, 1)) as [Caller];
    const group = await aGroup(anna, [ben, cleo]);
    await aMessage(anna, group);
    await aMessage(ben, group);
    const { call } = await start(anna, group);
    await ben.socket.command('call.join', { callId: call.id });
    const { call: all } = await cleo.socket.command('call.join', { callId: call.id });
    expect(relaysOf(all)).toEqual([cleo.id]);
  });

  test('guests stay strangers, and all are among strangers where there is one', async () => {
    await letGuestsIn(server);
    const guest = await aGuest(server);
    const socket = await aSocket(server, guest);
    const caller: Caller = { ...guest, socket, device: () => Promise.reject(new Error('a guest has one')) };
    const dm = await aDm(guest, anna);
    await aMessage(guest, dm);
    await aMessage(anna, dm);
    expect(await relayed(caller, anna)).toMatchObject({ caller: 'relay', callee: 'relay' });
    expect(await relayed(anna, caller)).toMatchObject({ caller: 'relay', callee: 'relay' });
    await anna.api.call('PATCH /me/settings', { body: { whoMayCall: 'known' } });
    await expect(start(caller, dm)).rejects.toMatchObject({ code: 'calls_not_allowed' });
    await aMessage(anna, await aDm(anna, ben));
    await start(ben, await aDm(anna, ben));
    await socket.close();
  });

  test.each<[SitePolicy, 'all' | 'relay', 'all' | 'relay']>([
    [{ calls: { relayOnly: 'nobody' } }, 'all', 'all'],
    [{ calls: { relayOnly: 'strangers' } }, 'relay', 'all'],
    [{ calls: { relayOnly: 'everybody' } }, 'relay', 'relay'],
  ])('the site decides: %j', async (policy, unknown, known) => {
    await decide(server, policy);
    expect(await relayed(anna, ben)).toMatchObject({ caller: unknown, callee: unknown });
    const dm = await aDm(anna, ben);
    await aMessage(anna, dm);
    await aMessage(ben, dm);
    expect(await relayed(anna, ben)).toMatchObject({ caller: known, callee: known });
    expect((await anna.api.call('GET /calls/ice-servers')).policy).toBe(
      policy.calls?.relayOnly === 'everybody' ? 'relay' : 'all',
    );
  });

  test('what the installation says is for all sites', async () => {
    const strict = await startTestBackend({ calls: { turn, relayOnly: 'everybody' } });
    await decide(strict, { calls: { relayOnly: 'nobody' } });
    const [one, other] = (await someCallers(strict, 2)) as [Caller, Caller];
    expect(await relayed(one, other)).toMatchObject({ caller: 'relay', callee: 'relay' });
    await strict.close();
  });

  test('without a TURN server calls go directly, and are refused where a site wants them relayed', async () => {
    const bare = await startTestBackend();
    const [one, other] = (await someCallers(bare, 2)) as [Caller, Caller];
    expect(await relayed(one, other)).toMatchObject({ caller: 'all', callee: 'all', ids: [] });
    await decide(bare, { calls: { relayOnly: 'everybody' } });
    await expect(start(one, await aDm(one, other))).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await bare.close();
  });
});

describe('a site', () => {
  test('can do without calls while others have them', async () => {
    const server = await startTestBackend();
    const [anna, ben] = (await someCallers(server, 2)) as [Caller, Caller];
    const outsider = await anOutsider(server);
    const dm = await aDm(anna, ben);
    const { call } = await start(anna, dm);
    await decide(server, { calls: { allowed: false } });
    await expect(ben.socket.command('call.join', { callId: call.id })).rejects.toMatchObject({ code: 'forbidden' });
    // Nobody is kept from hanging up.
    expect((await anna.socket.command('call.leave', { callId: call.id })).call.state).toBe('ended');
    await expect(start(anna, dm)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await anna.api.refusal('GET /calls/ice-servers')).code).toBe('forbidden');
    const [here, there] = await Promise.all([anna.api.call('GET /config'), outsider.api.call('GET /config')]);
    expect([here.features.includes('calls'), here.calls]).toEqual([false, undefined]);
    expect(there.features).toContain('calls');
    await server.close();
  });

  test.each([
    [{ calls: { relayOnly: 'always' } }, 'calls.relayOnly'],
    [{ call: { allowed: true } }, 'call'],
  ])('with a policy that cannot be read has no calls, and the log says why: %j', async (policy, place) => {
    const lines: string[] = [];
    const log = createLog({ ...testConfig(), logLevel: 'error' }, { write: (line: string) => void lines.push(line) });
    const first = await startTestBackend();
    const [anna, ben] = (await someCallers(first, 2)) as [Caller, Caller];
    const dm = await aDm(anna, ben);
    await decide(first, policy);
    await expect(start(anna, dm)).rejects.toMatchObject({ code: 'forbidden' });
    const second = await startTestBackend({}, { databaseUrl: first.databaseUrl, log });
    expect(lines.join('')).toContain(place);
    await second.close();
    await first.close();
  });
});

describe('who may call somebody', () => {
  let server: TestBackend;
  let anna: Caller;
  let ben: Caller;
  beforeAll(async () => {
    server = await startTestBackend();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await decide(server, {});
    [anna, ben] = (await someCallers(server, 2)) as [Caller, Caller];
  });
  const lets = ({ api }: Caller, whoMayCall: WhoMayCall) => api.call('PATCH /me/settings', { body: { whoMayCall } });
  const ringing = async ({ api }: Caller) =>
    (await api.call('GET /calls')).calls.filter(({ state }) => state === 'ringing');

  test('is everybody until they say otherwise', async () => {
    const { call } = await start(anna, await aDm(anna, ben));
    expect(statesOf(call, ben)).toEqual(['ringing']);
  });

  test('is those whom they have written to, with `known`: that others write to them changes nothing', async () => {
    await lets(ben, 'known');
    const dm = await aDm(anna, ben);
    await aMessage(anna, dm, 'hello?');
    await expect(start(anna, dm)).rejects.toMatchObject({ code: 'calls_not_allowed' });
    const params = { conversationId: dm.id };
    const refusal = await anna.api.refusal('POST /conversations/:conversationId/calls', {
      params,
      body: { kind: 'audio' },
    });
    expect([refusal.status, refusal.code]).toEqual([403, 'calls_not_allowed']);
    expect(await ringing(ben)).toEqual([]);
    const { messages } = await ben.api.call('GET /conversations/:conversationId/messages', { params });
    expect(messages.map(({ call }) => call)).toEqual([undefined]);

    await aMessage(ben, dm, 'hello');
    expect(statesOf((await start(anna, dm)).call, ben)).toEqual(['ringing']);
  });

  test('is nobody, with `nobody`, and they can still call and come into calls', async () => {
    await lets(ben, 'nobody');
    const dm = await aDm(anna, ben);
    await aMessage(ben, dm, 'I write to you');
    await expect(start(anna, dm)).rejects.toMatchObject({ code: 'calls_not_allowed' });
    const { call } = await start(ben, dm);
    expect(statesOf(call, anna)).toEqual(['ringing']);
    // The other one called as well: it is the same call.
    expect((await start(anna, dm)).call).toMatchObject({ id: call.id, state: 'accepted' });
  });

  test('is asked of each in a group: others ring, and who does not can come in', async () => {
    const [cleo] = (await someCallers(server, 1)) as [Caller];
    await lets(cleo, 'nobody');
    const group = await aGroup(anna, [ben, cleo]);
    const { call } = await start(anna, group);
    expect(statesOf(call, ben, cleo)).toEqual(['ringing', undefined]);
    const { call: now } = await cleo.socket.command('call.join', { callId: call.id });
    expect(statesOf(now, cleo)).toEqual(['joined']);
  });

  test('is as the site has it for those who have not said', async () => {
    await decide(server, { calls: { whoMayCall: 'known' } });
    expect((await ben.api.call('GET /me/settings')).settings.whoMayCall).toBe('known');
    const dm = await aDm(anna, ben);
    await expect(start(anna, dm)).rejects.toMatchObject({ code: 'calls_not_allowed' });
    await lets(ben, 'everybody');
    expect(statesOf((await start(anna, dm)).call, ben)).toEqual(['ringing']);
  });

  test('is as the installation has it where the site has not said', async () => {
    const shy = await startTestBackend({ calls: { whoMayCall: 'nobody' } });
    const [one, other] = (await someCallers(shy, 2)) as [Caller, Caller];
    await expect(start(one, await aDm(one, other))).rejects.toMatchObject({ code: 'calls_not_allowed' });
    await shy.close();
  });

  test('fifty who ring the same person ring once each, for 45 seconds; with `known` none does', async () => {
    const callers = await someCallers(server, 50);
    const dms = await Promise.all(callers.map((caller) => aDm(caller, ben)));
    const calls = await Promise.all(callers.map((caller, place) => start(caller, dms[place] ?? { id: '' })));
    // Again, and from a group: each is in one call.
    await Promise.all(
      callers.slice(0, 10).map(async (caller, place) => {
        await expect(start(caller, dms[place] ?? { id: '' })).rejects.toMatchObject({ code: 'conflict' });
        await expect(start(caller, await aGroup(caller, [ben]))).rejects.toMatchObject({ code: 'conflict' });
      }),
    );
    const rung = await ringing(ben);
    expect(rung.map(({ startedBy }) => startedBy).sort()).toEqual(callers.map(({ id }) => id).sort());

    await Promise.all(calls.map(({ call }) => ageCall(server, call.id, 45)));
    await Promise.all(callers.map(({ socket }) => hears(socket, 'ended', 30_000)));
    expect(await ringing(ben)).toEqual([]);

    await lets(ben, 'known');
    const refused = await Promise.allSettled(callers.map((caller, place) => start(caller, dms[place] ?? { id: '' })));
    for (const each of refused) expect(each).toMatchObject({ reason: { code: 'calls_not_allowed' } });
    expect(await ringing(ben)).toEqual([]);
    await Promise.all(callers.map(({ socket }) => socket.close()));
  }, 120_000);
});
