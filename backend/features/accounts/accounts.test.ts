import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import {
  api,
  aSocket,
  aUser,
  startMailServer,
  startTestBackend,
  testConfig,
  testPassword,
  type MailServer,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';

// Two processes: what is changed at one holds at the other.
let server: TestBackend;
let other: TestBackend;
let mail: MailServer;
const lines: string[] = [];
const linksTo = 'https://chat.example.org';

beforeAll(async () => {
  mail = await startMailServer();
  const log = createLog({ ...testConfig(), logLevel: 'trace' }, { write: (line: string) => void lines.push(line) });
  const config = {
    mail: { url: mail.url, from: 'chat@example.org', linksTo },
    limits: { mailsPerHourPerAddress: 8, loginFailuresBeforeDelay: 1000 },
    trustedProxies: 1,
  };
  server = await startTestBackend(config, { log });
  other = await startTestBackend(config, { log, databaseUrl: server.databaseUrl, broker: server.broker });
});
afterAll(async () => {
  await other.close();
  await server.close();
  await mail.close();
});

const patienceMs = 20_000;
/** A second, and what a busy machine may add to it. */
const secondMs = 5000;
const anAddress = (): string => `${randomUUID()}@example.org`;
const anonymous = (at: TestBackend = server, headers: Record<string, string> = {}) => api(at, undefined, headers);
const register = (email?: string, username = `u${randomUUID().slice(0, 12)}`, displayName = 'Ada') =>
  anonymous().request('POST /auth/register', {
    body: { username, displayName, password: testPassword, refreshIn: 'body', ...(email && { email }) },
  });
const forgot = (email: string) => anonymous().request('POST /auth/password/forgot', { body: { email } });
const reset = (token: string | undefined, password = 'another password', at = server, headers = {}) =>
  anonymous(at, headers).request('POST /auth/password/reset', { body: { token, password } });
const confirm = (token: string | undefined) => anonymous().request('POST /auth/email/confirm', { body: { token } });
const signIn = (identifier: string, password: string) =>
  anonymous().request('POST /auth/login', { body: { identifier, password, refreshIn: 'body' } });
const refresh = async (refreshToken: string, at = server) =>
  (await anonymous(at).request('POST /auth/refresh', { body: { refreshToken } })).status;
const codeOf = ({ body }: { body: unknown }) => (body as { code?: string }).code;
const newSession = async (user: TestUser, password = user.password): Promise<TestUser> => {
  const { body } = await signIn(user.user.username, password);
  const tokens = body as { accessToken: string; refreshToken: string };
  return { ...user, ...tokens, api: api(server, tokens.accessToken) };
};

/** Somebody who has shown that an address is theirs. */
const anOwner = async (profile: { displayName?: string } = {}): Promise<TestUser & { email: string }> => {
  const email = anAddress();
  const user = await aUser(server, { email, ...profile });
  expect((await confirm((await mail.next(email)).token)).status).toBe(204);
  return { ...user, email };
};

describe('an address given when somebody registers', () => {
  test('is theirs only when they have followed the link, which works once', async () => {
    const email = anAddress();
    const user = await aUser(server, { email });
    expect(user.user).not.toHaveProperty('email');
    expect((await signIn(email, testPassword)).status).toBe(401);
    const { token, link, text } = await mail.next(email);
    expect(link).toBe(`${linksTo}/account/confirm/?site=default#${token}`);
    expect(text).not.toContain(user.user.displayName);
    expect((await confirm(`${token}x`)).status).toBe(422);
    expect((await confirm(token)).status).toBe(204);
    expect((await user.api.call('GET /auth/me')).user.email).toBe(email);
    expect((await signIn(email, testPassword)).status).toBe(200);
    expect(codeOf(await confirm(token))).toBe('link_invalid');
  });

  test('answers alike when somebody has it already, who is told of it; the account is opened without it', async () => {
    const owner = await anOwner();
    const answers = [await register(anAddress()), await register(owner.email)];
    const shapes = answers.map(({ status, headers, body }) => {
      const { user, ...tokens } = body as { user: object };
      return { status, headers: [...headers.keys()].sort(), user: Object.keys(user), tokens: Object.keys(tokens) };
    });
    expect(shapes[1]).toEqual(shapes[0]);
    expect(shapes[0]).toMatchObject({ status: 201, user: expect.not.arrayContaining(['email']) as unknown });
    const { text, token, link } = await mail.next(owner.email);
    expect(text).toContain('somebody tried to use your e-mail address');
    expect(text).toContain(owner.user.username);
    expect([link, token]).toEqual([`${linksTo}/account/forgot/?site=default`, undefined]);
    expect((await signIn(owner.email, testPassword)).body).toMatchObject({ user: { id: owner.id } });
  });

  test('that two gave belongs to whoever shows it first', async () => {
    const email = anAddress();
    const people = [await aUser(server, { email }), await aUser(server, { email })];
    const [first, second] = [await mail.next(email), await mail.next(email)];
    const answers = await Promise.all([confirm(first.token), confirm(second.token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 422]);
    const theirs = await Promise.all(people.map(async (user) => (await user.api.call('GET /auth/me')).user.email));
    expect(theirs.filter((one) => one === email)).toHaveLength(1);
  });
});

describe('a forgotten password', () => {
  test('is answered alike whether or not somebody has the address; only the mail tells', async () => {
    const owner = await anOwner();
    const [known, unknown] = [await forgot(owner.email), await forgot(anAddress())];
    const shape = ({ status, headers, body }: typeof known) => ({
      status,
      body,
      headers: [...headers.keys()].sort(),
    });
    expect(shape(known)).toEqual(shape(unknown));
    expect([known.status, known.body]).toEqual([202, {}]);
    expect((await mail.next(owner.email)).link).toMatch(/\/account\/reset\/\?site=default#[\w-]{43}$/);
    // All that was asked for is settled, and nobody else was written to.
    await expect
      .poll(async () => (await server.db.pool.query('select from mails')).rowCount, { timeout: patienceMs })
      .toBe(0);
    expect(new Set(mail.mails.map(({ to }) => to)).has(owner.email)).toBe(true);
    expect(mail.mails.some(({ to }) => to.includes('nobody'))).toBe(false);
  });

  test('is changed by the link: once, by the newest one alone, on its own site', async () => {
    const owner = await anOwner();
    await forgot(owner.email);
    const older = await mail.next(owner.email);
    await forgot(owner.email);
    const newer = await mail.next(owner.email);
    expect(newer.text).toContain(owner.user.username);
    expect(codeOf(await reset(older.token))).toBe('link_invalid');
    await server.db.pool.query(
      `insert into sites (id, key, name) values ($1, 'elsewhere', 'Elsewhere') on conflict do nothing`,
      [randomUUID()],
    );
    expect(codeOf(await reset(newer.token, 'another password', server, { 'TeaTime-Site': 'elsewhere' }))).toBe(
      'link_invalid',
    );
    expect(codeOf(await confirm(newer.token))).toBe('link_invalid');
    const both = await Promise.all([reset(newer.token), reset(newer.token, 'a third password', other)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 422]);
    const password = both[0].status === 204 ? 'another password' : 'a third password';
    expect((await signIn(owner.email, testPassword)).status).toBe(401);
    expect((await signIn(owner.email, password)).status).toBe(200);
    expect((await mail.next(owner.email)).text).toContain('was changed');
  });

  test('keeps its link for half an hour', async () => {
    const owner = await anOwner();
    await forgot(owner.email);
    const { token } = await mail.next(owner.email);
    const { rows } = await server.db.pool.query<{ left: number; token: Buffer }>(
      `select extract(epoch from expires_at - now())::float8 as left, token_hash as token
       from account_links where user_id = $1 and purpose = 'password'`,
      [owner.id],
    );
    expect(rows[0]?.left).toBeGreaterThan(25 * 60);
    expect(rows[0]?.left).toBeLessThanOrEqual(30 * 60);
    expect(rows[0]?.token.toString('base64url')).not.toBe(token);
    await server.db.pool.query(`update account_links set expires_at = now() where user_id = $1`, [owner.id]);
    expect(codeOf(await reset(token))).toBe('link_invalid');
  });

  test('of somebody whom their site signs in, or who is disabled, cannot be set', async () => {
    const [sso, gone] = [await anOwner(), await anOwner()];
    await server.db.pool.query(`update users set password_hash = null where id = $1`, [sso.id]);
    await forgot(sso.email);
    expect((await mail.next(sso.email)).text).toContain('Your account has none');
    await forgot(gone.email);
    const { token } = await mail.next(gone.email);
    await server.db.pool.query(`update users set disabled_at = now() where id = $1`, [gone.id]);
    expect(codeOf(await reset(token))).toBe('link_invalid');
    for (const body of [{ currentPassword: testPassword, newPassword: 'another password' }])
      expect((await sso.api.refusal('PUT /me/password', { body })).code).toBe('no_password');
  });

  test('cannot be guessed at from one address, nor mails be had without end', async () => {
    const strict = await startTestBackend(
      {
        mail: { url: mail.url, from: 'chat@example.org', linksTo },
        limits: { accountRequestsPerHour: 5, mailsPerHourPerAddress: 2 },
        trustedProxies: 1,
      },
      { databaseUrl: server.databaseUrl, broker: server.broker },
    );
    const from = (address: string) => anonymous(strict, { 'X-Forwarded-For': address });
    const owner = await anOwner();
    const guesses: number[] = [];
    for (let index = 0; index < 7; index++) {
      const body = { token: `guess-${index}`, password: 'another password' };
      guesses.push((await from('203.0.113.1').request('POST /auth/password/reset', { body })).status);
    }
    expect(guesses).toEqual([422, 422, 422, 422, 422, 429, 429]);
    for (let index = 0; index < 4; index++) {
      const { status } = await from(`203.0.113.${10 + index}`).request('POST /auth/password/forgot', {
        body: { email: owner.email },
      });
      expect(status).toBe(202);
    }
    const put = await server.db.pool.query(`select from mails where address = $1`, [owner.email]);
    expect(put.rowCount).toBeLessThanOrEqual(2);
    await mail.next(owner.email);
    await mail.next(owner.email);
    await strict.close();
    expect(mail.mails.filter(({ to, text }) => to === owner.email && text.includes('has forgotten'))).toHaveLength(2);
  });
});

describe('when a password is reset or changed', () => {
  test('by a link: all sessions are over within a second, on all processes', async () => {
    const owner = await anOwner();
    const device = await newSession(owner);
    const sockets = [await aSocket(server, owner), await aSocket(other, owner), await aSocket(other, device)];
    await forgot(owner.email);
    const { token } = await mail.next(owner.email);
    expect((await reset(token)).status).toBe(204);
    const since = performance.now();
    expect((await Promise.all(sockets.map(({ closed }) => closed))).map(({ code }) => code)).toEqual([
      4501, 4501, 4501,
    ]);
    expect(performance.now() - since).toBeLessThan(secondMs);
    expect([await refresh(owner.refreshToken), await refresh(device.refreshToken, other)]).toEqual([401, 401]);
    // A token of theirs that has not run out opens no socket.
    await expect(aSocket(other, device)).rejects.toThrow();
  });

  test('by its owner: all other sessions are over, this one goes on by another refresh token', async () => {
    const owner = await anOwner();
    const device = await newSession(owner);
    const [here, there] = [await aSocket(server, owner), await aSocket(other, device)];
    const { refreshToken } = await owner.api.call('PUT /me/password', {
      body: { currentPassword: testPassword, newPassword: 'another password', refreshIn: 'body' },
    });
    const since = performance.now();
    expect((await there.closed).code).toBe(4501);
    expect(performance.now() - since).toBeLessThan(secondMs);
    await here.settle();
    expect([await refresh(owner.refreshToken), await refresh(device.refreshToken)]).toEqual([401, 401]);
    expect(await refresh(refreshToken ?? '')).toBe(200);
    expect((await signIn(owner.user.username, testPassword)).status).toBe(401);
    expect((await signIn(owner.user.username, 'another password')).status).toBe(200);
    expect((await mail.next(owner.email)).headers.get('subject')).toBe('Your password was changed');
    await here.close();
  });

  test('a browser gets the new refresh token in its cookie', async () => {
    const owner = await anOwner();
    const body = { currentPassword: testPassword, newPassword: 'another password' };
    const answer = await owner.api.request('PUT /me/password', { body });
    expect(answer.headers.getSetCookie().join()).toMatch(/^teatime-default=[\w-]{43}; Path=\/; HttpOnly/);
    expect(answer.body).toEqual({});
  });

  test('a link that was sent before works no more', async () => {
    const owner = await anOwner();
    await forgot(owner.email);
    const { token } = await mail.next(owner.email);
    await owner.api.call('PUT /me/password', {
      body: { currentPassword: testPassword, newPassword: 'another password' },
    });
    expect(codeOf(await reset(token))).toBe('link_invalid');
  });

  test('it takes the password, which cannot be guessed at either', async () => {
    const strict = await startTestBackend({ limits: { loginFailuresBeforeDelay: 3 } });
    const user = await aUser(strict);
    const statuses: number[] = [];
    for (let index = 0; index < 12; index++) {
      const body = { currentPassword: `guess number ${index}`, newPassword: 'another password' };
      statuses.push((await user.api.request('PUT /me/password', { body })).status);
    }
    expect(statuses.slice(0, 3)).toEqual([422, 422, 422]);
    expect(statuses).toContain(429);
    // Whoever guesses with a session keeps nobody from signing in.
    const body = { identifier: user.user.username, password: testPassword };
    expect((await api(strict).request('POST /auth/login', { body })).status).toBe(200);
    await strict.close();
  });
});

describe('refreshing is refused with 401', () => {
  test.each([
    [
      'signing out',
      async (user: TestUser) => {
        await anonymous().request('POST /auth/logout', { body: { refreshToken: user.refreshToken } });
      },
    ],
    [
      'the password was changed elsewhere',
      async (user: TestUser) => {
        const body = { currentPassword: testPassword, newPassword: 'another password' };
        await (await newSession(user)).api.call('PUT /me/password', { body });
      },
    ],
    [
      'the account was disabled',
      async (user: TestUser) => {
        await server.db.pool.query('update users set disabled_at = now() where id = $1', [user.id]);
      },
    ],
  ])('after %s', async (_, act) => {
    const user = await aUser(server);
    await act(user);
    expect([await refresh(user.refreshToken), await refresh(user.refreshToken, other)]).toEqual([401, 401]);
  });

  test('while the site is switched off', async () => {
    const alone = await startTestBackend();
    const user = await aUser(alone);
    await alone.db.pool.query(`update sites set enabled = false where key = 'default'`);
    await expect.poll(() => refresh(user.refreshToken, alone), { timeout: patienceMs }).toBe(401);
    await alone.db.pool.query(`update sites set enabled = true where key = 'default'`);
    await expect.poll(() => refresh(user.refreshToken, alone), { timeout: patienceMs }).toBe(200);
    await alone.close();
  });
});

describe('another address', () => {
  const change = (user: TestUser, email: string, currentPassword = testPassword) =>
    user.api.request('PUT /me/email', { body: { email, currentPassword } });

  test('takes the place of the one before when it is confirmed; both are written to', async () => {
    const owner = await anOwner();
    const email = anAddress();
    expect(codeOf(await change(owner, email, 'not my password'))).toBe('password_wrong');
    expect((await change(owner, email)).status).toBe(202);
    const [atNew, atOld] = [await mail.next(email), await mail.next(owner.email)];
    expect(atOld.text).toContain('gave another e-mail address');
    expect((await owner.api.call('GET /auth/me')).user.email).toBe(owner.email);
    expect((await confirm(atNew.token)).status).toBe(204);
    expect((await owner.api.call('GET /auth/me')).user.email).toBe(email);
  });

  test('that somebody has is answered alike, and told to them alone', async () => {
    const [owner, holder] = [await anOwner(), await anOwner()];
    const [free, taken] = [await change(owner, anAddress()), await change(owner, holder.email)];
    expect([taken.status, taken.body]).toEqual([free.status, free.body]);
    expect((await mail.next(holder.email)).text).toContain('You have one already');
  });

  test('in place of one that was not confirmed makes its link worthless', async () => {
    const [first, second] = [anAddress(), anAddress()];
    const user = await aUser(server, { email: first });
    const { token } = await mail.next(first);
    await change(user, second);
    expect(codeOf(await confirm(token))).toBe('link_invalid');
    expect((await confirm((await mail.next(second)).token)).status).toBe(204);
  });
});

describe('mail', () => {
  test('is plain text and HTML that says the same, in which names are nothing but names', async () => {
    const displayName = '<b>Ada</b> & "Co"';
    const owner = await anOwner({ displayName });
    await server.db.pool.query(`update sites set name = $1 where key = 'default'`, [
      'Tea <i>& Co\r\nBcc: victim@example.org',
    ]);
    await forgot(owner.email);
    const { headers, text, html, token, raw } = await mail.next(owner.email);
    await server.db.pool.query(`update sites set name = 'TeaTime' where key = 'default'`);
    expect(headers.get('bcc')).toBeUndefined();
    expect(raw).not.toMatch(/^Bcc:/m);
    expect(headers.get('from')).toMatch(/Tea <i>& Co Bcc: victim@example\.org" <chat@example\.org>$/);
    expect(headers.get('to')).toBe(owner.email);
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(text).toContain(`Hello ${displayName}`);
    expect(html).toContain('&lt;b&gt;Ada&lt;/b&gt; &amp; &quot;Co&quot;');
    expect(html).not.toContain('<i>');
    expect(html).toContain(`#${token}`);
  });

  test('waits in the outbox while the mail server is away, without a token, and goes when it is back', async () => {
    const own = await startMailServer();
    const port = Number(new URL(own.url).port);
    const alone = await startTestBackend({ mail: { url: own.url, from: 'chat@example.org', linksTo } });
    await own.close();
    const email = anAddress();
    await aUser(alone, { email });
    await expect
      .poll(async () => (await alone.db.pool.query('select attempts from mails')).rows[0]?.attempts as number, {
        timeout: patienceMs,
      })
      .toBeGreaterThan(0);
    const back = await startMailServer(port);
    expect((await back.next(email)).token).toMatch(/^[\w-]{43}$/);
    await expect
      .poll(async () => (await alone.db.pool.query('select from mails')).rowCount, { timeout: patienceMs })
      .toBe(0);
    await alone.close();
    await back.close();
  });

  test('that is refused for good is given up', async () => {
    const email = `refused-${anAddress()}`;
    mail.refuse((address) => address === email);
    await register(email);
    await expect
      .poll(async () => (await server.db.pool.query('select from mails where address = $1', [email])).rowCount, {
        timeout: patienceMs,
      })
      .toBe(0);
    expect(mail.mails.some(({ to }) => to === email)).toBe(false);
  });

  test('leaves neither tokens nor addresses nor passwords in the log', async () => {
    const owner = await anOwner();
    await forgot(owner.email);
    const { token = '' } = await mail.next(owner.email);
    await reset(token, 'a most secret password');
    const log = lines.join('');
    expect(log).toContain('/auth/password/reset');
    for (const secret of [token, owner.email, 'a most secret password']) expect(log).not.toContain(secret);
  });
});

test('without a mail server addresses are taken as they are given, and what needs mail is not there', async () => {
  const plain = await startTestBackend();
  const email = anAddress();
  const user = await aUser(plain, { email });
  expect(user.user.email).toBe(email);
  expect((await api(plain).refusal('POST /auth/password/forgot', { body: { email } })).code).toBe('not_found');
  expect((await user.api.refusal('PUT /me/email', { body: { email, currentPassword: testPassword } })).code).toBe(
    'not_found',
  );
  expect((await api(plain).call('GET /config')).accounts).not.toHaveProperty('forgotUrl');
  expect((await anonymous().call('GET /config')).accounts.forgotUrl).toBe(`${linksTo}/account/forgot/?site=default`);
  await plain.close();
});

test('a site that takes no passwords refuses all of it', async () => {
  const sso = await startTestBackend({ mail: { url: mail.url, from: 'chat@example.org', linksTo } });
  const user = await aUser(sso);
  await sso.db.pool.query(`update sites set policy = $1 where key = 'default'`, [
    JSON.stringify({ accounts: { passwordSignIn: false } }),
  ]);
  const email = anAddress();
  const [currentPassword, newPassword] = [testPassword, 'another password'];
  const answers = [
    await user.api.request('POST /auth/password/forgot', { body: { email } }),
    await user.api.request('POST /auth/password/reset', { body: { token: 'token', password: newPassword } }),
    await user.api.request('POST /auth/email/confirm', { body: { token: 'token' } }),
    await user.api.request('PUT /me/password', { body: { currentPassword, newPassword } }),
    await user.api.request('PUT /me/email', { body: { currentPassword, email } }),
  ];
  expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual(Array(5).fill([403, 'forbidden']));
  expect((await api(sso).call('GET /config')).accounts).not.toHaveProperty('forgotUrl');
  await sso.close();
});
