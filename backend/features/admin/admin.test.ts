import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acrossSites, inSite } from '../../database/wall.ts';
import {
  aDm,
  aFile,
  aMessage,
  api,
  aServerKey,
  aUser,
  startTestBackend,
  type TestBackend,
  type TestServerKey,
} from '../../testing/index.ts';
import { anOutsider } from '../../testing/world.ts';
import { listServerKeys, revokeServerKeys } from './index.ts';

let server: TestBackend;
let key: TestServerKey;
beforeAll(async () => {
  server = await startTestBackend();
  key = await aServerKey(server, { name: 'back end' });
});
afterAll(() => server.close());

const usage = 'GET /admin/usage';

describe('a server key', () => {
  test('is kept as a hash, and told when it was used last', async () => {
    const fresh = await aServerKey(server, { name: 'fresh', scopes: ['usage:read'] });
    await fresh.api.call(usage);
    const rows = await inSite(fresh.siteId, () => listServerKeys(server.db, fresh.siteId));
    expect(rows.find(({ id }) => id === fresh.id)).toMatchObject({ last_used_at: expect.any(Date) as Date });
    const [row] = await acrossSites(() =>
      server.db.query<{ text: string }>('test_key_row', 'select k::text as text from server_keys k where id = $1', [
        fresh.id,
      ]),
    );
    expect(row?.text).toContain('fresh');
    expect(row?.text).not.toContain(fresh.secret.slice(4));
  });

  test('is worth nothing from the moment it is revoked on', async () => {
    const doomed = await aServerKey(server, { name: 'doomed' });
    await doomed.api.call(usage);
    await inSite(doomed.siteId, () => revokeServerKeys(server.db, doomed.siteId, doomed.id));
    expect(await doomed.api.refusal(usage)).toMatchObject({ status: 401, code: 'token_invalid' });
  });

  test('must never come from a page, whichever it is', async () => {
    for (const headers of [
      { Origin: 'https://shop.example' },
      { Origin: server.url },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'same-origin' },
    ]) {
      const answer = await fetch(`${server.url}/api/v1/admin/usage`, {
        headers: { Authorization: `Bearer ${key.secret}`, ...headers },
      });
      expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('revoke it') as string]);
    }
  });

  test('must not travel in a URL', async () => {
    const answer = await fetch(`${server.url}/api/v1/admin/audit?cursor=${key.secret}`, {
      headers: { Authorization: `Bearer ${key.secret}` },
    });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('must not travel in a URL') as string,
    ]);
  });

  test('stands for its site: the header may name it, but no other', async () => {
    const named = api(server, key.secret, { 'TeaTime-Site': 'default' });
    expect((await named.request(usage)).status).toBe(200);
    await anOutsider(server);
    const [other] = await acrossSites(() =>
      server.db.query<{ key: string }>('test_other_site', `select key from sites where key <> 'default' limit 1`, []),
    );
    const wrong = api(server, key.secret, { 'TeaTime-Site': other?.key ?? '' });
    expect(await wrong.refusal(usage)).toMatchObject({ status: 403, code: 'forbidden' });
  });

  test('is no access token, and an access token is no server key', async () => {
    expect(await key.api.refusal('GET /auth/me')).toMatchObject({ status: 401 });
    expect(await (await aUser(server)).api.refusal(usage)).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  test('has a limit of its own', async () => {
    const slow = await startTestBackend({ limits: { serverKeyRequestsPerMinute: 3 } });
    const [one, other] = await Promise.all([aServerKey(slow), aServerKey(slow)]);
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push((await one.api.request(usage)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await other.api.request(usage)).status).toBe(200);
    await slow.close();
  });
});

