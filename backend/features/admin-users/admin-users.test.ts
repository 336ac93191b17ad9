import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inSite } from '../../database/wall.ts';
import {
  aDm,
  aFile,
  aGroup,
  aMessage,
  anAvatar,
  api,
  aServerKey,
  aSocket,
  aUser,
  startTestBackend,
  type TestBackend,
  type TestServerKey,
  type TestSocket,
  type TestUser,
} from '../../testing/index.ts';
import { aSite, type TestSite } from '../sign-on/test-sites.ts';

let server: TestBackend;
/** Another process on the same database, with a broker of its own: what it hears, it hears from the database. */
let second: TestBackend;
let key: TestServerKey;
let site: TestSite;
let siteKey: TestServerKey;
beforeAll(async () => {
  server = await startTestBackend();
  second = await startTestBackend({}, { databaseUrl: server.databaseUrl, storage: server.storage });
  key = await aServerKey(server);
  site = await aSite(server);
  siteKey = await aServerKey(server, { siteKey: site.key });
});
afterAll(async () => {
  await second.close();
  await server.close();
});

const patienceMs = 20_000;
const one = 'GET /admin/users/:userId';
const put = 'PUT /admin/users/:userId';
const refresh = (who: TestUser, on: TestBackend = server) =>
  api(on).request('POST /auth/refresh', { body: { refreshToken: who.refreshToken } });
const signOn = (claims?: object) =>
  api(server, undefined, { 'TeaTime-Site': site.key }).request('POST /auth/exchange', {
    body: { token: site.mint(claims), refreshIn: 'body' },
  });

describe('people', () => {
  test('are made and changed by the id that the site knows them by, and found by both ids', async () => {
    const params = { userId: 'external:customer 7/ä' };
    const made = await siteKey.api.request(put, {
      params,
      body: {
        displayName: 'Ada',
        email: 'ADA@example.com',
        pictureUrl: 'https://example.com/a.png',
        custom: { plan: 'gold' },
      },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        user: {
          externalId: 'customer 7/ä',
          displayName: 'Ada',
          email: 'ada@example.com',
          avatarUrl: 'https://example.com/a.png',
          custom: { plan: 'gold' },
        },
      },
    });
    const again = await siteKey.api.request(put, { params, body: { displayName: 'Ada Byron' } });
    expect(again).toMatchObject({ status: 200, body: { user: { displayName: 'Ada Byron' } } });
    const { user } = await siteKey.api.call(one, { params });
    expect(user).toMatchObject({ displayName: 'Ada Byron', createdAt: expect.any(String) as string });
    expect(user).not.toHaveProperty('email');
    expect((await siteKey.api.call(one, { params: { userId: user.id } })).user).toEqual(user);
    // The same person signs on by a token of the site.
    expect((await signOn({ sub: 'customer 7/ä', name: 'Ada' })).body).toMatchObject({ user: { id: user.id } });
  });

  test('are listed in pages, and found by name, address and id', async () => {
    const word = `q${uuidv7().slice(-8)}`;
    const ids: string[] = [];
    for (const name of ['One', 'Two', 'Three']) {
      const params = { userId: `external:${word}-${name}` };
      const body = { displayName: `${name} ${word}`, email: `${name}.${word}@example.com` };
      ids.push((await siteKey.api.call(put, { params, body })).user.id);
    }
    const find = async (query: Record<string, string | number>) =>
      (await siteKey.api.call('GET /admin/users', { query })).users.map(({ id }) => id);
    expect(await find({ search: word })).toEqual(ids.toReversed());
    expect(await find({ search: `tw ${word}` })).toEqual([ids[1]]);
    expect(await find({ search: `one.${word}@example.com` })).toEqual([ids[0]]);
    expect(await find({ search: `${word}-Three` })).toEqual([ids[2]]);
    const first = await siteKey.api.call('GET /admin/users', { query: { search: word, limit: 2 } });
    expect(first.users).toHaveLength(2);
    expect(await find({ search: word, limit: 2, cursor: first.nextCursor ?? '' })).toEqual([ids[0]]);
    await siteKey.api.call('POST /admin/users/:userId/disable', { params: { userId: ids[1] ?? '' }, body: {} });
    expect(await find({ search: word, state: 'disabled' })).toEqual([ids[1]]);
    expect(await find({ search: word, state: 'active' })).toEqual([ids[2], ids[0]]);
  });

  test.each([
    [{ params: { userId: uuidv7() }, body: { displayName: 'Ada' } }, 'userId'],
    [{ params: { userId: 'external:' }, body: { displayName: 'Ada' } }, 'userId'],
    [{ params: { userId: 'external:x' }, body: {} }, 'displayName'],
    [
      { params: { userId: 'external:x' }, body: { displayName: 'Ada', pictureUrl: 'http://example.com' } },
      'pictureUrl',
    ],
    [{ params: { userId: 'external:x' }, body: { displayName: 'Ada', role: 'admin' } }, 'role'],
  ])('are not made of what is wrong: %j', async (input, path) => {
    const problem = await siteKey.api.refusal(put, input);
    expect(problem).toMatchObject({ status: 400, code: 'validation_failed', issues: [{ path }] });
  });
});

