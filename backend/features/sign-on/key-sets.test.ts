import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOutbound } from '../../outbound/outbound.ts';
import { api, startTestBackend, testConfig, type TestBackend } from '../../testing/index.ts';
import { createKeySets } from './index.ts';
import { aSite, claimsFor, jwt, signedBy, type TestSite } from './test-sites.ts';

const outbound = { allow: ['127.0.0.1/32'] };
let server: TestBackend;
let url: string;
let hits = 0;
let answer: (response: ServerResponse) => void;
const publisher = createServer((_, response) => {
  hits += 1;
  answer(response);
});

beforeAll(async () => {
  server = await startTestBackend({ outbound });
  publisher.listen(0, '127.0.0.1');
  await once(publisher, 'listening');
  url = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/keys.json`;
});
afterAll(async () => {
  publisher.closeAllConnections();
  publisher.close();
  await server.close();
});

type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
const ed25519 = (): Pair => generateKeyPairSync('ed25519');
const jwk = ({ publicKey }: Pair, kid: string, more: object = {}) => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  ...more,
});
const publish = (...keys: readonly object[]): void => {
  answer = (response) => void response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
};
const setsOf = (overrides: { allow?: string[] } = outbound) =>
  createKeySets(server.db, createOutbound(testConfig({ outbound: overrides })));
const exchange = async (token: string, { key }: TestSite) => {
  const { status, body } = await api(server, undefined, { 'TeaTime-Site': key }).request('POST /auth/exchange', {
    body: { token },
  });
  return { status, ...(body as { code?: string; detail?: string }) };
};
const tokenBy = ({ privateKey }: Pair, site: TestSite, kid: string, alg = 'EdDSA') =>
  jwt({ alg, kid }, claimsFor(site.key), signedBy(privateKey));

describe('the keys that a site publishes', () => {
  let site: TestSite;
  beforeEach(async () => {
    hits = 0;
    publish();
    site = await aSite(server);
  });

  test.each([
    ['EdDSA', ed25519()],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ])('sign by %s, and by it alone', async (alg, pair) => {
    publish(jwk(pair, 'idp/2026+key=='), jwk(ed25519(), 'another'));
    await setsOf().add(site.id, 'idp', url);
    expect((await exchange(tokenBy(pair, site, 'idp/2026+key==', alg), site)).status).toBe(200);
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' });
    const forged = jwt({ alg: 'HS256', kid: 'idp/2026+key==' }, claimsFor(site.key), (text) =>
      createHmac('sha256', pem).update(text).digest(),
    );
    expect(await exchange(forged, site)).toMatchObject({ status: 401, code: 'token_invalid' });
  });

  test('are read anew when a token names one that is not known, but not all the time', async () => {
    const [first, second] = [ed25519(), ed25519()];
    publish(jwk(first, 'first'));
    await setsOf().add(site.id, 'idp', url);
    expect((await exchange(tokenBy(first, site, 'first'), site)).status).toBe(200);
    expect(hits).toBe(2);
    publish(jwk(first, 'first'), jwk(second, 'second'));
    for (const kid of ['made-up', 'made-up-too', 'second'])
      expect(await exchange(tokenBy(second, site, kid), site)).toMatchObject({ status: 401 });
    expect(hits).toBe(2);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    try {
      // The token is as old as it would be by then.
      expect((await exchange(tokenBy(second, site, 'second'), site)).status).toBe(200);
      expect((await exchange(tokenBy(first, site, 'first'), site)).status).toBe(200);
      expect(hits).toBe(3);
      // A key that is no longer published signs nothing ten minutes later.
      publish(jwk(second, 'second'));
      vi.setSystemTime(Date.now() + 10 * 60_000 + 1000);
      expect(await exchange(tokenBy(first, site, 'first'), site)).toMatchObject({ status: 401 });
    } finally {
      vi.useRealTimers();
    }
  });

  test('that are secrets, too short, double, or for something else sign nothing', async () => {
    const pair = ed25519();
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const secret = 'a secret of more than thirty-two bytes';
    publish(
      { kty: 'oct', kid: 'secret', k: Buffer.from(secret).toString('base64url') },
      jwk(short, 'short'),
      jwk(pair, 'double'),
      jwk(ed25519(), 'double'),
      jwk(pair, 'encrypts', { use: 'enc' }),
    );
    await setsOf().add(site.id, 'idp', url);
    const bySecret = jwt({ alg: 'HS256', kid: 'secret' }, claimsFor(site.key), (text) =>
      createHmac('sha256', secret).update(text).digest(),
    );
    const tokens = [bySecret, tokenBy(short, site, 'short', 'RS256')];
    for (const kid of ['double', 'encrypts']) tokens.push(tokenBy(pair, site, kid));
    for (const token of tokens) expect(await exchange(token, site)).toMatchObject({ status: 401 });
  });

  test('are nothing to other sites, nor once the set is revoked', async () => {
    const [pair, other] = [ed25519(), await aSite(server)];
    publish(jwk(pair, 'shared'));
    await setsOf().add(site.id, 'idp', url);
    expect((await exchange(tokenBy(pair, other, 'shared'), other)).status).toBe(401);
    expect((await exchange(tokenBy(pair, site, 'shared'), site)).status).toBe(200);
    expect(await setsOf().revoke(site.id, 'idp')).toBe(true);
    expect((await exchange(tokenBy(pair, site, 'shared'), site)).status).toBe(401);
  });

  test('that cannot be read make nobody wait for ever, and the site’s own keys go on', async () => {
    const pair = ed25519();
    publish(jwk(pair, 'gone'));
    await setsOf().add(site.id, 'idp', url);
    answer = (response) => void response.writeHead(500).end();
    expect(await exchange(tokenBy(pair, site, 'gone'), site)).toMatchObject({
      status: 503,
      code: 'dependency_unavailable',
    });
    expect((await exchange(site.mint(), site)).status).toBe(200);
  });
});

describe('an address of keys is refused', () => {
  test.each([
    ['inside the network', 'http://10.0.0.1/keys.json', /not a public one/],
    ['of the machine, by a number', 'https://2130706433/keys.json', /not a public one/],
    ['that is no URL', 'keys.json', /URL/],
  ])('%s', async (_, address, reason) => {
    const site = await aSite(server);
    await expect(setsOf({ allow: [] }).add(site.id, 'idp', address)).rejects.toThrow(reason);
  });

  test('where there is no set', async () => {
    const site = await aSite(server);
    answer = (response) => void response.end('hello');
    await expect(setsOf().add(site.id, 'idp', url)).rejects.toThrow(/there is none/);
    answer = (response) => void response.end(Buffer.alloc(200_000, ' '));
    await expect(setsOf().add(site.id, 'idp', url)).rejects.toThrow(/larger/);
  });

  test('that redirects, wherever to', async () => {
    const site = await aSite(server);
    answer = (response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    await expect(setsOf().add(site.id, 'idp', url)).rejects.toThrow(/there is none/);
  });
});
