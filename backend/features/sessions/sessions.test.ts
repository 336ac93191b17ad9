import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, aSocket, aUser, startTestBackend, testPassword, type TestBackend } from '../../testing/index.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend();
});
afterAll(() => server.close());

const refresh = (refreshToken: string) => api(server).request('POST /auth/refresh', { body: { refreshToken } });
const refreshed = async (refreshToken: string): Promise<string> =>
  (await api(server).call('POST /auth/refresh', { body: { refreshToken } }))?.refreshToken ?? '';
const tokenRows = async (userId: string): Promise<number> => {
  const { rowCount } = await server.db.pool.query(
    'select from refresh_tokens r join sessions s on s.id = r.session_id where s.user_id = $1',
    [userId],
  );
  return rowCount ?? 0;
};
/** Lets time pass for the used tokens of somebody. */
const outliveGrace = (userId: string) =>
  server.db.pool.query(
    `update refresh_tokens r set used_at = used_at - interval '11 seconds' from sessions s
     where s.id = r.session_id and s.user_id = $1`,
    [userId],
  );

describe('register', () => {
  test('opens an account that can be signed in to by user name in any case, e-mail address and phone number', async () => {
    const user = await aUser(server, { username: 'Anna.B', email: 'Anna@Example.org', phone: '+44 1632 960-001' });
    expect(user.user).toMatchObject({ username: 'Anna.B', email: 'anna@example.org', phone: '+441632960001' });
    for (const identifier of ['anna.b', 'ANNA@example.org', '+44 1632 960001']) {
      const reply = await api(server).call('POST /auth/login', { body: { identifier, password: testPassword } });
      expect(reply.user.id).toBe(user.id);
    }
  });

  test.each([
    ['username', { username: 'TAKEN' }],
    ['email', { email: 'Taken@example.org' }],
    ['phone', { phone: '+441632960002' }],
  ])('a %s that is taken is a conflict that names the field', async (field, profile) => {
    await aUser(server, { username: 'taken', email: 'taken@example.org', phone: '+44 1632 960002' }).catch(
      () => undefined,
    );
    const { code, issues } = await api(server).refusal('POST /auth/register', {
      body: { username: `new-${field}`, displayName: 'New', password: testPassword, ...profile },
    });
    expect({ code, path: issues?.[0]?.path }).toEqual({ code: 'conflict', path: field });
  });

  test('the same user name is free on another site', async () => {
    await aUser(server, { username: 'everywhere' });
    await server.db.pool.query(`insert into sites (id, key, name) values (gen_random_uuid(), 'second', 'Second')`);
    const reply = await api(server, undefined, { 'TeaTime-Site': 'second' }).call('POST /auth/register', {
      body: { username: 'everywhere', displayName: 'Another', password: testPassword },
    });
    expect(reply.user.username).toBe('everywhere');
  });

  test.each([
    ['has 1,025 bytes', 'x'.repeat(1025)],
    ['has a megabyte', 'x'.repeat(1024 * 200)],
    ['is short', 'seven77'],
    ['is true', true],
    ['is a number', 12345678],
    ['is an object', { $ne: null }],
    ['holds half of a surrogate pair', 'password\ud800'],
  ])('a password that %s is refused', async (_, password) => {
    const { status, code } = await api(server).refusal('POST /auth/register', {
      body: { username: 'nobody', displayName: 'Nobody', password },
    });
    expect([status, code]).toEqual([400, 'validation_failed']);
  });

  test.each([
    ['with NUL', 'pass\0word'],
    ['of 250 emoji', '🔑'.repeat(250)],
    ['with a space in front', '  password'],
    ['of many letters alike but for the last', `${'a'.repeat(200)}b`],
  ])('a password %s is kept whole', async (_, password) => {
    const { user } = await aUser(server, { password });
    const login = (attempt: string) =>
      api(server).request('POST /auth/login', { body: { identifier: user.username, password: attempt } });
    expect((await login(password)).status).toBe(200);
    expect((await login(`${[...password.trim()].slice(0, -1).join('')}x`)).status).toBe(401);
  });

  test('a password may be typed in any Unicode form', async () => {
    const { user } = await aUser(server, { password: 'caf\u00e9 \ufb01n\u00e9' });
    const reply = await api(server).request('POST /auth/login', {
      body: { identifier: user.username, password: 'cafe\u0301 fine\u0301' },
    });
    expect(reply.status).toBe(200);
  });
});

