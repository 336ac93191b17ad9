import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SitePolicy } from '../../../protocol/sites.ts';
import { api, aUser, startTestBackend, testPassword, type TestBackend } from '../../testing/index.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend();
});
afterAll(() => server.close());

const decide = (policy: unknown) =>
  server.db.pool.query(`update sites set policy = $1 where key = 'default'`, [JSON.stringify(policy)]);
const register = () =>
  api(server).request('POST /auth/register', {
    body: { username: `u${crypto.randomUUID().slice(0, 8)}`, displayName: 'Uma', password: testPassword },
  });
const signIn = (identifier: string) =>
  api(server).request('POST /auth/login', { body: { identifier, password: testPassword } });

describe('the doors of a site', () => {
  test.each<[SitePolicy['accounts'], [number, number], string[]]>([
    [undefined, [201, 200], ['register', 'password']],
    [{ registration: false }, [403, 200], ['password']],
    [{ passwordSignIn: false }, [403, 403], []],
    [{ registration: true, passwordSignIn: false, guests: true }, [403, 403], ['guests']],
  ])('are those that its policy leaves open: %j', async (accounts, statuses, features) => {
    await decide({});
    const { user } = await aUser(server);
    await decide(accounts === undefined ? {} : { accounts });
    const [registered, signedIn, config] = [
      await register(),
      await signIn(user.username),
      await api(server).call('GET /config'),
    ];
    expect([registered.status, signedIn.status]).toEqual(statuses);
    for (const { status, body } of [registered, signedIn])
      if (status === 403)
        expect(body).toMatchObject({ code: 'forbidden', detail: expect.stringMatching(/this site/) as string });
    expect(config.features.filter((name) => ['register', 'password', 'guests'].includes(name))).toEqual(features);
    expect(config.accounts).toEqual({
      registration: features.includes('register'),
      passwordSignIn: features.includes('password'),
      guests: features.includes('guests'),
    });
  });

  test('that closes leave those in peace who are signed in', async () => {
    await decide({});
    const uma = await aUser(server);
    await decide({ accounts: { registration: false, passwordSignIn: false } });
    expect((await uma.api.call('GET /auth/me')).user.id).toBe(uma.id);
  });

  test('are all closed by a policy that cannot be read', async () => {
    await decide({ accounts: { registraton: false } });
    expect([(await register()).status, (await signIn('anybody')).status]).toEqual([403, 403]);
    expect(await api(server).call('GET /config')).toMatchObject({
      accounts: { registration: false, passwordSignIn: false, guests: false },
      conversations: { whoMayStartDirect: 'nobody', whoMayStartGroups: 'nobody' },
    });
  });
});