describe('somebody who is disabled', () => {
  test('is out everywhere within a second, in every process, and comes in again when enabled', async () => {
    const ann = await aUser(server);
    const [here, there] = [await aSocket(server, ann), await aSocket(second, ann)];
    const params = { userId: ann.id };
    const body = { reason: 'spam' };
    const { user } = await key.api.call('POST /admin/users/:userId/disable', { params, body });
    expect(user.disabledAt).toBeDefined();
    for (const socket of [here, there]) expect(await socket.closed).toMatchObject({ code: 4501 });
    // The access token is still young, and worth nothing.
    expect(await ann.api.refusal('GET /conversations')).toMatchObject({ status: 401, code: 'token_invalid' });
    await expect
      .poll(async () => (await api(second, ann.accessToken).request('GET /conversations')).status, { timeout: 20_000 })
      .toBe(401);
    expect((await refresh(ann)).status).toBe(401);
    expect((await refresh(ann, second)).status).toBe(401);
    const login = { body: { identifier: ann.user.username, password: ann.password } };
    expect((await api(server).request('POST /auth/login', login)).status).toBe(401);

    await key.api.call('POST /admin/users/:userId/enable', { params, body: {} });
    expect((await refresh(ann)).status).toBe(401);
    const back = await api(server).request('POST /auth/login', login);
    expect(back.status).toBe(200);
    const { accessToken } = back.body as { accessToken: string };
    expect((await api(server, accessToken).request('GET /conversations')).status).toBe(200);
  });

  test('cannot sign on by the site’s own token either', async () => {
    const claims = { sub: uuidv7(), name: 'Kim' };
    const { user } = (await signOn(claims)).body as { user: { id: string } };
    await siteKey.api.call('POST /admin/users/:userId/disable', { params: { userId: user.id }, body: {} });
    expect((await signOn(claims)).status).toBe(403);
  });
});

describe('sessions', () => {
  test('are listed, and end one by one or all at once, in every process', async () => {
    const bob = await aUser(server);
    const login = { body: { identifier: bob.user.username, password: bob.password, refreshIn: 'body' } } as const;
    const other = await api(server).call('POST /auth/login', login);
    const params = { userId: bob.id };
    const list = async () => (await key.api.call('GET /admin/users/:userId/sessions', { params })).sessions;
    const [newest, first] = await list();
    if (!newest || !first) throw new Error('two sessions were opened');
    const [gone, stays] = [await aSocket(second, bob), await aSocket(second, other)];
    await key.api.call('DELETE /admin/users/:userId/sessions/:sessionId', {
      params: { ...params, sessionId: first.id },
    });
    expect(await gone.closed).toMatchObject({ code: 4501 });
    expect((await list()).map(({ id }) => id)).toEqual([newest.id]);
    expect(await stays.command('ping', {})).toBeDefined();
    const missing = { params: { ...params, sessionId: first.id } };
    expect(await key.api.refusal('DELETE /admin/users/:userId/sessions/:sessionId', missing)).toMatchObject({
      status: 404,
    });

    expect(await key.api.call('DELETE /admin/users/:userId/sessions', { params })).toEqual({ revoked: 1 });
    expect(await stays.closed).toMatchObject({ code: 4501 });
    expect(await list()).toEqual([]);
    expect((await refresh(bob)).status).toBe(401);
  });

  test('that signed out end in every process too', async () => {
    const cat = await aUser(server);
    const socket = await aSocket(second, cat);
    await api(server).call('POST /auth/logout', { body: { refreshToken: cat.refreshToken } });
    expect(await socket.closed).toMatchObject({ code: 4501 });
    expect((await refresh(cat)).status).toBe(401);
  });
});

