import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aDm, aSocket, aUser, startTestBackend, type TestBackend, type TestUser } from '../../testing/index.ts';
import { anOutsider } from '../../testing/world.ts';

let server: TestBackend;
let viewer: TestUser;
beforeAll(async () => {
  server = await startTestBackend();
  viewer = await aUser(server, { displayName: 'Viewer' });
});
afterAll(() => server.close());

const found = async (search: string, as = viewer): Promise<string[]> =>
  (await as.api.call('GET /users', { query: { search } })).users.map((user) => user.displayName).sort();

describe('search', () => {
  beforeAll(async () => {
    await aUser(server, {
      username: 'zoe.k',
      displayName: 'Zoë Katz',
      email: 'zoe@example.org',
      phone: '+441632960011',
    });
    await aUser(server, { username: 'percent_sign', displayName: '100% Wool' });
    await aUser(server, { username: 'katzenberg', displayName: 'Jean-Luc Berg' });
  });

  test.each([
    ['the beginning of a name', 'kat', ['Jean-Luc Berg', 'Zoë Katz']],
    ['words in any order, without accents', 'katz zoe', ['Zoë Katz']],
    ['a user name', 'zoe.k', ['Zoë Katz']],
    ['a part of a user name', 'sign', ['100% Wool']],
    ['an exact e-mail address, in any case', 'ZOE@example.org', ['Zoë Katz']],
    ['an exact phone number, as people write it', '+44 1632 960-011', ['Zoë Katz']],
    ['a percent sign, which means itself', '100%', ['100% Wool']],
  ])('finds people by %s', async (_, search, names) => {
    expect(await found(search)).toEqual(names);
  });

  test.each([
    ['the middle of a word', 'atz'],
    ['a part of an e-mail address', 'zoe@example'],
    ['a part of a phone number', '+44163296001'],
    ['a lone percent sign', '%'],
    ['a lone underscore', '_'],
    ['oneself', 'viewer'],
  ])('does not find people by %s', async (_, search) => {
    expect(await found(search)).toEqual([]);
  });

  test('leaves out who has blocked the viewer, but not whom the viewer has blocked', async () => {
    const [blocker, blocked] = [
      await aUser(server, { displayName: 'Quincy Blocker' }),
      await aUser(server, { displayName: 'Quincy Blocked' }),
    ];
    await blocker.api.call('PUT /blocks/:userId', { params: { userId: viewer.id } });
    await viewer.api.call('PUT /blocks/:userId', { params: { userId: blocked.id } });
    expect(await found('quincy')).toEqual(['Quincy Blocked']);
  });

  test('never finds people of another site, and they find nobody here', async () => {
    const outsider = await anOutsider(server);
    expect(await found('outsider')).toEqual([]);
    expect(await found('zoe', outsider)).toEqual([]);
    expect((await outsider.api.refusal('GET /users/:userId', { params: { userId: viewer.id } })).code).toBe(
      'not_found',
    );
  });

  test.each([[{}], [{ search: '' }], [{ search: ' ' }], [{ search: 'x', limit: '5' }]])(
    'refuses the query %j',
    async (query) => {
      expect((await viewer.api.refusal('GET /users', { query })).code).toBe('validation_failed');
    },
  );
});

describe('profiles', () => {
  test('show where somebody is, but not across a block', async () => {
    const other = await aUser(server);
    await aDm(viewer, other);
    const socket = await aSocket(server, other);
    const seen = async () => (await viewer.api.call('GET /users/:userId', { params: { userId: other.id } })).user;
    expect(await seen()).toMatchObject({ presence: 'online' });
    await other.api.call('PUT /blocks/:userId', { params: { userId: viewer.id } });
    expect(await seen()).not.toHaveProperty('presence');
    expect(await seen()).not.toHaveProperty('lastSeenAt');
    await socket.close();
  });

  test('never show other people’s e-mail address or phone number', async () => {
    const other = await aUser(server, { email: 'private@example.org', phone: '+441632960012' });
    const { user } = await viewer.api.call('GET /users/:userId', { params: { userId: other.id } });
    expect(Object.keys(user)).not.toEqual(expect.arrayContaining(['email']));
    expect(Object.keys(user)).not.toEqual(expect.arrayContaining(['phone']));
  });

  test('can be changed by their owner, and are found by the new name', async () => {
    const user = await aUser(server, { displayName: 'Old Name' });
    const reply = await user.api.call('PATCH /me', { body: { displayName: 'Brandnew Name', avatarColor: 'plum' } });
    expect(reply.user).toMatchObject({ displayName: 'Brandnew Name', avatarColor: 'plum' });
    expect(await found('brandnew')).toEqual(['Brandnew Name']);
  });

  test('take no fields that are not theirs to change', async () => {
    const user = await aUser(server);
    for (const body of [
      { role: 'admin' },
      { siteId: viewer.id },
      { site_id: viewer.id },
      { email_verified: true },
      { id: viewer.id },
      { username: 'viewer2' },
      { displayName: 'x', disabledAt: null },
    ]) {
      const { status, code } = await user.api.refusal('PATCH /me', { body });
      expect([status, code], JSON.stringify(body)).toEqual([400, 'validation_failed']);
    }
    expect((await user.api.call('GET /auth/me')).user).toEqual(user.user);
  });

  test('lose what could make a name look like another', async () => {
    const user = await aUser(server, { displayName: 'Ma\u202erk\u200b  \u0301\u0301\u0301\u0301\u0301\u0301' });
    expect(user.user.displayName).not.toMatch(/[\u200b\u202e]|\p{M}{4}/u);
    expect((await user.api.refusal('PATCH /me', { body: { displayName: '\u200b\u200b' } })).code).toBe(
      'validation_failed',
    );
    expect((await user.api.refusal('PATCH /me', { body: { displayName: 'a\0b' } })).code).toBe('validation_failed');
  });
});
