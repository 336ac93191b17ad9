import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { call as callSchema } from '../../../protocol/calls.ts';
import { Problem } from '../../problem.ts';
import {
  beginCall,
  connectCall,
  declineCall,
  joinCall,
  joined,
  leaveCall,
  ringMs,
  stopRinging,
  toCall,
  toEntry,
  updateMedia,
  type CallRecord,
} from './state.ts';

const caps = { videoParticipants: 3, audioParticipants: 4 };
const ids = Array.from({ length: 6 }, (_, index) => `0192f0c1-2f0a-7000-8000-00000000000${index}`);
const [caller = '', ...rest] = ids;
const begunAt = Date.parse('2026-01-02T03:04:05.678Z');

let places = 0;
const placeOf = (userId: string) => {
  places += 1;
  const number = String(places).padStart(12, '0');
  return {
    userId,
    peerId: `0192f0c1-2f0a-7000-9000-${number}`,
    sessionId: `0192f0c1-2f0a-7000-a000-${number}`,
    connectionId: undefined,
    relay: false,
  };
};

type Step = (call: CallRecord, now: number) => void;

/** What can happen to a call. */
const step = (): fc.Arbitrary<Step> => {
  const user = fc.constantFrom(...ids);
  return fc.oneof(
    fc.record({ user, takeOver: fc.boolean() }).map(
      ({ user: userId, takeOver }): Step =>
        (call, now) =>
          joinCall(call, placeOf(userId), { kind: call.kind, takeOver, caps, now }),
    ),
    user.map(
      (userId): Step =>
        (call, now) =>
          declineCall(call, userId, now),
    ),
    fc.subarray(ids, { minLength: 1, maxLength: 2 }).map(
      (gone): Step =>
        (call, now) =>
          leaveCall(call, gone, now),
    ),
    fc.constant<Step>((call, now) => {
      if (joined(call).length > 1) connectCall(call, now);
    }),
    fc.constant<Step>(stopRinging),
    fc
      .record({ user, audio: fc.boolean(), video: fc.boolean(), screen: fc.boolean() })
      .map(({ user: userId, ...media }): Step => (call) => {
        const me = joined(call).find((each) => each.userId === userId);
        if (me) updateMedia(call, me, media, caps);
      }),
  );
};

// A million of vitest's own would take a minute.
const check = (holds: boolean, fault: string): void => {
  if (!holds) throw new Error(fault);
};

const order = ['ringing', 'accepted', 'connected', 'ended'];

test('whatever happens in whatever order, a call goes forward, ends once and leaves nobody in it', () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(
      fc.record({
        kind: fc.constantFrom('audio', 'video'),
        direct: fc.boolean(),
        busy: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
        steps: fc.array(fc.tuple(step(), fc.integer({ min: 0, max: ringMs / 3 })), { maxLength: 25 }),
      }),
      ({ kind, direct, busy, steps }) => {
        const asked = (direct ? rest.slice(0, 1) : rest).map((userId, at) => ({ userId, busy: busy[at] === true }));
        const beginning = { id: caller, siteId: caller, conversationId: caller, direct, kind, asked } as const;
        const call = beginCall(beginning, placeOf(caller), begunAt);
        let now = begunAt;
        for (const [act, pause] of steps) {
          const before = structuredClone(call);
          now += pause;
          try {
            act(call, now);
          } catch (error) {
            check(error instanceof Problem, 'something else than a refusal was thrown');
            check(isDeepStrictEqual(call, before), 'a refusal changed it');
          }
          check(order.indexOf(call.state) >= order.indexOf(before.state), 'it went back');
          check(before.state !== 'ended' || isDeepStrictEqual(call, before), 'it changed after its end');
          const present = joined(call);
          const shown = call.kind === 'video' || present.some(({ video, screen }) => video || screen);
          check(present.length <= (shown ? caps.videoParticipants : caps.audioParticipants), 'it is too full');
          check(
            call.participants.every(({ peerId, state }) => (peerId !== null) === (state === 'joined')),
            'an address is of nobody, or missing',
          );
          const entry = toEntry(call);
          if (call.state !== 'ended') {
            check(entry === undefined && present.length > 0, 'nobody is left in it');
            continue;
          }
          outcomes.add(`${direct} ${call.outcome}`);
          const told = call.acceptedAt === null ? 0 : Number(call.endedAt) - call.acceptedAt;
          check(entry?.durationMs === told, 'the timeline says something else');
          check((call.outcome === 'completed') === (call.connectedAt !== null), 'the outcome is not what happened');
          check(
            call.participants.every(({ state }) => state !== 'joined' && state !== 'ringing'),
            'somebody is still in it',
          );
        }
        expect(callSchema.safeParse(toCall(call)).error).toBeUndefined();
      },
    ),
    // Always the same walks, so that all outcomes are among them.
    { numRuns: 1500, seed: 1 },
  );
  expect(outcomes.size).toBe(12);
});

test('who rings is asked for 45 seconds, and no longer', () => {
  const beginning = { id: caller, siteId: caller, conversationId: caller, direct: true, kind: 'audio' } as const;
  const call = beginCall({ ...beginning, asked: [{ userId: rest[0] ?? '', busy: false }] }, placeOf(caller), begunAt);
  stopRinging(call, begunAt + ringMs - 1);
  expect(call.state).toBe('ringing');
  stopRinging(call, begunAt + ringMs);
  expect(call).toMatchObject({ state: 'ended', outcome: 'missed' });
});