describe('somebody who is erased', () => {
  test('is nobody any more: what they said stays under no name, and others are told', async () => {
    const [ann, bob] = [await aUser(server, { email: `a${uuidv7()}@example.com` }), await aUser(server)];
    const [dm, group] = [await aDm(ann, bob), await aGroup(ann, [bob], 'Tea')];
    const said = await aMessage(ann, group, 'mine');
    await ann.api.call('POST /me/avatar', { body: { fileId: (await anAvatar(ann)).id } });
    const unsent = await aFile(ann);
    const socket = await aSocket(server, bob);
    const { userId, finished } = await key.api.call('DELETE /admin/users/:userId', { params: { userId: ann.id } });
    expect([userId, finished]).toEqual([ann.id, true]);

    const changed = await socket.next(
      'member.changed',
      (event) => event.conversationId === group.id && event.data.member.removed === true,
      patienceMs,
    );
    expect(changed.data.member.user).toMatchObject({ id: ann.id, displayName: 'Deleted person' });
    const { conversation } = await bob.api.call('GET /conversations/:conversationId', {
      params: { conversationId: group.id },
    });
    // Nobody else owned the group.
    expect(conversation.members.map(({ userId: id, role }) => [id, role])).toEqual([[bob.id, 'owner']]);
    const params = { conversationId: group.id };
    const { messages } = await bob.api.call('GET /conversations/:conversationId/messages', { params });
    expect(messages.map(({ id, text }) => [id, text])).toEqual([[said.id, 'mine']]);
    const draft = { clientId: uuidv7(), text: 'are you there?' };
    const inDm = { params: { conversationId: dm.id }, body: draft };
    expect(await bob.api.refusal('POST /conversations/:conversationId/messages', inDm)).toMatchObject({
      code: 'conversation_closed',
    });
    await expectDense(bob, socket, group.id);
    await expectDense(bob, socket, dm.id);

    expect(await key.api.refusal(one, { params: { userId: ann.id } })).toMatchObject({ status: 404 });
    expect(await ann.api.refusal('GET /auth/me')).toMatchObject({ status: 401 });
    const [row] = await inSite(key.siteId, () =>
      server.db.query<{ kept: string }>(
        'test_erased',
        `select row_to_json(u)::text as kept from users u where id = $1`,
        [ann.id],
      ),
    );
    for (const secret of [ann.user.username, ann.user.displayName, ann.user.email ?? '', '$argon2'])
      expect(row?.kept).not.toContain(secret);
    await expect.poll(() => filesOf(ann.id), { timeout: 20_000 }).toEqual([]);
    expect(unsent.id).toBeDefined();
  });

  test('takes everything along when that is asked for: tombstones for all', async () => {
    const [ann, bob] = [await aUser(server), await aUser(server)];
    const group = await aGroup(bob, [ann]);
    const file = await aFile(ann);
    const [mine, theirs] = [await aMessage(ann, group, 'mine', [file]), await aMessage(bob, group, 'theirs')];
    const reaction = { conversationId: group.id, messageId: theirs.id, emoji: '👍' };
    await ann.api.call('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', { params: reaction });
    const socket = await aSocket(server, bob);
    await key.api.call('DELETE /admin/users/:userId', { params: { userId: ann.id }, query: { messages: 'delete' } });
    const told = await socket.next('message.changed', (event) => event.data.message.id === mine.id, patienceMs);
    expect(told.data.message).toMatchObject({ text: '', files: [], deletedAt: expect.any(String) as string });
    const { messages } = await bob.api.call('GET /conversations/:conversationId/messages', {
      params: { conversationId: group.id },
    });
    expect(messages.map(({ text, reactions }) => [text, reactions])).toEqual([
      ['', []],
      ['theirs', []],
    ]);
    await expectDense(bob, socket, group.id);
    await expect.poll(() => filesOf(ann.id), { timeout: 20_000 }).toEqual([]);
  });

  test('and comes again with the same external id is somebody else, who sees nothing of the old one', async () => {
    const claims = { sub: uuidv7(), name: 'Kim' };
    const before = (await signOn(claims)).body as { user: { id: string }; accessToken: string };
    const friend = (await signOn({ sub: uuidv7(), name: 'Lou' })).body as { user: { id: string }; accessToken: string };
    await api(server, before.accessToken).call('POST /conversations', { body: { kind: 'dm', userId: friend.user.id } });
    await siteKey.api.call('DELETE /admin/users/:userId', { params: { userId: `external:${claims.sub}` } });
    const after = (await signOn(claims)).body as { user: { id: string }; accessToken: string };
    expect(after.user.id).not.toBe(before.user.id);
    expect(await api(server, after.accessToken).call('GET /conversations')).toMatchObject({ conversations: [] });
  });

  test('hangs up', async () => {
    const [ann, bob] = [await aUser(server), await aUser(server)];
    const dm = await aDm(ann, bob);
    const socket = await aSocket(server, ann);
    await socket.command('call.start', { conversationId: dm.id, kind: 'audio' });
    await key.api.call('DELETE /admin/users/:userId', { params: { userId: ann.id } });
    const { calls } = await bob.api.call('GET /calls');
    expect(calls).toEqual([]);
  });
});