describe('login', () => {
  test.each([
    { identifier: { $ne: null }, password: testPassword },
    { identifier: ['a', 'b'], password: testPassword },
    { identifier: 'somebody', password: true },
    { identifier: 'somebody', password: { $gt: '' } },
    { identifier: 7, password: testPassword },
    { email: 'a@example.org', password: testPassword },
  ])('%j is refused as malformed', async (body) => {
    expect((await api(server).refusal('POST /auth/login', { body })).code).toBe('validation_failed');
  });

  test('an unknown user, a wrong password and a disabled user get the same answer after the same work', async () => {
    const strict = await startTestBackend({ limits: { loginFailuresBeforeDelay: 1000 } });
    const [known, disabled] = [await aUser(strict), await aUser(strict)];
    await strict.db.pool.query('update users set disabled_at = now() where id = $1', [disabled.id]);
    const tries = {
      unknown: { identifier: 'nobody-at-all', password: 'wrong password' },
      wrong: { identifier: known.user.username, password: 'wrong password' },
      disabled: { identifier: disabled.user.username, password: testPassword },
    };
    const answers: Record<string, string> = {};
    const times: Record<string, number[]> = { unknown: [], wrong: [], disabled: [] };
    for (let round = 0; round < 15; round++) {
      for (const [name, body] of Object.entries(tries)) {
        const start = performance.now();
        const answer = await api(strict).request('POST /auth/login', { body });
        times[name]?.push(performance.now() - start);
        const headers = [...answer.headers.keys()].filter((key) => key !== 'date').sort();
        answers[name] = JSON.stringify([answer.status, { ...(answer.body as object), requestId: '' }, headers]);
      }
    }
    expect(answers['unknown']).toBe(answers['wrong']);
    expect(answers['disabled']).toBe(answers['wrong']);
    // Without the dummy hash an unknown user would be answered in a small fraction of the time.
    const median = (name: string) => times[name]?.sort((a, b) => a - b)[7] ?? 0;
    expect(median('unknown') / median('wrong')).toBeGreaterThan(0.5);
    await strict.close();
  });
});

