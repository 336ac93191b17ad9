import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inSite } from '../../database/wall.ts';
import { aServerKey, startTestBackend, type TestBackend, type TestServerKey } from '../../testing/index.ts';

let server: TestBackend;
let key: TestServerKey;
beforeAll(async () => {
  server = await startTestBackend();
  key = await aServerKey(server);
});
afterAll(() => server.close());

const put = 'PUT /admin/users/:userId';
const aPerson = (displayName = 'Ada') => ({ params: { userId: `external:${uuidv7()}` }, body: { displayName } });
const under = (idempotencyKey: string) => ({ headers: { 'Idempotency-Key': idempotencyKey } });

describe('a write with an Idempotency-Key', () => {
  test('happens once: sent again, it gets the first answer again', async () => {
    const request = { ...aPerson(), ...under(uuidv7()) };
    const first = await key.api.request(put, request);
    const again = await key.api.request(put, request);
    expect(first.status).toBe(201);
    expect(first.headers.get('Idempotency-Replayed')).toBeNull();
    // Without the key it would be 200 now, for the person is there.
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('Idempotency-Replayed')).toBe('true');
    expect((await key.api.request(put, aPerson())).headers.get('Idempotency-Replayed')).toBeNull();
  });

  test('is refused when another request had the key, and takes nothing for another server key', async () => {
    const request = { ...aPerson(), ...under(uuidv7()) };
    await key.api.call(put, request);
    const other = { ...request, body: { displayName: 'Grace' } };
    expect(await key.api.refusal(put, other)).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(await key.api.refusal(put, { ...request, ...aPerson() })).toMatchObject({ status: 422 });
    const second = await aServerKey(server);
    expect((await second.api.request(put, other)).status).toBe(200);
  });

  test('gets its refusal again too', async () => {
    const request = { params: { userId: uuidv7() }, body: {}, ...under(uuidv7()) };
    const first = await key.api.request('POST /admin/users/:userId/disable', request);
    const again = await key.api.request('POST /admin/users/:userId/disable', request);
    expect([first.status, again.status]).toEqual([404, 404]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('content-type')).toContain('application/problem+json');
    expect(again.headers.get('Idempotency-Replayed')).toBe('true');
  });

  test('of twenty at once happens once', async () => {
    const request = { ...aPerson(), ...under(uuidv7()) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => key.api.request(put, request)));
    const created = answers.filter(({ status }) => status === 201);
    // Who comes while the first is at work is asked to come again.
    expect(answers.filter(({ status }) => status === 409).length).toBe(20 - created.length);
    expect(created.filter(({ headers }) => headers.get('Idempotency-Replayed') === null)).toHaveLength(1);
    expect((await key.api.request(put, request)).headers.get('Idempotency-Replayed')).toBe('true');
  });

  test.each(['x'.repeat(256), 'käy', 'two words'])('is refused with a key like %s', async (bad) => {
    const headers = { 'Idempotency-Key': Buffer.from(bad).toString('latin1') };
    expect(await key.api.refusal(put, { ...aPerson(), headers })).toMatchObject({ status: 400 });
  });

  test('is kept sealed: what was answered cannot be read in the database', async () => {
    const name = `Secret ${uuidv7()}`;
    await key.api.call(put, { ...aPerson(name), ...under(uuidv7()) });
    const rows = await inSite(key.siteId, () =>
      server.db.query<{ sealed_answer: Buffer }>(
        'test_sealed',
        'select sealed_answer from idempotent_requests order by created_at desc limit 1',
        [],
      ),
    );
    expect(rows[0]?.sealed_answer.length).toBeGreaterThan(100);
    expect(rows[0]?.sealed_answer.includes(name)).toBe(false);
  });
});
