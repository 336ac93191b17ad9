import { createHash } from 'node:crypto';
import type { GuestChallenge } from '../../protocol/guests.ts';
import { api } from './api.ts';
import type { TestBackend } from './backend.ts';
import type { TestUser } from './people.ts';

/** Lets guests come to a site; the rest of its policy stays. */
export const letGuestsIn = async ({ db }: Pick<TestBackend, 'db'>, siteKey = 'default', on = true): Promise<void> => {
  await db.query(
    'test_let_guests_in',
    `update sites set policy = policy || jsonb_build_object('accounts', coalesce(policy->'accounts', '{}') || jsonb_build_object('guests', $2::boolean))
     where key = $1`,
    [siteKey, on],
  );
};

/** Does the work that a guest's browser does. */
export const solve = ({ challenge, difficulty }: Pick<GuestChallenge, 'challenge' | 'difficulty'>): string => {
  for (let number = 0; ; number++) {
    const digest = createHash('sha256')
      .update(challenge + number)
      .digest();
    if (Math.clz32(digest.readUInt32BE(0)) >= difficulty) return String(number);
  }
};

/** Somebody who came with a name only, where guests are let in. */
export const aGuest = async (
  server: { readonly url: string },
  { displayName = 'Passer-by', siteKey = 'default' }: { displayName?: string; siteKey?: string } = {},
): Promise<TestUser> => {
  const client = api(server, undefined, { 'TeaTime-Site': siteKey });
  const asked = await client.call('POST /auth/guest/challenge', {});
  const { user, accessToken, refreshToken } = await client.call('POST /auth/guest', {
    body: { displayName, challenge: asked.challenge, solution: solve(asked), refreshIn: 'body' },
  });
  return {
    user,
    id: user.id,
    password: '',
    accessToken,
    refreshToken: refreshToken ?? '',
    api: api(server, accessToken),
  };
};
