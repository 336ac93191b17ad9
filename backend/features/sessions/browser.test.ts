import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  api,
  aUser,
  cloneDatabase,
  dropDatabase,
  sharedTemplate,
  startTestBackend,
  testPassword,
  type ConfigOverrides,
  type TestBackend,
} from '../../testing/index.ts';

const page = 'https://shop.example.org';
let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend({ allowedOrigins: [page] });
});
afterAll(() => server.close());

const client = { 'TeaTime-Client': 'test/1' };
const cookieOf = (headers: Headers): string => headers.getSetCookie().join('\n');
const register = (on: TestBackend, username: string, headers: Record<string, string> = {}) =>
  api(on, undefined, headers).request('POST /auth/register', {
    body: { username, displayName: 'Browser', password: testPassword },
  });

describe('the refresh cookie', () => {
  test('is Lax and hidden from scripts on localhost, and is all that refreshing needs', async () => {
    const { headers, body } = await register(server, 'cookie-one');
    const cookie = cookieOf(headers);
    expect(cookie).toMatch(/^teatime-default=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
    expect(body).not.toHaveProperty('refreshToken');
    const sent = { Cookie: `other=1; ${cookie.split(';')[0]}`, ...client };
    const again = await api(server, undefined, sent).request('POST /auth/refresh', { body: {} });
    expect(again.status).toBe(200);
    expect(cookieOf(again.headers)).toMatch(/^teatime-default=/);
    const out = await api(server, undefined, sent).request('POST /auth/logout', { body: {} });
    expect([out.status, cookieOf(out.headers)]).toEqual([
      204,
      'teatime-default=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
    ]);
  });

  test.each<[string, ConfigOverrides, Record<string, string>]>([
    ['a configured https URL', { publicUrl: 'https://chat.example.org' }, {}],
    ['a trusted proxy that says https', { trustedProxies: 1 }, { 'X-Forwarded-Proto': 'https' }],
  ])('behind %s it is __Host-, Secure, Partitioned and cross-site', async (_, config, headers) => {
    const https = await startTestBackend(config);
    const answer = await register(https, 'cookie-two', headers);
    expect(cookieOf(answer.headers)).toMatch(
      /^__Host-teatime-default=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=2592000$/,
    );
    await https.close();
  });

  test.each(['POST /auth/refresh', 'POST /auth/logout'] as const)(
    '%s refuses the cookie without the client header',
    async (key) => {
      const { headers } = await register(server, `csrf-${key.slice(11)}`);
      const Cookie = cookieOf(headers).split(';')[0] ?? '';
      const refusal = await api(server, undefined, { Cookie }).refusal(key, { body: {} });
      expect([refusal.status, refusal.code]).toEqual([403, 'forbidden']);
      expect(
        (await api(server, undefined, { Cookie, ...client }).request('POST /auth/refresh', { body: {} })).status,
      ).toBe(200);
    },
  );
});

describe('origins', () => {
  const preflight = (origin: string) =>
    fetch(`${server.url}/api/v1/auth/login`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,teatime-client',
      },
    });
  const config = (origin: string) => fetch(`${server.url}/api/v1/config`, { headers: { origin } });

  test('a listed one may use the API with credentials', async () => {
    for (const answer of [await preflight(page), await config(page)]) {
      expect(answer.status).toBeLessThan(300);
      expect(answer.headers.get('access-control-allow-origin')).toBe(page);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('vary')).toMatch(/origin/i);
    }
  });

  test('the server’s own needs no listing', async () => {
    expect((await config(server.url)).status).toBe(200);
  });

  test.each([
    'null',
    'https://evil.test',
    'https://shop.example.org.evil.test',
    'https://evilshop.example.org',
    'http://shop.example.org',
    'https://shop.example.org:8443',
    'https://xn--shp-0na.example.org',
    'http://localhost:3000',
  ])('%s may not', async (origin) => {
    const [before, actual] = [await preflight(origin), await config(origin)];
    for (const answer of [before, actual]) {
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('vary')).toMatch(/origin/i);
      expect(answer.status).toBe(403);
    }
    expect(await actual.json()).toMatchObject({ code: 'origin_not_allowed' });
  });

  test('pages on localhost may on the embedded default', async () => {
    const demo = await startTestBackend({ demo: true });
    const answer = await fetch(`${demo.url}/api/v1/config`, { headers: { origin: 'http://localhost:3000' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    await demo.close();
  });

  test('a Host header that is none is refused, and long forwarding headers cost nothing', async () => {
    const { request } = await import('node:http');
    const ask = (headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        request(`${server.url}/api/v1/config`, { headers }, (answer) => resolve(answer.resume().statusCode ?? 0))
          .on('error', reject)
          .end();
      });
    expect(await ask({ Host: 'evil.com:fake@real' })).toBe(400);
    expect(await ask({ 'X-Forwarded-For': ' '.repeat(8000), 'X-Forwarded-Host': 'evil.test' })).toBe(200);
  });

  test('the site of a token wins, and a header that names another is refused', async () => {
    const user = await aUser(server);
    await server.db.pool.query(
      `insert into sites (id, key, name) values (gen_random_uuid(), 'elsewhere', 'Elsewhere')`,
    );
    const refusal = await api(server, user.accessToken, { 'TeaTime-Site': 'elsewhere' }).refusal('GET /auth/me');
    expect(refusal.status).toBe(403);
  });
});

describe('a page of a listed origin can read why it has to wait', () => {
  test('when its address asks too often', async () => {
    const strict = await startTestBackend({ allowedOrigins: [page], limits: { requestsPerMinutePerAddress: 2 } });
    const ask = (origin: string) => fetch(`${strict.url}/api/v1/config`, { headers: { origin } });
    await ask(page);
    await ask(page);
    const [listed, other] = [await ask(page), await ask('https://evil.test')];
    expect([listed.status, other.status]).toEqual([429, 429]);
    expect(Number(listed.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(listed.headers.get('access-control-allow-origin')).toBe(page);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    await strict.close();
  });

  test('while the database is away, also when its site was read a while ago', async () => {
    const line = await aLine(await cloneDatabase(sharedTemplate()));
    const doomed = await startTestBackend({ allowedOrigins: [page] }, { databaseUrl: line.url });
    const { accessToken } = await aUser(doomed);
    const ask = (path: string) =>
      fetch(`${doomed.url}/api/v1${path}`, { headers: { origin: page, authorization: `Bearer ${accessToken}` } });
    expect((await ask('/auth/me')).status).toBe(200);
    await line.cut();
    // Longer than what was read of the site counts as fresh.
    const end = performance.now() + 1500;
    do {
      const answer = await ask('/auth/me');
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.headers.get('access-control-allow-origin')).toBe(page);
      expect((await ask('/config')).status).toBe(200);
    } while (performance.now() < end);
    await doomed.close();
    await dropDatabase(line.behind);
  });
});

/** A way to a database that can be cut. */
const aLine = async (behind: string): Promise<{ url: string; behind: string; cut(): Promise<void> }> => {
  const target = new URL(behind);
  const folder = target.searchParams.get('host');
  const port = Number(target.port || 5432);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = folder === null ? connect(port, target.hostname) : connect(`${folder}/.s.PGSQL.${port}`);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => [near, far].forEach((one) => one.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(behind);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  url.searchParams.delete('host');
  return {
    url: url.href,
    behind,
    async cut() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
};