describe('an export', () => {
  test('holds all that is kept of somebody, and nothing that others said', async () => {
    const [ann, bob] = [await aUser(server), await aUser(server)];
    const dm = await aDm(ann, bob);
    const file = await aFile(ann);
    const mine = await aMessage(ann, dm, 'from Ann', [file]);
    const theirs = await aMessage(bob, dm, 'from Bob');
    const reaction = { conversationId: dm.id, messageId: theirs.id, emoji: '👍' };
    await ann.api.call('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', { params: reaction });
    const all = await key.api.call('GET /admin/users/:userId/export', { params: { userId: ann.id } });
    expect(all).toMatchObject({
      profile: { id: ann.id, username: ann.user.username },
      settings: { showsReceipts: true },
      sessions: [{ id: expect.any(String) as string }],
      conversations: [{ id: dm.id, kind: 'dm' }],
      messages: [{ id: mine.id, text: 'from Ann' }],
      files: [{ id: file.id, name: file.name, messageId: mine.id }],
      reactions: [{ messageId: theirs.id, emoji: '👍' }],
      calls: [],
    });
    expect(JSON.stringify(all)).not.toContain('from Bob');
    expect(JSON.stringify(all)).not.toContain('$argon2');
    const { entries } = await key.api.call('GET /admin/audit', { query: { target: ann.id } });
    expect(entries).toMatchObject([{ act: 'GET /admin/users/:userId/export', outcome: 'done' }]);
  });
});

const filesOf = (userId: string): Promise<unknown[]> =>
  inSite(key.siteId, () => server.db.query('test_files_of', 'select id from files where owner_id = $1', [userId]));

/** What a member was told of a conversation goes on from seq to seq, up to the head. */
const expectDense = async (who: TestUser, socket: TestSocket, conversationId: string): Promise<void> => {
  await socket.settle();
  const seqs = socket.events.flatMap((event) =>
    'seq' in event && event.conversationId === conversationId ? [event.seq] : [],
  );
  const params = { conversationId };
  const { head } = await who.api.call('GET /conversations/:conversationId/changes', { params, query: { after: 0 } });
  expect(seqs).toEqual(Array.from(seqs, (_, place) => head - seqs.length + 1 + place));
  expect(seqs.length).toBeGreaterThan(0);
};
