import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aGroup, aUser, startTestBackend, type TestBackend, type TestUser } from '../../testing/index.ts';
import { createLookout } from './reserved-names.ts';

let server: TestBackend;
let ann: TestUser;
beforeAll(async () => {
  server = await startTestBackend();
  ann = await aUser(server);
});
afterAll(() => server.close());

const rename = (displayName: string) => ann.api.request('PATCH /me', { body: { displayName } });

describe('names that look like those of the staff', () => {
  test.each([
    ['plainly', 'Admin'],
    ['in capitals', 'ADMIN'],
    ['with spaces around', ' Admin '],
    ['with a Greek capital', '\u0391dmin'],
    ['with Greek capitals alone where there are some', '\u0391D\u039c\u0399\u039d'],
    ['with a Cyrillic letter', '\u0430dmin'],
    ['with Cyrillic letters alone where there are some', '\u0430\u0501\u043c\u0456n'],
    ['with an Armenian letter', 'adm\u0269\u0578'],
    ['with a zero-width space inside', 'Ad\u200bmin'],
    ['with a zero-width joiner inside', 'Ad\u200dmin'],
    ['with a soft hyphen inside', 'Ad\u00admin'],
    ['with a variation selector inside', 'Ad\ufe0fmin'],
    ['with a Hangul filler inside', 'Ad\u3164min'],
    ['with marks on it', 'A\u0301dmi\u0308n'],
    ['in letters of mathematics', '\u{1d400}\u{1d41d}\u{1d426}\u{1d422}\u{1d427}'],
    ['in full width', '\uff21\uff44\uff4d\uff49\uff4e'],
    ['in circles', '\u24b6\u24d3\u24dc\u24d8\u24dd'],
    ['in small capitals', '\u1d00\u1d05\u1d0d\u026a\u0274'],
    ['with r and n for m', 'Adrnin'],
    ['with digits for letters', '4dm1n'],
    ['with a sign for a letter', '@dmin'],
    ['with a small L', 'Admln'],
    ['spaced out', 'A d m i n'],
    ['dotted', 'A.d.m.i.n'],
    ['with a number', 'Admin 42'],
    ['behind a tick', '\u2705 Admin'],
    ['in several words', 'Customer Service'],
    ['as words that are all reserved', 'Support Team'],
    ['of the product', 'T\u0435aTim\u0435 Support'],
  ])('are refused: %s', async (_, name) => {
    const { status, body } = await rename(name);
    expect([status, body]).toEqual([
      422,
      expect.objectContaining({ code: 'name_reserved', issues: [expect.objectContaining({ path: 'displayName' })] }),
    ]);
  });

  test.each([
    'Adam',
    'Adina Minogue',
    'Ada Min',
    'Teamwork',
    'Support Singh',
    'Роман',
    'Αδάμ',
    'Ада',
    '山田太郎',
    'Zoë',
    '1337',
    '!',
  ])('are not mistaken for others: %s', async (name) => {
    expect((await rename(name)).status).toBe(200);
  });

  test('are refused for a new account too, as either of its names', async () => {
    for (const [field, profile] of [
      ['displayName', { username: 'honest.one', displayName: 'Adm\u0456n' }],
      ['username', { username: 'Support', displayName: 'Honest' }],
      ['username', { username: 'a-d-m-i-n', displayName: 'Honest' }],
    ] as const) {
      const body = { ...profile, password: 'a good password' };
      const refusal = await ann.api.refusal('POST /auth/register', { body });
      expect([refusal.status, refusal.code], field).toEqual([422, 'name_reserved']);
      expect(refusal.issues?.map(({ path }) => path)).toEqual([field]);
    }
  });

  test('are those of the site as well, which no group can bear either', async () => {
    await server.db.pool.query(`update sites set name = 'Kettle & Co', policy = $1 where key = 'default'`, [
      JSON.stringify({ names: { reserved: ['Brew Desk'] } }),
    ]);
    for (const name of ['Kettle Co', 'KETTLE & CO.', 'Br\u0435w-Desk'])
      expect((await rename(name)).status, name).toBe(422);
    const body = { kind: 'group', title: 'BREW D\u0395SK', userIds: [] };
    expect((await ann.api.refusal('POST /conversations', { body })).code).toBe('name_reserved');
    // Colleagues may call a group of theirs what they do there.
    const { id: conversationId } = await aGroup(ann, [], 'Support');
    const key = 'PATCH /conversations/:conversationId';
    const refusal = await ann.api.refusal(key, { params: { conversationId }, body: { title: 'Brew Desk' } });
    expect(refusal).toMatchObject({ code: 'name_reserved', issues: [{ path: 'title' }] });
    await server.db.pool.query(`update sites set name = 'TeaTime', policy = '{}' where key = 'default'`);
  });

  test('are told by their look alone', () => {
    const looksLike = createLookout(['wool mill']);
    expect(['VVool Mill', 'w00l-mi11', 'Wool Mill 2'].map(looksLike)).toEqual([true, true, true]);
    for (const name of ['Wool', 'Mill', 'Wool Miller', '', '...', '42']) expect(looksLike(name), name).toBe(false);
  });
});

describe('names', () => {
  test.each([
    ['are put into one form', 'Zoe\u0308 \ufb01nch', 'Zo\u00eb finch'],
    ['lose marks beyond three on a letter', `Z${'\u0301'.repeat(300)}oe`, '\u0179\u0301\u0301\u0301oe'],
    [
      'lose marks beyond three also where a mark is two units long',
      `Z${'\u{1d165}'.repeat(9)}oe`,
      `Z${'\u{1d165}'.repeat(3)}oe`,
    ],
    ['lose what turns the direction of writing', 'Ma\u202erk', 'Mark'],
    ['lose what is drawn as nothing', 'Ma\u2800r\u3164k\u00ad', 'Mark'],
    ['have one space between words', ' Mark \u00a0\t Twain ', 'Mark Twain'],
    [
      'keep what emoji and scripts need',
      '\u{1f469}\u200d\u{1f680} \u0645\u06cc\u200c\u0631\u0648\u0645',
      '\u{1f469}\u200d\u{1f680} \u0645\u06cc\u200c\u0631\u0648\u0645',
    ],
  ])('%s', async (_, name, kept) => {
    expect(await rename(name)).toMatchObject({ status: 200, body: { user: { displayName: kept } } });
  });

  test.each([['\u200d\u200c'], ['\u0301\u0301'], ['\u3164'], ['\u00a0'], ['\u2800\u2800'], ['\ufe0f']])(
    'of nothing that can be seen are refused: %j',
    async (name) => {
      expect(await rename(name)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    },
  );
});
