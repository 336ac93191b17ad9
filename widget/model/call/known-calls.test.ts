import { expect, test } from 'vitest';
import type { Call, Participant } from '../../../protocol/calls.ts';
import { createKnownCalls } from './known-calls.ts';

const they = (userId: string, state: Participant['state']): Participant => ({
  userId,
  state,
  audio: true,
  video: false,
  screen: false,
});
const aCall = (id: string, version: number, rest: Partial<Call> = {}): Call => ({
  id,
  conversationId: `in ${id}`,
  kind: 'audio',
  state: 'ringing',
  startedBy: 'ida',
  version,
  participants: [they('ida', 'joined'), they('me', 'ringing')],
  createdAt: '2026-11-21T12:00:00.000Z',
  ...rest,
});
const list = () => createKnownCalls({ meId: 'me', scope: 'test', remember: false });

test('of two states the one with the higher version is kept, whichever comes first', () => {
  const known = list();
  const over = aCall('a', 3, { state: 'ended', outcome: 'cancelled' });
  expect(known.take(over)).toBe(true);
  expect(known.take(aCall('a', 2))).toBe(false);
  expect(known.take(over)).toBe(false);
  expect(known.on.size).toBe(0);
  expect(known.ringing()).toBeUndefined();
});

test('of several calls that ring the first is answered first', () => {
  const known = list();
  known.take(aCall('a', 1));
  known.take(aCall('b', 1));
  known.take(aCall('a', 2));
  expect(known.ringing()?.id).toBe('a');
  known.take(aCall('a', 3, { state: 'ended', outcome: 'missed' }));
  expect(known.ringing()?.id).toBe('b');
});

test('the list is another one whenever a call changes, and only then', () => {
  const known = list();
  known.take(aCall('a', 1));
  const before = known.on;
  known.take(aCall('a', 1));
  expect(known.on).toBe(before);
  known.take(aCall('a', 2));
  expect(known.on).not.toBe(before);
  known.forget('a');
  expect(known.on.size).toBe(0);
});

test('a long evening of calls keeps but the last fifty that are over', () => {
  const known = list();
  for (let index = 0; index < 200; index++) known.take(aCall(`${index}`, 1, { state: 'ended', outcome: 'missed' }));
  known.take(aCall('on', 1));
  expect(known.get('0')).toBeUndefined();
  expect(known.get('199')).toBeDefined();
  expect(known.on.size).toBe(1);
});
