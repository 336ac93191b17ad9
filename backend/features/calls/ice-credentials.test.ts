import { expect, test } from 'vitest';
import { iceCredentials, maxIceSeconds } from './ice-credentials.ts';

const userId = '0192f0c1-2f0a-7000-8000-000000000001';
const now = Date.parse('2026-01-02T03:04:05.678Z');
const given = { userId, secret: 'north', ttlSeconds: 600, now };

test('credentials name their end and their user, and end no later than asked for', () => {
  const { username, expiresAt } = iceCredentials(given);
  expect(expiresAt).toBe('2026-01-02T03:14:05.000Z');
  expect(username).toBe(`${Date.parse(expiresAt) / 1000}:${userId}`);
});

test('the password is what openssl makes of the user name and the secret', () => {
  // printf '%s' 1767323645:0192f0c1-2f0a-7000-8000-000000000001 | openssl dgst -sha1 -hmac north -binary | base64
  expect(iceCredentials(given).credential).toBe('iVkEZx9CUEV8uatZDBPGWj0iRrA=');
  expect(iceCredentials({ ...given, secret: 'south' }).credential).not.toBe(iceCredentials(given).credential);
});

test.each([0, -1, 0.5, Number.NaN, maxIceSeconds + 1])('a life of %d s is refused', (ttlSeconds) => {
  expect(() => iceCredentials({ ...given, ttlSeconds })).toThrow(RangeError);
});
