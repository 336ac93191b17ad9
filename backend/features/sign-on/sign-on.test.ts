import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createLog } from '../../log.ts';
import { api, startTestBackend, testConfig, type TestBackend } from '../../testing/index.ts';
import { aSite, claimsFor, jwt, signedBy, type TestSite } from './test-sites.ts';

let server: TestBackend;
let site: TestSite;
const lines: string[] = [];

beforeAll(async () => {
  const log = createLog({ ...testConfig(), logLevel: 'trace' }, { write: (line: string) => void lines.push(line) });
  server = await startTestBackend({}, { log });
  site = await aSite(server);
});
afterAll(() => server.close());

const now = (): number => Math.floor(Date.now() / 1000);
const at = ({ key }: TestSite, headers: Record<string, string> = {}) =>
  api(server, undefined, { 'TeaTime-Site': key, ...headers });
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { jti: string; sid: string };
const exchange = (token: string, more: object = {}, where = site) =>
  at(where).call('POST /auth/exchange', { body: { token, ...more } });
const refusal = async (token: string, where = site) => {
  const { status, body } = await at(where).request('POST /auth/exchange', { body: { token } });
  return { status, ...(body as { code: string; detail: string }) };
};

describe('a token of the site', () => {
  test('makes its person, and finds them again under the name and picture they have now', async () => {
    const sub = 'ada';
    const first = await exchange(site.mint({ sub, email: 'Ada@Example.com', picture: 'https://pics.example/a.png' }));
    expect(first.user).toMatchObject({
      displayName: 'Ada Byron',
      email: 'ada@example.com',
      avatarUrl: 'https://pics.example/a.png',
    });
    expect(first.user.username).toMatch(/^ada-byron-[0-9a-z]{10}$/);
    expect(first).not.toHaveProperty('refreshToken');
    const again = await exchange(site.mint({ sub, name: 'Ada Lovelace' }));
    expect(again.user).toMatchObject({ id: first.user.id, displayName: 'Ada Lovelace' });
    expect(again.user).not.toHaveProperty('avatarUrl');
    expect((await exchange(site.mint({ sub: 'grace', name: 'Grace' }))).user.id).not.toBe(first.user.id);
    const { user } = await api(server, again.accessToken).call('GET /auth/me', {});
    expect(user.id).toBe(first.user.id);
  });

  test('says what the site keeps of its person, for the person and nobody else', async () => {
    const custom = { plan: 'gold', seats: 3, trial: false };
    const { user, accessToken } = await exchange(site.mint({ sub: 'fields', custom }));
    expect(user.custom).toEqual(custom);
    expect((await api(server, accessToken).call('GET /auth/me', {})).user.custom).toEqual(custom);
    const other = await exchange(site.mint({ sub: 'looks' }));
    const seen = await api(server, other.accessToken).call('GET /users/:userId', { params: { userId: user.id } });
    expect(seen.user).not.toHaveProperty('custom');
    // The last token has the last word.
    expect((await exchange(site.mint({ sub: 'fields' }))).user).not.toHaveProperty('custom');
  });

  test('at once, twice, makes one person', async () => {
    const both = await Promise.all([1, 2].map(() => exchange(site.mint({ sub: 'twins' }))));
    expect(new Set(both.map(({ user }) => user.id)).size).toBe(1);
  });

  test('lets the session of the person go on while there is one', async () => {
    const sub = 'goes-on';
    const sessionOf = async (accessToken: string) =>
      (await api(server, accessToken).call('GET /auth/me', {})).session.id;
    const first = await exchange(site.mint({ sub }));
    const next = await exchange(site.mint({ sub }), { accessToken: first.accessToken });
    expect(await sessionOf(next.accessToken)).toBe(await sessionOf(first.accessToken));
    const somebodyElse = await exchange(site.mint({ sub: 'another' }), { accessToken: first.accessToken });
    expect(await sessionOf(somebodyElse.accessToken)).not.toBe(await sessionOf(first.accessToken));
  });

  test('gives a refresh token where one is asked for', async () => {
    const { refreshToken, user } = await exchange(site.mint({ sub: 'keeps' }), { refreshIn: 'body' });
    const refreshed = await at(site).call('POST /auth/refresh', { body: { refreshToken: refreshToken! } });
    expect(refreshed?.user.id).toBe(user.id);
  });

  test('an e-mail address that somebody else has stays theirs', async () => {
    const email = 'shared@example.com';
    expect((await exchange(site.mint({ sub: 'first', email }))).user.email).toBe(email);
    expect((await exchange(site.mint({ sub: 'second', email }))).user).not.toHaveProperty('email');
  });

  test('opens nothing for who is disabled', async () => {
    const { user } = await exchange(site.mint({ sub: 'disabled' }));
    await server.db.query('test_disable', 'update users set disabled_at = now() where id = $1', [user.id]);
    expect(await refusal(site.mint({ sub: 'disabled' }))).toMatchObject({ status: 403, code: 'forbidden' });
  });

  test('whose person was deleted makes somebody new', async () => {
    const { user } = await exchange(site.mint({ sub: 'leaver' }));
    await server.db.query('test_delete', 'update users set external_id = null where id = $1', [user.id]);
    expect((await exchange(site.mint({ sub: 'leaver' }))).user.id).not.toBe(user.id);
  });
});

