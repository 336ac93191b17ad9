import { expect, test } from 'vitest';
import { newClientId } from './client-id.ts';

test('ids are UUIDs of version 7 that carry their time', () => {
  const id = newClientId(Date.UTC(2040, 0, 1));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(Date.UTC(2040, 0, 1));
});

test('ids only rise, within a millisecond and when the clock steps back', () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => newClientId(Date.UTC(2041, 0, 1) - (index % 7) * 1000));
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
});
