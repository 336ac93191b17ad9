import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { createTokens } from '../../tokens.ts';
import {
  aDm,
  aFile,
  aGroup,
  aGuest,
  aMessage,
  aSocket,
  aUser,
  api,
  letGuestsIn,
  solve,
  startTestBackend,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';
import { challengeSeconds, makeChallenge } from './challenge.ts';
import { createDifficulty } from './difficulty.ts';
import { sweepGuests } from './sweep.ts';

let server: TestBackend;
let host: TestUser;
beforeAll(async () => {
  server = await startTestBackend();
  await letGuestsIn(server);
  host = await aUser(server, { displayName: 'Host' });
});
afterAll(() => server.close());

const client = (headers: Record<string, string> = {}) => api(server, undefined, headers);
const ask = (where = client()) => where.call('POST /auth/guest/challenge', {});
const solved = async (where = client()) => {
  const asked = await ask(where);
  return { challenge: asked.challenge, solution: solve(asked) };
};
const come = async (body: object, where = client()) => {
  const answer = await where.request('POST /auth/guest', { body: { displayName: 'Passer-by', ...body } });
  return { status: answer.status, ...(answer.body as { code?: string; issues?: { path: string }[] }) };
};

describe('a guest', () => {
  test('comes in with a name and solved work, is marked as one, and comes back by the refresh token', async () => {
    const guest = await aGuest(server, { displayName: 'Ada' });
    expect(guest.user).toMatchObject({ displayName: 'Ada', kind: 'guest' });
    const { accessToken, user } = (await client().call('POST /auth/refresh', {
      body: { refreshToken: guest.refreshToken },
    }))!;
    expect(user).toMatchObject({ id: guest.id, kind: 'guest' });
    expect((await api(server, accessToken).call('GET /auth/me')).user).toMatchObject({ kind: 'guest' });
    const seen = await host.api.call('GET /users/:userId', { params: { userId: guest.id } });
    expect(seen.user).toMatchObject({ displayName: 'Ada', kind: 'guest' });
  });

  test('is not let in where the site takes none, which is how sites begin', async () => {
    const key = `site-${uuidv7().slice(-8)}`;
    await server.db.query('test_site', 'insert into sites (id, key, name) values ($1, $2, $2)', [uuidv7(), key]);
    const there = client({ 'TeaTime-Site': key });
    expect((await there.refusal('POST /auth/guest/challenge')).code).toBe('forbidden');
    expect(await come(await solved(), there)).toMatchObject({ status: 403, code: 'forbidden' });
  });

  test('cannot be found by a search, nor search, make groups, add people or show a picture', async () => {
    const guest = await aGuest(server, { displayName: 'Quentin Passing' });
    expect((await host.api.call('GET /users', { query: { search: 'quentin' } })).users).toEqual([]);
    const group = await aGroup(host, [guest]);
    const params = { conversationId: group.id };
    for (const [key, input] of [
      ['GET /users', { query: { search: 'host' } }],
      ['POST /conversations', { body: { kind: 'group', title: 'Mine', userIds: [] } }],
      ['POST /conversations/:conversationId/members', { params, body: { userIds: [host.id] } }],
      ['POST /me/avatar', { body: { fileId: uuidv7() } }],
      ['DELETE /me/avatar', {}],
      ['PUT /conversations/:conversationId/avatar', { params, body: { fileId: uuidv7() } }],
      ['DELETE /conversations/:conversationId/avatar', { params }],
    ] as const)
      expect((await guest.api.refusal(key, input)).code, key).toBe('forbidden');
  });

  test('talks with somebody whom the page names, and where people bring them in', async () => {
    const guest = await aGuest(server);
    const socket = await aSocket(server, guest);
    const dm = await aDm(guest, host);
    expect(dm.members.find(({ userId }) => userId === guest.id)?.user).toMatchObject({ kind: 'guest' });
    await socket.command('message.send', { conversationId: dm.id, clientId: uuidv7(), text: 'Is anybody there?' });
    await aMessage(host, dm, 'Yes');
    expect((await socket.next('message.created', ({ data }) => data.message.text === 'Yes', 20_000)).data).toBeTruthy();
    await aMessage(guest, await aGroup(host, [guest]), 'Hello all');
    await socket.close();
  });

  test('has room for fewer files than people have', async () => {
    const small = await startTestBackend({ limits: { guestFiles: 1 } }, { databaseUrl: server.databaseUrl });
    const guest = await aGuest(small);
    await aFile(guest);
    await expect(aFile(guest)).rejects.toThrow(/quota_exceeded/);
    const person = await aUser(small);
    await aFile(person);
    await aFile(person);
    await small.close();
  });
});

describe('the work', () => {
  test('is refused when it is missing, wrong, made up, too old, of another site or used before', async () => {
    const good = await solved();
    expect(await come({ challenge: good.challenge })).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(await come({ ...good, solution: 'x' })).toMatchObject({ status: 400, code: 'validation_failed' });

    const [site] = await server.db.query<{ id: string }>(
      'test_default',
      `select id from sites where key = 'default'`,
      [],
    );
    const key = createTokens(server.config).keyFor('guest challenge');
    const hard = makeChallenge(key, site!.id, 20);
    const wrong = { challenge: hard.challenge, solution: '1' };
    expect(await come(wrong)).toMatchObject({ status: 422, code: 'challenge_failed', issues: [{ path: 'solution' }] });

    const bytes = Buffer.from(good.challenge, 'base64url');
    bytes[4] = 1;
    for (const challenge of [bytes.toString('base64url'), 'AAAA', '', `${good.challenge}=`])
      expect(await come({ challenge, solution: '0' })).toMatchObject({ status: 422, issues: [{ path: 'challenge' }] });
    const forged = makeChallenge(createTokens({ tokenSecret: 'x'.repeat(32) }).keyFor('guest challenge'), site!.id, 1);
    expect(await come({ challenge: forged.challenge, solution: solve(forged) })).toMatchObject({
      code: 'challenge_failed',
    });
    const elsewhere = makeChallenge(key, uuidv7(), 1);
    expect(await come({ challenge: elsewhere.challenge, solution: solve(elsewhere) })).toMatchObject({
      code: 'challenge_failed',
    });

    const old = makeChallenge(key, site!.id, 1, Date.now() - (challengeSeconds + 1) * 1000);
    expect(await come({ challenge: old.challenge, solution: solve(old) })).toMatchObject({
      status: 422,
      code: 'challenge_expired',
    });

    expect(await come(good)).toMatchObject({ status: 201 });
    expect(await come(good)).toMatchObject({ status: 422, code: 'challenge_used' });
  });

  test('lets in one of those who present the same at once, at two processes too', async () => {
    const other = await startTestBackend({}, { databaseUrl: server.databaseUrl });
    const good = await solved();
    const answers = await Promise.all([server, other, server, other].map((one) => come(good, api(one, undefined))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422]);
    await other.close();
  });

  test('rises with the number of challenges that an address asks for, and falls when it is quiet', () => {
    const difficulty = createDifficulty(15);
    const asked = Array.from({ length: 64 }, () => difficulty('192.0.2.1', 0));
    expect([asked[0], asked[7], asked[8], asked[15], asked[16], asked[63]]).toEqual([15, 15, 16, 16, 17, 18]);
    expect(difficulty('192.0.2.2', 0)).toBe(15);
    expect(difficulty('192.0.2.1', 11 * 60_000)).toBe(15);
    expect(Array.from({ length: 100_000 }, () => difficulty('192.0.2.3', 0)).at(-1)).toBe(24);
  });

  test('is done on what the signature covers: nobody makes it lighter', async () => {
    const { challenge } = await ask();
    const bytes = Buffer.from(challenge, 'base64url');
    expect(bytes.length).toBe(33);
    expect(bytes[4]).toBe(server.config.limits.guestProofBits);
    const mac = createHmac('sha256', 'guess').update(bytes.subarray(0, 17)).digest().subarray(0, 16);
    expect(mac.equals(bytes.subarray(17))).toBe(false);
  });
});

describe('limits', () => {
  test('hold for an address, and for the site over all processes', async () => {
    const strict = await startTestBackend({ limits: { guestsPerHour: 2 } });
    await letGuestsIn(strict);
    await aGuest(strict);
    await aGuest(strict);
    await expect(aGuest(strict)).rejects.toThrow(/rate_limited/);
    const other = await startTestBackend({ limits: { guestsPerHourPerSite: 2 } }, { databaseUrl: strict.databaseUrl });
    await expect(aGuest(other)).rejects.toThrow(/rate_limited/);
    await other.close();
    await strict.close();
  });

  test('do not count what was refused for its name', async () => {
    const good = await solved();
    for (const displayName of ['Support', 'Adm\u0456n'])
      expect(await come({ ...good, displayName })).toMatchObject({ status: 422, code: 'name_reserved' });
    for (const displayName of ['', ' \u200b ', 'x'.repeat(65)])
      expect(await come({ ...good, displayName })).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(await come(good)).toMatchObject({ status: 201 });
  });
});

describe('guests of long ago', () => {
  const age = (who: TestUser, days: number) =>
    server.db.query(
      'test_age',
      `with s as (update sessions set last_used_at = now() - $2 * interval '1 day' where user_id = $1)
       update users set created_at = now() - $2 * interval '1 day', last_seen_at = now() - $2 * interval '1 day' where id = $1`,
      [who.id, days],
    );
  const count = async (table: string, column: string, id: string): Promise<number> =>
    (await server.db.pool.query(`select from ${table} where ${column} = $1`, [id])).rowCount ?? 0;

  test('go with what only they had; what others have too remains, under their name', async () => {
    const [quiet, talker, lately, alone] = [
      await aGuest(server),
      await aGuest(server, { displayName: 'Talker' }),
      await aGuest(server),
      await aGuest(server),
    ];
    const dm = await aDm(talker, host);
    await aMessage(talker, dm, 'keep this');
    const theirs = await aDm(alone, quiet);
    await aMessage(alone, theirs, 'nobody reads this', [await aFile(alone)]);
    for (const guest of [quiet, talker, alone]) await age(guest, 31);
    await age(lately, 29);
    await sweepGuests(server.db, 30);
    expect(await count('users', 'id', quiet.id)).toBe(0);
    expect(await count('conversations', 'id', theirs.id)).toBe(0);
    expect(await count('messages', 'conversation_id', theirs.id)).toBe(0);
    expect(await count('sessions', 'user_id', talker.id)).toBe(0);
    expect(await count('sessions', 'user_id', lately.id)).toBe(1);
    const { messages } = await host.api.call('GET /conversations/:conversationId/messages', {
      params: { conversationId: dm.id },
    });
    expect(messages.map(({ text }) => text)).toEqual(['keep this']);
    const { conversation } = await host.api.call('GET /conversations/:conversationId', {
      params: { conversationId: dm.id },
    });
    expect(conversation.members.map(({ user }) => user.displayName)).toContain('Talker');
    expect((await lately.api.request('GET /auth/me')).status).toBe(200);
  });
});