describe('a used token', () => {
  test('gives the device that used it the same session for ten seconds, and nobody else anything', async () => {
    const token = site.mint({ sub: 'again' });
    const sid = ({ accessToken }: { accessToken: string }) => claimsOf(accessToken).sid;
    const first = await exchange(token);
    expect(sid(await exchange(token))).toBe(sid(first));
    const elsewhere = at(site, { 'User-Agent': 'another device' });
    const { status, body } = await elsewhere.request('POST /auth/exchange', { body: { token } });
    expect({ status, ...(body as object) }).toMatchObject({ status: 401, code: 'token_replayed' });
    expect(await refusal(site.mint({ sub: 'somebody else', jti: claimsOf(token).jti }))).toMatchObject({
      code: 'token_replayed',
    });
    await server.db.query('test_age', `update used_sign_on_tokens set used_at = used_at - interval '11 s'`, []);
    expect(await refusal(token)).toMatchObject({ status: 401, code: 'token_replayed' });
  });
});

describe('keys', () => {
  const pairs = {
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
  const pem = (alg: keyof typeof pairs) => pairs[alg].publicKey.export({ type: 'spki', format: 'pem' }).toString();

  test.each(['ES256', 'EdDSA', 'RS256'] as const)(
    'of the kind %s sign, and by their own algorithm alone',
    async (alg) => {
      const kid = `public-${alg}`;
      expect(await site.keys.addPublicKey(site.id, kid, pem(alg))).toBe(alg);
      const claims = () => claimsFor(site.key, { sub: kid });
      const good = jwt({ alg, kid }, claims(), signedBy(pairs[alg].privateKey));
      expect((await exchange(good)).user.displayName).toBe('Ada Byron');
      // The public key is known to all: as the secret of an HMAC it must sign nothing.
      for (const secret of [pem(alg), pairs[alg].publicKey.export({ type: 'spki', format: 'der' })]) {
        const forged = jwt({ alg: 'HS256', kid }, claims(), (text) =>
          createHmac('sha256', secret).update(text).digest(),
        );
        expect(await refusal(forged)).toMatchObject({ status: 401, code: 'token_invalid' });
      }
    },
  );

  test('are rotated without a pause, and useless once revoked', async () => {
    const own = await aSite(server);
    const secret = randomBytes(32);
    await own.keys.addSecret(own.id, 'next', secret);
    const next = () =>
      jwt({ alg: 'HS256', kid: 'next' }, claimsFor(own.key), (text) =>
        createHmac('sha256', secret).update(text).digest(),
      );
    await exchange(own.mint(), {}, own);
    await exchange(next(), {}, own);
    expect(await own.keys.revoke(own.id, 'main')).toBe(true);
    expect(await refusal(own.mint(), own)).toMatchObject({ status: 401, code: 'token_invalid' });
    await exchange(next(), {}, own);
  });

  test('are kept so that the database alone signs nothing', async () => {
    const rows = await server.db.query<{ sealed_secret: Buffer }>(
      'test_sealed',
      'select sealed_secret from site_keys where site_id = $1 and kid = $2',
      [site.id, site.kid],
    );
    expect(rows[0]!.sealed_secret.includes(site.secret)).toBe(false);
  });

  test('that are too weak, private, or none, are refused', async () => {
    await expect(site.keys.addSecret(site.id, 'short', randomBytes(31))).rejects.toThrow('needs 32 bytes');
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ type: 'spki', format: 'pem' });
    for (const key of [weak, other])
      await expect(site.keys.addPublicKey(site.id, 'weak', String(key))).rejects.toThrow('2,048');
    const secretHalf = pairs.ES256.privateKey.export({ type: 'pkcs8', format: 'pem' });
    await expect(site.keys.addPublicKey(site.id, 'private', String(secretHalf))).rejects.toThrow('private');
    await expect(site.keys.addPublicKey(site.id, 'junk', 'junk')).rejects.toThrow('PEM');
    await expect(site.keys.addSecret(site.id, 'main', randomBytes(32))).rejects.toThrow('one named main');
  });
});

