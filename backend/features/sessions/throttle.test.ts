import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  api,
  aSocket,
  aUser,
  startTestBackend,
  testPassword,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';

// Each request of these tests names its own address, as the one trusted proxy would.
let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend({ trustedProxies: 1, limits: { loginFailuresPerAddress: 20 } });
});
afterAll(() => server.close());

const login = (identifier: string, password: string, address: string, headers: Record<string, string> = {}) =>
  api(server, undefined, { 'X-Forwarded-For': address, ...headers }).request('POST /auth/login', {
    body: { identifier, password },
  });
const fail = async (user: TestUser, times: number): Promise<number[]> => {
  const statuses: number[] = [];
  for (let index = 0; index < times; index++) {
    statuses.push((await login(user.user.username, 'wrong password', `203.0.113.${index + 1}`)).status);
  }
  return statuses;
};

describe('guessing passwords', () => {
  test('of one account from many addresses is slowed down, however right the next guess', async () => {
    const user = await aUser(server);
    const statuses = await fail(user, 30);
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses).toContain(429);
    expect(statuses.slice(5).filter((status) => status === 401).length).toBeLessThan(5);
    // Until the wait is long enough that the next request surely falls into it.
    let wait = 0;
    for (let index = 0; index < 2000 && wait < 3; index++) {
      const { headers } = await login(user.user.username, 'wrong password', `203.0.113.${index % 250}`);
      wait = Number(headers.get('retry-after'));
    }
    const { status, headers } = await login(user.user.username, user.password, '198.51.100.1');
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  test('does not lock out a device that was signed in before', async () => {
    const user = await aUser(server);
    await fail(user, 20);
    const Cookie = `teatime-default=${user.refreshToken}`;
    expect((await login(user.user.username, user.password, '198.51.100.2', { Cookie })).status).toBe(200);
  });

  test('of many accounts from one address is stopped', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 25; index++) {
      statuses.push((await login(`spray-${index}`, 'Password1', '198.51.100.3')).status);
    }
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(20).every((status) => status === 429)).toBe(true);
    expect((await login('spray-other', 'Password1', '198.51.100.4')).status).toBe(401);
  });

  test('is stopped also when X-Forwarded-For changes and no proxy is trusted', async () => {
    const direct = await startTestBackend({ limits: { loginFailuresPerAddress: 5 } });
    const statuses: number[] = [];
    for (let index = 0; index < 8; index++) {
      const answer = await api(direct, undefined, { 'X-Forwarded-For': `203.0.113.${index}` }).request(
        'POST /auth/login',
        {
          body: { identifier: `rotating-${index}`, password: 'Password1' },
        },
      );
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    await direct.close();
  });
});

test('with 300 logins at once the queue is bounded, the rest is told to wait, and sockets go on', async () => {
  const user = await aUser(server);
  const socket = await aSocket(server, user);
  let done = false;
  const storm = Promise.all(
    Array.from({ length: 300 }, (_, index) => login(user.user.username, testPassword, `192.0.2.${index % 250}`)),
  ).finally(() => (done = true));
  let pings = 0;
  while (!done) {
    await socket.settle();
    pings += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const answers = await storm;
  expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
  expect(answers.some(({ status }) => status === 200)).toBe(true);
  expect(answers.some(({ status }) => status === 429)).toBe(true);
  // Each ping waited for the one before: the hub answered all through the storm.
  expect(pings).toBeGreaterThan(10);
  await socket.close();
}, 60_000);