describe('refresh', () => {
  test('each token works once and leads to the next', async () => {
    const user = await aUser(server);
    const second = await refreshed(user.refreshToken);
    const third = await refreshed(second);
    expect(new Set([user.refreshToken, second, third]).size).toBe(3);
    expect(await tokenRows(user.id)).toBe(3);
  });

  test('ten at once get the same successor, and one is kept', async () => {
    const user = await aUser(server);
    const all = await Promise.all(Array.from({ length: 10 }, () => refreshed(user.refreshToken)));
    expect(new Set(all).size).toBe(1);
    expect(await tokenRows(user.id)).toBe(2);
    expect((await refresh(all[0] ?? '')).status).toBe(200);
  });

  test('a token that is used again later ends its session and closes its sockets; other sessions live', async () => {
    const user = await aUser(server);
    const socket = await aSocket(server, user);
    const { accessToken, refreshToken } = await api(server).call('POST /auth/login', {
      body: { identifier: user.user.username, password: user.password, refreshIn: 'body' },
    });
    const otherSocket = await aSocket(server, { accessToken });
    const next = await refreshed(user.refreshToken);
    await outliveGrace(user.id);

    const start = performance.now();
    expect((await refresh(user.refreshToken)).body).toMatchObject({ status: 401, code: 'refresh_reused' });
    expect((await socket.closed).code).toBe(4501);
    expect(performance.now() - start).toBeLessThan(1000);
    expect((await refresh(next)).body).toMatchObject({ status: 401, code: 'token_invalid' });
    await otherSocket.settle();
    await otherSocket.close();
    expect((await refresh(refreshToken ?? '')).status).toBe(200);
  });

  test('within the grace only the immediate predecessor is answered', async () => {
    const user = await aUser(server);
    await refreshed(await refreshed(user.refreshToken));
    expect((await refresh(user.refreshToken)).body).toMatchObject({ code: 'refresh_reused' });
  });

  test('neither an expired token nor one of an ended session works', async () => {
    const [one, other] = [await aUser(server), await aUser(server)];
    await server.db.pool.query(
      `update refresh_tokens r set expires_at = now() - interval '1 second' from sessions s where s.id = r.session_id and s.user_id = $1`,
      [one.id],
    );
    await server.db.pool.query(`update sessions set expires_at = now() - interval '1 second' where user_id = $1`, [
      other.id,
    ]);
    expect((await refresh(one.refreshToken)).body).toMatchObject({ code: 'token_expired' });
    expect((await refresh(other.refreshToken)).body).toMatchObject({ code: 'token_expired' });
  });

  test('without a token says that nobody is signed in, which is no error', async () => {
    expect((await api(server).request('POST /auth/refresh', { body: {} })).status).toBe(204);
  });

  test('an access token is no refresh token', async () => {
    const user = await aUser(server);
    expect((await refresh(user.accessToken)).body).toMatchObject({ status: 401, code: 'token_invalid' });
  });
});

describe('logout', () => {
  test('ends the session and its sockets, and can be repeated', async () => {
    const user = await aUser(server);
    const socket = await aSocket(server, user);
    const logout = () => api(server).request('POST /auth/logout', { body: { refreshToken: user.refreshToken } });
    expect((await logout()).status).toBe(204);
    expect((await socket.closed).code).toBe(4501);
    expect((await logout()).status).toBe(204);
    expect((await refresh(user.refreshToken)).status).toBe(401);
    // The access token opens no socket, and is worth nothing elsewhere a moment later.
    await expect(aSocket(server, user)).rejects.toThrow('4501');
    const ask = async () => (await user.api.request('GET /auth/me')).status;
    await expect.poll(ask, { timeout: 20_000 }).toBe(401);
  });
});

test('a token whose session is over pushes nobody’s sockets out', async () => {
  const tight = await startTestBackend({ limits: { socketsPerUser: 1 } });
  const user = await aUser(tight);
  const { accessToken, refreshToken } = await api(tight).call('POST /auth/login', {
    body: { identifier: user.user.username, password: user.password, refreshIn: 'body' },
  });
  await api(tight).call('POST /auth/logout', { body: { refreshToken } });
  const socket = await aSocket(tight, user);
  await expect(aSocket(tight, { accessToken })).rejects.toThrow('4501');
  await socket.settle();
  await socket.close();
  await tight.close();
});

test('who reads the database finds neither tokens nor passwords', async () => {
  const user = await aUser(server, { password: 'a very secret password' });
  const next = await refreshed(user.refreshToken);
  const { rows } = await server.db.pool.query<{ line: string }>(
    `select to_jsonb(u)::text as line from users u union all select to_jsonb(s)::text from sessions s union all select to_jsonb(r)::text from refresh_tokens r`,
  );
  const dump = rows.map(({ line }) => line).join('\n');
  for (const secret of ['a very secret password', user.refreshToken, next, user.accessToken]) {
    expect(dump.includes(secret)).toBe(false);
    expect(dump.includes(Buffer.from(secret).toString('hex'))).toBe(false);
  }
  expect(/\$argon2id\$v=19\$m=19456,(?:t=2,p=1|p=1,t=2)\$/.test(dump)).toBe(true);
});