describe('a forged token is refused, and told nothing', () => {
  const generic = /not signed by a key that site .* lists/;
  const unsigned = (alg: string) => jwt({ alg, kid: 'main' }, claimsFor(site.key), () => '');
  const kids = ['../../../dev/null', "main' or '1'='1", '', 'x'.repeat(65), 7, null, ['main'], undefined];
  const cases: [string, () => string][] = [
    ...['none', 'None', 'nOnE', 'HS256', ''].map((alg): [string, () => string] => [
      `alg "${alg}", unsigned`,
      () => unsigned(alg),
    ]),
    ['without its signature', () => site.mint().replace(/[^.]+$/, '')],
    ['with another signature', () => `${site.mint().slice(0, -6)}AAAAAA`],
    [
      'HS512 by the right secret',
      () =>
        jwt({ alg: 'HS512', kid: 'main' }, claimsFor(site.key), (text) =>
          createHmac('sha512', site.secret).update(text).digest(),
        ),
    ],
    ...kids.map((kid): [string, () => string] => [`kid ${JSON.stringify(kid)}`, () => site.mint({}, { kid })]),
    ['critical extension', () => site.mint({}, { crit: ['b64'], b64: false })],
    ['no JWT', () => 'a.b.c'],
    ['nothing', () => ''],
  ];
  test.each(cases)('%s', async (_, mint) => {
    const answer = await refusal(mint());
    expect(answer).toMatchObject({ status: 401, code: 'token_invalid' });
    expect(answer.detail).toMatch(generic);
  });

  test('that brings its own key, or says where to fetch one', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const fetched = vi.spyOn(globalThis, 'fetch');
    for (const header of [
      { jwk: publicKey.export({ format: 'jwk' }) },
      { jku: `${server.url}/keys.json` },
      { x5u: `${server.url}/keys.pem` },
    ]) {
      const token = jwt({ alg: 'EdDSA', kid: 'main', ...header }, claimsFor(site.key), signedBy(privateKey));
      expect((await refusal(token)).detail).toMatch(generic);
    }
    expect(fetched.mock.calls.filter(([url]) => String(url).includes('/keys.'))).toEqual([]);
    fetched.mockRestore();
  });

  test('and the log says what was wrong', async () => {
    lines.length = 0;
    await refusal(site.mint({}, { kid: 'nobody' }));
    await refusal(unsigned('none'));
    expect(lines.join('')).toContain('the site has no key named nobody in use');
    expect(lines.join('')).toContain('key main signs by HS256 alone');
  });
});

