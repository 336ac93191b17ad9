import { expect, test } from 'vitest';
import type { Me } from '../../protocol/users.ts';
import type { HttpClient } from './http-client.ts';
import { createSession } from './session.ts';

const ann: Me = { id: 'ann', username: 'ann', displayName: 'Ann', avatarColor: 'leaf' };

const someSession = () => {
  const http = {
    async send(key: string) {
      return key === 'POST /auth/logout' ? null : { accessToken: 'token', expiresIn: 600, user: ann };
    },
  } as HttpClient;
  return createSession({ http, server: 'https://chat.example', site: 'default' });
};

test('news of a profile that come after signing out sign nobody in', async () => {
  const session = someSession();
  await session.signIn('ann', 'password');
  session.setUser({ ...ann, displayName: 'Anna' });
  expect(session.$session.get()).toMatchObject({ status: 'signed-in', user: { displayName: 'Anna' } });
  await session.signOut();
  session.setUser({ ...ann, displayName: 'Annie' });
  expect(session.$session.get()).toEqual({ status: 'signed-out' });
  session.destroy();
});
