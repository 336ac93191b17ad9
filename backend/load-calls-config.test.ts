import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultCalls } from './config.ts';
import { loadConfig } from './load-config.ts';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'teatime-config-'));
});
afterAll(() => rmSync(dataDir, { recursive: true }));

const callsOf = (environment: Record<string, string>) => loadConfig({ DATA_DIR: dataDir, ...environment }).calls;
const secret = 'north south east west';

test('by default calls are on, and no server of anybody is asked', () => {
  expect(callsOf({})).toEqual(defaultCalls);
  expect(defaultCalls).toMatchObject({ enabled: true, stunUrls: [], turn: undefined, whoMayCall: 'everybody' });
});

test('STUN and TURN are set by URLs; whom they relay is left to the sites unless it is said for all', () => {
  const urls = ['turn:turn.example.org:3478?transport=udp', 'turns:[2001:db8::1]:443?transport=tcp'];
  expect(
    callsOf({
      STUN_URLS: 'stun:turn.example.org, stuns:192.0.2.1:5349',
      TURN_URLS: urls.join(' '),
      TURN_SECRET: secret,
    }),
  ).toMatchObject({
    stunUrls: ['stun:turn.example.org', 'stuns:192.0.2.1:5349'],
    turn: { urls, secret },
    relayOnly: undefined,
  });
  expect(callsOf({ TURN_URLS: urls[0]!, TURN_SECRET: secret, RELAY_ONLY: 'nobody' }).relayOnly).toBe('nobody');
  expect(callsOf({ WHO_MAY_CALL: 'known' }).whoMayCall).toBe('known');
  expect(callsOf({ CALLS: 'off', CALL_MAX_VIDEO: '4', CALL_MAX_AUDIO: '12' })).toMatchObject({
    enabled: false,
    videoParticipants: 4,
    audioParticipants: 12,
  });
});

test.each([
  [{ CALLS: 'yes' }, /CALLS /],
  [{ STUN_URLS: 'turn.example.org' }, /STUN_URLS must hold URLs/],
  [{ TURN_URLS: 'turn:example.org?transport=quic', TURN_SECRET: secret }, /TURN_URLS must hold URLs/],
  [{ TURN_URLS: 'turn:example.org' }, /TURN_URLS and TURN_SECRET must be given together/],
  [{ TURN_URLS: 'turn:example.org', TURN_SECRET: 'short' }, /TURN_SECRET must have at least 16/],
  [{ RELAY_ONLY: 'everybody' }, /RELAY_ONLY needs TURN_URLS/],
  [{ RELAY_ONLY: 'guests', TURN_URLS: 'turn:example.org', TURN_SECRET: secret }, /RELAY_ONLY /],
  [{ WHO_MAY_CALL: 'friends' }, /WHO_MAY_CALL /],
  [{ CALL_MAX_VIDEO: '1' }, /CALL_MAX_VIDEO must be a whole number from 2 to 50/],
  [{ CALL_MAX_AUDIO: 'many' }, /CALL_MAX_AUDIO must be/],
])('%o is refused', (environment, fault) => {
  expect(() => callsOf(environment as Record<string, string>)).toThrow(fault);
});