describe('a signed token whose claims are wrong is refused, and the developer told why', () => {
  const cases: [string, () => object, RegExp, string?][] = [
    ['another issuer', () => ({ iss: 'another' }), /"iss" must be the key of the site/],
    ['no issuer', () => ({ iss: undefined }), /"iss"/],
    ['another audience', () => ({ aud: 'others' }), /"aud"/],
    ['several audiences', () => ({ aud: ['teatime'] }), /"aud"/],
    ['no audience', () => ({ aud: undefined }), /"aud"/],
    ['no end', () => ({ exp: undefined }), /"exp"/],
    ['ended', () => ({ exp: now() - 250 }), /expired 4 minutes ago: check the clock/, 'token_expired'],
    ['too long a life', () => ({ exp: now() + 3700 }), /ends in 1 hour, more than the 10 minutes/],
    ['not yet', () => ({ nbf: now() + 300 }), /meant for \d+ minutes from now/],
    ['made in the future', () => ({ iat: now() + 300 }), /from now/],
    ['no person', () => ({ sub: '' }), /"sub"/],
    ['several persons', () => ({ sub: ['a'] }), /"sub"/],
    ['no name', () => ({ name: undefined }), /"name"/],
    ['no jti', () => ({ jti: undefined }), /"jti"/],
    ['a picture that is script', () => ({ picture: 'javascript:alert(1)' }), /"picture"/],
    ['a picture without https', () => ({ picture: 'http://pics.example/a.png' }), /"picture"/],
    ['an address that is none', () => ({ email: 'nobody' }), /"email"/],
    ['fields that are a list', () => ({ custom: ['gold'] }), /"custom"/],
    ['fields inside of fields', () => ({ custom: { plan: { name: 'gold' } } }), /"custom.plan"/],
    [
      'too many fields',
      () => ({ custom: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`f${n}`, n])) }),
      /20 fields/,
    ],
  ];
  test.each(cases)('%s', async (_, claims, reason, code = 'token_invalid') => {
    const answer = await refusal(site.mint(claims()));
    expect(answer).toMatchObject({ status: 401, code });
    expect(answer.detail).toMatch(reason);
  });

  test.each(['end', 'nbf', 'iat'])('%s as text', async (claim) => {
    const name = claim === 'end' ? 'exp' : claim;
    expect(await refusal(site.mint({ [name]: String(now() + 60) }))).toMatchObject({
      status: 401,
      code: 'token_invalid',
    });
  });

  test('but clocks may be a minute apart', async () => {
    await exchange(site.mint({ sub: 'slow', exp: now() - 50 }));
    await exchange(site.mint({ sub: 'fast', iat: now() + 50, nbf: now() + 50, exp: now() + 650 }));
  });
});

describe('sites and kinds of tokens are kept apart', () => {
  test('a token of one site is nothing to another, though both have a key of that name and such a person', async () => {
    const other = await aSite(server);
    const [own, theirs] = [await exchange(site.mint()), await exchange(other.mint(), {}, other)];
    expect(own.user.id).not.toBe(theirs.user.id);
    expect(await refusal(site.mint(), other)).toMatchObject({ status: 401, code: 'token_invalid' });
    expect(await refusal(site.mint({ iss: other.key }), other)).toMatchObject({ status: 401, code: 'token_invalid' });
    const crossed = await at(other, { Authorization: `Bearer ${own.accessToken}` }).request('GET /auth/me', {});
    expect(crossed.status).toBe(403);
    const { users } = await api(server, theirs.accessToken).call('GET /users', { query: { search: 'Ada' } });
    expect(users).toEqual([]);
  });

  test('pages of origins that the site does not allow exchange nothing', async () => {
    const own = await aSite(server, ['https://good.example']);
    const from = (Origin: string) =>
      at(own, { Origin }).request('POST /auth/exchange', { body: { token: own.mint() } });
    expect((await from('https://good.example')).status).toBe(200);
    expect((await from('https://evil.example')).body).toMatchObject({
      code: 'origin_not_allowed',
      detail: expect.stringContaining(`origin https://evil.example is not allowed for site ${own.key}`) as string,
    });
  });

  test('a sign-on token opens nothing by itself, and no other token signs on', async () => {
    const { accessToken, refreshToken } = await exchange(site.mint({ sub: 'kinds' }), { refreshIn: 'body' });
    expect((await api(server, site.mint()).request('GET /auth/me', {})).status).toBe(401);
    for (const token of [accessToken, refreshToken!])
      expect(await refusal(token)).toMatchObject({ code: 'token_invalid' });
    for (const token of [accessToken, site.mint()]) {
      const { status } = await at(site).request('POST /auth/refresh', { body: { refreshToken: token.slice(0, 512) } });
      expect(status).toBe(401);
    }
  });
});
