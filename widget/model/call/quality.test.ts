import { expect, test } from 'vitest';
import { budgetFor, createVideoGate, qualityOf } from './quality.ts';

const good = { lostOut: 0, lostIn: 0, roundTripMs: 40 };
const everyMs = 2000;

/** Feeds a gate a sample every two seconds; answers when it changed, in seconds, and to what. */
const run = (samples: readonly { lostOut: number; bandwidth?: number }[]): [number, boolean][] => {
  const gate = createVideoGate();
  const changes: [number, boolean][] = [];
  samples.forEach((sample, index) => {
    const before = gate.open;
    const at = 1_000_000 + index * everyMs;
    if (gate.take({ ...good, ...sample }, at) !== before) changes.push([(index * everyMs) / 1000, gate.open]);
  });
  return changes;
};
const times = <T>(count: number, sample: T): T[] => Array.from({ length: count }, () => sample);

test('a link is as good as the worse of its two ways, and as its round trip', () => {
  expect(qualityOf(good)).toBe(3);
  expect(qualityOf({ ...good, lostIn: 0.05 })).toBe(2);
  expect(qualityOf({ ...good, lostOut: 0.05 })).toBe(2);
  expect(qualityOf({ ...good, lostOut: 0.2 })).toBe(1);
  expect(qualityOf({ ...good, roundTripMs: 400 })).toBe(2);
  expect(qualityOf({ ...good, roundTripMs: 900 })).toBe(1);
});

test('video stops after six seconds of a poor link, not for a moment of one', () => {
  expect(run([{ lostOut: 0.5 }, { lostOut: 0.5 }, { lostOut: 0 }, { lostOut: 0.5 }, { lostOut: 0.5 }])).toEqual([]);
  expect(run(times(4, { lostOut: 0.2 }))).toEqual([[4, false]]);
  expect(run(times(4, { lostOut: 0, bandwidth: 60_000 }))).toEqual([[4, false]]);
  expect(run(times(4, { lostOut: 0, bandwidth: 600_000 }))).toEqual([]);
});

test('video is tried again after 15 s, and later each time while the link stays poor', () => {
  const changes = run(times(60, { lostOut: 0.3 }));
  // Tried at 20 s (15 after 4, at the next look), stopped six seconds later, tried 30 s after that, and so on.
  expect(changes.slice(0, 5)).toEqual([
    [4, false],
    [20, true],
    [26, false],
    [56, true],
    [62, false],
  ]);
});

test('a link that was good for a minute is tried soon when it is poor again', () => {
  const samples = [...times(4, { lostOut: 0.3 }), ...times(50, { lostOut: 0 }), ...times(12, { lostOut: 0.3 })];
  const changes = run(samples);
  const [stopped, back] = changes.slice(-2);
  expect(stopped?.[1]).toBe(false);
  expect(back?.[1]).toBe(true);
  expect(back![0] - stopped![0]).toBe(16);
});

test('pictures are smaller the more people they go to; screens stay as large as they are', () => {
  const costs = [1, 2, 3, 4, 5].map((others) => budgetFor(others, false));
  for (const [index, cost] of costs.entries()) {
    const before = costs[index - 1];
    if (!before) continue;
    expect(cost.maxBitrate).toBeLessThanOrEqual(before.maxBitrate);
    expect(cost.scaleResolutionDownBy).toBeGreaterThanOrEqual(before.scaleResolutionDownBy);
  }
  // What five pictures cost together goes up a usual line.
  expect(costs[4]!.maxBitrate * 5).toBeLessThanOrEqual(1_500_000);
  expect(budgetFor(5, true).scaleResolutionDownBy).toBe(1);
  expect(budgetFor(5, true).maxBitrate * 5).toBeLessThanOrEqual(2_500_000);
});
