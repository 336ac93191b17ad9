import { Writable } from 'node:stream';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../protocol/index.ts';
import { createLog } from '../log.ts';
import { api, aUser, startTestBackend, testPassword, type TestBackend } from '../testing/index.ts';
import { openApiDocument } from './openapi.ts';

let server: TestBackend;
let logged = '';
beforeAll(async () => {
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      logged += chunk.toString();
      done();
    },
  });
  server = await startTestBackend({}, { log: createLog({ logLevel: 'trace' }, stream) });
});
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers });
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('the description of the API', () => {
  test('names every endpoint of the protocol, and nothing else', () => {
    const described = Object.entries(openApiDocument().paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(described.sort()).toEqual(Object.keys(endpoints).sort());
  });

  test('has schemas that compile and references that lead somewhere', () => {
    const document = openApiDocument();
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    ajv.addSchema({ $id: 'api', components: document.components });
    const references = JSON.stringify(document).match(/"#\/components\/schemas\/\w+"/g) ?? [];
    expect(references.length).toBeGreaterThan(20);
    for (const reference of new Set(references))
      expect(ajv.getSchema(`api${JSON.parse(reference) as string}`), reference).toBeTypeOf('function');
  });

  test('is served', async () => {
    expect(await (await get('/api/v1/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
  });
});

describe('problems', () => {
  test('are problem documents with one request id in body and header', async () => {
    const answer = await get('/api/v1/nothing-here', { 'X-Request-Id': 'mine-1' });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 404, code: 'not_found', requestId: 'mine-1' });
    expect(answer.headers.get('x-request-id')).toBe('mine-1');
  });

  test.each(['has spaces', 'x'.repeat(10_000), 'a"b{}', '<script>'])(
    'a request id such as %.20s is replaced',
    async (id) => {
      const answer = await get('/api/v1/config', { 'X-Request-Id': id });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test('an error of ours is a 500 without its words, and the process lives', async () => {
    const user = await aUser(server);
    await server.db.pool.query('alter table blocks rename to blocks_away');
    const answer = await user.api.request('GET /blocks');
    await server.db.pool.query('alter table blocks_away rename to blocks');
    // A missing table counts as one that is still being made: the client is told to come back.
    expect([500, 503]).toContain(answer.status);
    expect(JSON.stringify(answer.body)).not.toMatch(/relation|blocks_away|select|at /);
    expect((await user.api.request('GET /blocks')).status).toBe(200);
  });
});

describe('bodies', () => {
  test.each([
    ['is no JSON', '{not json', 400],
    ['is a string', '"text"', 400],
    ['is an array', '[]', 400],
    ['is nested 17 deep', `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`, 400],
    ['is nested 10,000 deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 400],
    ['has 300 KiB', JSON.stringify({ identifier: 'x'.repeat(300 * 1024), password: testPassword }), 413],
    ['has __proto__', '{"identifier":"a","password":"longenough","__proto__":{"x":1}}', 400],
    ['has constructor', '{"identifier":"a","password":"longenough","constructor":{"prototype":{"x":1}}}', 400],
  ])('one that %s is refused', async (_, body, status) => {
    const answer = await post('/auth/login', body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json'])(
    'of type %s are refused',
    async (type) => {
      expect((await post('/auth/login', '{}', { 'content-type': type })).status).toBe(415);
    },
  );
});

describe('queries', () => {
  test.each([
    'limit=1&limit=2',
    'limit=1e3',
    'limit=-1',
    'limit=0x10',
    'limit=101',
    'limit=',
    'limit=%zz',
    'unknown=1',
    'limit[]=1',
    'limit=１',
  ])('%s is refused', async (query) => {
    const user = await aUser(server);
    const answer = await get(`/api/v1/conversations?${query}`, { authorization: `Bearer ${user.accessToken}` });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'validation_failed']);
  });

  test('an access token in a URL is refused, and is not logged', async () => {
    const user = await aUser(server);
    for (const query of [`token=${user.accessToken}`, `access_token=${user.accessToken}`, `x=${user.accessToken}`]) {
      expect((await get(`/api/v1/config?${query}`)).status).toBe(400);
    }
    expect(logged).not.toContain(user.accessToken.slice(0, 30));
  });
});

test('the log names routes by pattern and holds nothing that people wrote or are known by', async () => {
  const user = await aUser(server, {
    displayName: 'Unloggable Name',
    email: 'unloggable@example.org',
    password: 'unloggable password',
  });
  await user.api.call('GET /users', { query: { search: 'unloggable-search' } });
  await user.api.refusal('GET /conversations/:conversationId', { params: { conversationId: 'unloggable-id' } });
  expect(logged).toContain('"route":"/conversations/:conversationId"');
  expect(logged.toLowerCase()).not.toContain('unloggable');
  for (const secret of [user.accessToken, user.refreshToken]) expect(logged).not.toContain(secret);
});

describe('for operators', () => {
  test('health and readiness tell no more than that', async () => {
    expect(await (await get('/healthz')).text()).toBe('{"status":"ok"}');
    expect(await (await get('/readyz')).text()).toBe('{"status":"ready"}');
  });

  test('metrics are for this machine, and not for what a proxy passes on', async () => {
    const text = await (await get('/metrics')).text();
    expect(text).toContain('teatime_http_request_seconds');
    expect(text).toContain('teatime_hub_connections');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect((await get('/metrics', { 'X-Forwarded-For': '203.0.113.1' })).status).toBe(403);
  });

  test('with a token metrics are for who holds it', async () => {
    const other = await startTestBackend({ metricsToken: 'a token for metrics' });
    const ask = (authorization: string) => fetch(`${other.url}/metrics`, { headers: { authorization } });
    expect((await ask('')).status).toBe(403);
    expect((await ask('Bearer wrong token here')).status).toBe(403);
    expect((await ask('Bearer a token for metrics')).status).toBe(200);
    await other.close();
  });
});

test('answers carry headers that keep pages strict', async () => {
  const { headers } = await get('/api/v1/config');
  expect(headers.get('content-security-policy')).toContain(`script-src 'self'`);
  expect(headers.get('content-security-policy')).not.toMatch(/unsafe/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('there are no demo people but on the embedded default', async () => {
  expect((await api(server).refusal('POST /demo/sessions', { body: { username: 'mia' } })).status).toBe(404);
  const demo = await startTestBackend({ demo: true });
  const [mia, noor] = await Promise.all(
    (['mia', 'noor'] as const).map((username) => api(demo).call('POST /demo/sessions', { body: { username } })),
  );
  const { conversations } = await api(demo, mia?.accessToken).call('GET /conversations');
  expect(conversations.map(({ kind, head }) => [kind, head])).toEqual([
    ['dm', 4],
    ['group', 4],
  ]);
  expect(conversations[0]?.members.map(({ userId }) => userId)).toContain(noor?.user.id);
  await demo.close();
});
