import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import { aDm, api, startTestBackend, testConfig, type ConfigOverrides } from '../../testing/index.ts';
import { openSignalling, someCallers, type Caller } from './test-callers.ts';

const turn = { urls: ['turn:turn.example.org:3478'], secret: 'a secret of turn servers' };
const stunUrls = ['stun:turn.example.org:3478'];

const aServer = async (calls: ConfigOverrides['calls'], limits: ConfigOverrides['limits'] = {}) => {
  const server = await startTestBackend({ calls: calls ?? {}, limits: limits ?? {} });
  const [anna, ben] = (await someCallers(server, 2)) as [Caller, Caller];
  return { server, anna, ben };
};

test('without STUN and TURN there is no server to ask', async () => {
  const { server, anna } = await aServer({});
  expect(await anna.api.call('GET /calls/ice-servers')).toEqual({ iceServers: [], policy: 'all' });
  expect((await api(server).request('GET /calls/ice-servers')).status).toBe(401);
  expect((await anna.api.call('GET /config')).calls).toEqual({ videoParticipants: 6, audioParticipants: 8 });
  await server.close();
});

test('TURN credentials are one’s own, and end within the hour', async () => {
  const { server, anna } = await aServer({ turn, stunUrls });
  const { iceServers, policy, expiresAt } = await anna.api.call('GET /calls/ice-servers');
  expect(policy).toBe('all');
  const [stun, relay, ...more] = iceServers;
  expect(more).toEqual([]);
  expect(stun).toEqual({ urls: stunUrls });
  const [end, userId] = relay?.username?.split(':') ?? [];
  expect(userId).toBe(anna.id);
  expect(Number(end) * 1000).toBe(Date.parse(expiresAt ?? ''));
  expect(Number(end) - Date.now() / 1000).toBeLessThanOrEqual(3600);
  expect(Number(end) - Date.now() / 1000).toBeGreaterThan(3590);
  const password = createHmac('sha1', turn.secret)
    .update(relay?.username ?? '')
    .digest('base64');
  expect(relay).toEqual({ urls: turn.urls, username: relay?.username, credential: password });
  await server.close();
});

test('with `everybody` all media goes through TURN', async () => {
  const { server, anna } = await aServer({ turn, stunUrls, relayOnly: 'everybody' });
  expect((await anna.api.call('GET /calls/ice-servers')).policy).toBe('relay');
  await server.close();
});

test('who asks for credentials all the time is told to wait', async () => {
  const { server, anna, ben } = await aServer({ turn }, { iceServersPerMinute: 3 });
  const statuses: number[] = [];
  for (let count = 0; count < 4; count += 1) statuses.push((await anna.api.request('GET /calls/ice-servers')).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect((await ben.api.request('GET /calls/ice-servers')).status).toBe(200);
  await server.close();
});

test('where calls are switched off nobody can call, and no signalling socket opens', async () => {
  const { server, anna, ben } = await aServer({ enabled: false, turn });
  const { id: conversationId } = await aDm(anna, ben);
  expect((await anna.api.refusal('GET /calls/ice-servers')).code).toBe('forbidden');
  const body = { kind: 'audio' };
  const start = 'POST /conversations/:conversationId/calls';
  expect((await anna.api.refusal(start, { params: { conversationId }, body })).code).toBe('forbidden');
  await expect(anna.socket.command('call.start', { conversationId, kind: 'audio' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  const config = await anna.api.call('GET /config');
  expect(config.features).not.toContain('calls');
  expect(config.calls).toBeUndefined();
  expect(await openSignalling(server, { peerId: crypto.randomUUID(), ticket: 'any' }).closed).toBe(404);
  await server.close();
});

test('neither the secret of TURN nor tickets and credentials are logged', async () => {
  const lines: string[] = [];
  const log = createLog({ ...testConfig(), logLevel: 'trace' }, { write: (line: string) => void lines.push(line) });
  const server = await startTestBackend({ calls: { turn } }, { log });
  const [anna, ben] = (await someCallers(server, 2)) as [Caller, Caller];
  const { id: conversationId } = await aDm(anna, ben);
  const { admission } = await anna.socket.command('call.start', { conversationId, kind: 'audio' });
  await anna.api.call('GET /calls/ice-servers');
  const socket = openSignalling(server, admission);
  await socket.next('OPEN');
  socket.close();
  await server.close();
  const written = lines.join('');
  expect(written).toContain('ice-servers');
  for (const secret of [turn.secret, admission.ticket, admission.iceServers[0]?.credential ?? ''])
    expect(written).not.toContain(secret);
});
