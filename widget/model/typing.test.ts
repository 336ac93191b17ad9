import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTyping } from './typing.ts';

const aTyping = () => {
  const told: string[] = [];
  const typing = createTyping({
    tell: (type, conversationId) => void told.push(`${type} ${conversationId}`),
    user: (id) => ({ id, username: id, displayName: id, avatarColor: 'leaf' }),
  });
  const names = (id = 'c') =>
    typing
      .of(id)
      .get()
      .map((user) => user.id);
  return { typing, told, names };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('keys are told at most every three seconds, and the end once', () => {
  const { typing, told } = aTyping();
  for (let ms = 0; ms < 7000; ms += 100) {
    typing.pressed('c');
    vi.advanceTimersByTime(100);
  }
  expect(told).toEqual(['typing.start c', 'typing.start c', 'typing.start c']);
  typing.stopped('c');
  typing.stopped('c');
  expect(told.slice(3)).toEqual(['typing.stop c']);
});

test('what others have forgotten already is not ended', () => {
  const { typing, told } = aTyping();
  typing.pressed('c');
  vi.advanceTimersByTime(6001);
  typing.stopped('c');
  expect(told).toEqual(['typing.start c']);
});

test('somebody who stops without a word is forgotten after six seconds, from the last news on', () => {
  const { typing, names } = aTyping();
  typing.heard('c', 'ann', true);
  typing.heard('c', 'ben', true);
  vi.advanceTimersByTime(5000);
  typing.heard('c', 'ann', true);
  expect(names()).toEqual(['ann', 'ben']);
  vi.advanceTimersByTime(1500);
  expect(names()).toEqual(['ann']);
  vi.advanceTimersByTime(5000);
  expect(names()).toEqual([]);
});

test('conversations do not mix, and a reset forgets all', () => {
  const { typing, names } = aTyping();
  typing.heard('c', 'ann', true);
  typing.heard('d', 'ben', true);
  typing.heard('c', 'ann', false);
  expect([names('c'), names('d')]).toEqual([[], ['ben']]);
  typing.reset();
  expect(names('d')).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
