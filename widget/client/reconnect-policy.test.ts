import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeCodes } from '../../protocol/codes.ts';
import { askedDelay, closeReason, isTerminal, reconnectDelay } from './reconnect-policy.ts';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('every wait lies between 250 ms and the growing cap of at most 30 s', () => {
  fc.assert(
    fc.property(fc.nat({ max: 5000 }), chance, (attempt, random) => {
      const delay = reconnectDelay(attempt, () => random);
      expect(delay).toBeGreaterThanOrEqual(250);
      expect(delay).toBeLessThanOrEqual(Math.max(250, Math.min(30_000, 500 * 2 ** attempt)));
    }),
  );
});

test('the jitter is full: the wait grows with the dice from the floor to the cap', () => {
  expect(reconnectDelay(6, () => 0)).toBe(250);
  expect(reconnectDelay(6, () => 0.5)).toBe(15_000);
  expect(reconnectDelay(6, () => 0.999_999)).toBe(30_000);
});

test('a minute of refused connections is at most twelve tries for nineteen clients in twenty, and never a storm', () => {
  const counts: number[] = [];
  // Fixed runs of a small generator (mulberry32), so that the figures are the same each time.
  for (let seed = 1; seed <= 1000; seed++) {
    let state = seed;
    const random = () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
    let tries = 0;
    for (let now = 0; now < 60_000; now += reconnectDelay(tries++, random));
    counts.push(tries);
  }
  counts.sort((a, b) => a - b);
  expect(counts[949]).toBeLessThanOrEqual(12);
  expect(counts[999]).toBeLessThanOrEqual(16);
});

test('a wait that the server asks for is kept, and bounded', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000_000 }), chance, (asked, random) => {
      const delay = askedDelay(asked, () => random);
      expect(delay).toBeGreaterThanOrEqual(Math.min(60_000, asked));
      expect(delay).toBeLessThanOrEqual(60_250);
    }),
  );
});

test('close codes are told apart: ours by name, terminal ones among them, others not at all', () => {
  for (const [reason, code] of Object.entries(closeCodes)) {
    expect(closeReason(code)).toBe(reason);
    expect(isTerminal(closeReason(code))).toBe(code >= 4500);
  }
  for (const code of [1000, 1001, 1006, 1009, 3000]) expect(closeReason(code)).toBeUndefined();
});