describe('usage', () => {
  test('counts what the site has, and nothing of others', async () => {
    const outsider = await anOutsider(server);
    const [site] = await acrossSites(() =>
      server.db.query<{ key: string }>(
        'test_outsider_site',
        'select s.key from sites s join users u on u.site_id = s.id where u.id = $1',
        [outsider.id],
      ),
    );
    const elsewhere = await aServerKey(server, { siteKey: site?.key ?? '' });
    const { usage: before } = await key.api.call(usage);
    const [ann, bob] = [await aUser(server), await aUser(server)];
    const dm = await aDm(ann, bob);
    const file = await aFile(ann);
    await aMessage(ann, dm, 'one', [file]);
    const { id: messageId } = await aMessage(bob, dm, 'two');
    await bob.api.call('DELETE /conversations/:conversationId/messages/:messageId', {
      params: { conversationId: dm.id, messageId },
    });
    const { usage: after } = await key.api.call(usage);
    expect(after).toEqual({
      ...before,
      users: {
        ...before.users,
        people: before.users.people + 2,
        activeDay: before.users.activeDay + 2,
        activeMonth: before.users.activeMonth + 2,
      },
      conversations: before.conversations + 1,
      messages: before.messages + 1,
      messagesDay: before.messagesDay + 1,
      files: before.files + 1,
      fileBytes: before.fileBytes + file.size,
    });
    expect((await elsewhere.api.call(usage)).usage).toMatchObject({
      users: { people: 1 },
      messages: 0,
      conversations: 0,
    });
  });
});

describe('the audit log', () => {
  test('tells who did what, to whom, when and from where', async () => {
    const { user } = await key.api.call('PUT /admin/users/:userId', {
      params: { userId: `external:${uuidv7()}` },
      body: { displayName: 'Ada' },
    });
    const { entries } = await key.api.call('GET /admin/audit', { query: { target: user.id } });
    expect(entries).toEqual([
      {
        id: expect.any(String) as string,
        at: expect.any(String) as string,
        by: { kind: 'server key', id: key.id, name: 'back end' },
        act: 'PUT /admin/users/:userId',
        target: user.id,
        outcome: 'done',
        ip: expect.stringMatching(/127\.0\.0\.1|::1/) as string,
        requestId: expect.any(String) as string,
        details: { created: true },
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('Ada');
  });

  test('keeps what was refused: what is not there, and what is another site’s, look the same', async () => {
    const outsider = await anOutsider(server);
    const nobody = uuidv7();
    for (const userId of [outsider.id, nobody]) {
      const params = { userId };
      const [read, write] = [
        await key.api.refusal('GET /admin/users/:userId', { params }),
        await key.api.refusal('POST /admin/users/:userId/disable', { params, body: {} }),
      ];
      expect([read.status, write.status, read.detail]).toEqual([404, 404, write.detail]);
      const { entries } = await key.api.call('GET /admin/audit', { query: { target: userId } });
      expect(entries.map(({ act, outcome, code }) => [act, outcome, code])).toEqual([
        ['POST /admin/users/:userId/disable', 'refused', 'not_found'],
        ['GET /admin/users/:userId', 'refused', 'not_found'],
      ]);
    }
    const still = await outsider.api.request('GET /auth/me');
    expect(still.status).toBe(200);
  });

  test('keeps who lacked the scope', async () => {
    const lacking = await aServerKey(server, { name: 'lacking', scopes: ['users:read'] });
    const userId = uuidv7();
    await lacking.api.refusal('POST /admin/users/:userId/disable', { params: { userId }, body: {} });
    const { entries } = await key.api.call('GET /admin/audit', { query: { target: userId } });
    expect(entries).toMatchObject([{ by: { name: 'lacking' }, outcome: 'refused', code: 'forbidden' }]);
  });

  test('comes in pages, newest first', async () => {
    for (let count = 0; count < 5; count++)
      await key.api.refusal('GET /admin/users/:userId', { params: { userId: uuidv7() } });
    const { entries: all } = await key.api.call('GET /admin/audit', { query: { limit: 5 } });
    const first = await key.api.call('GET /admin/audit', { query: { limit: 3 } });
    const second = await key.api.call('GET /admin/audit', { query: { limit: 2, cursor: first.nextCursor ?? '' } });
    expect([...first.entries, ...second.entries]).toEqual(all);
    expect(await key.api.refusal('GET /admin/audit', { query: { cursor: 'nonsense' } })).toMatchObject({ status: 400 });
  });
});
