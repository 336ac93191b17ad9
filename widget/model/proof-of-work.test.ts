import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { firstWordOf, solve } from './proof-of-work.ts';

const reference = (text: string): number => createHash('sha256').update(text).digest().readInt32BE(0);

test('hashes texts of one block as the standard says', () => {
  for (let length = 0; length <= 55; length++) {
    const text = 'TeaTime chat 0123456789 '.repeat(3).slice(0, length);
    expect(firstWordOf(text), String(length)).toBe(reference(text));
  }
});

test('finds a number that the server takes', async () => {
  for (const difficulty of [1, 8, 12]) {
    const challenge = `challenge-of-44-characters-which-is-${difficulty}`;
    expect(Math.clz32(reference(challenge + (await solve(challenge, difficulty))))).toBeGreaterThanOrEqual(difficulty);
  }
});

test('lets the page have its turn in between', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++);
  await solve('a challenge that takes a while', 17);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
});
