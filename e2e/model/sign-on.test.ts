import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import { aSite, type TestSite } from '../../backend/features/sign-on/test-sites.ts';
import { createHttpClient } from '../../widget/client/http-client.ts';
import { createSession } from '../../widget/client/session.ts';
import type { TokenProvider } from '../../widget/model/types.ts';
import { aChat, connected, until } from './chats.ts';

let server: TestBackend;
let site: TestSite;

beforeAll(async () => {
  server = await startTestBackend();
  site = await aSite(server);
});
afterAll(() => server.close());

const aVisitor = async (sub: string, name: string, wrap: (mint: TokenProvider) => TokenProvider = (mint) => mint) => {
  const reasons: string[] = [];
  const chat = aChat(server, {
    site: site.key,
    tokenProvider: wrap(async ({ reason }) => {
      reasons.push(reason);
      return site.mint({ sub, name });
    }),
  });
  await chat.start();
  return { chat, reasons };
};
const sessionsOf = (externalId: string) =>
  server.db.query<{ id: string }>(
    'test_sessions_of',
    'select s.id from sessions s join users u on u.id = s.user_id where u.external_id = $1 and s.revoked_at is null',
    [externalId],
  );

test('people whom the site vouches for are signed in, and found by each other', async () => {
  const [{ chat: ada, reasons }, { chat: grace }] = await Promise.all([
    aVisitor('ada', 'Ada Byron'),
    aVisitor('grace', 'Grace Hopper'),
  ]);
  for (const chat of [ada, grace]) await connected(chat);
  expect(ada.$session.get()).toMatchObject({ status: 'signed-in', user: { displayName: 'Ada Byron' } });
  expect(reasons).toEqual(['start']);
  expect((await ada.searchUsers('grace')).map(({ displayName }) => displayName)).toEqual(['Grace Hopper']);
});

test('when the token runs out the site is asked again, and the session goes on', async () => {
  const reasons: string[] = [];
  const session = createSession({
    http: createHttpClient({ server: server.url, site: site.key, fetch, credentials: 'omit' }),
    server: server.url,
    site: site.key,
    tokenProvider: async ({ reason }) => {
      reasons.push(reason);
      return site.mint({ sub: 'goes-on' });
    },
  });
  onTestFinished(() => session.destroy());
  await session.restore();
  const before = await sessionsOf('goes-on');
  expect(await session.renew('expired')).toBeTypeOf('string');
  expect(reasons).toEqual(['start', 'expired']);
  expect(await sessionsOf('goes-on')).toEqual(before);
});

test('when the session was ended the site is asked again, and vouches anew', async () => {
  const { chat, reasons } = await aVisitor('ended', 'Ended Once');
  await connected(chat);
  const [first] = await sessionsOf('ended');
  await server.db.query('test_end', 'update sessions set revoked_at = now() where id = $1', [first!.id]);
  server.backend.hub.closeSession(first!.id, 'session_revoked');
  await expect.poll(() => reasons, { timeout: 20_000 }).toContain('unauthorized');
  await connected(chat, 20_000);
  const [second] = await sessionsOf('ended');
  expect(second?.id).not.toBe(first!.id);
});

test('a token that the server refuses, or that was used before, signs nobody in, and says so', async () => {
  const used = site.mint({ sub: 'used' });
  const { chat: first } = await aVisitor('used', 'Used', () => async () => used);
  await connected(first);
  await server.db.query('test_age', `update used_sign_on_tokens set used_at = used_at - interval '1 minute'`, []);
  for (const token of [used, site.mint({ iss: 'another' }), 'no token at all']) {
    const { chat } = await aVisitor('used', 'Used', () => async () => token);
    await until(chat.$session, ({ status }) => status === 'signed-out', 'the refusal');
    expect(chat.$session.get()).toEqual({ status: 'signed-out', reason: 'failed' });
  }
});
