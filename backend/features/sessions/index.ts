import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { SessionTokens } from '../../../protocol/sessions.ts';
import type { Me } from '../../../protocol/users.ts';
import { route, type Deps, type Feature, type Site } from '../../feature.ts';
import { createLimit } from '../../http/rate-limits.ts';
import { addressKey } from '../../http/request-facts.ts';
import { notFound, Problem } from '../../problem.ts';
import { requireDoor } from '../sites/index.ts';
import { avatarColorOf, findMe, kindOf, refuseReserved, searchTextOf, toMe, type MeRow } from '../users/index.ts';
import { createLoginThrottle } from './login-throttle.ts';
import { createPasswords } from './passwords.ts';
import { createTrade } from './refresh.ts';
import {
  deviceOwner,
  dropEndedSessions,
  findCredentials,
  insertSession,
  insertUser,
  refreshTokenSeconds,
  revokeByToken,
  sessionStart,
} from './store.ts';

export { hashOf, insertSession, insertUser, refreshTokenSeconds } from './store.ts';

const hour = 60 * 60;

interface Door {
  readonly site: Site;
  readonly userAgent: string | undefined;
  setRefreshCookie(value: string | undefined, maxAgeSeconds?: number): void;
}

/** Accounts and sessions: register, sign in, refresh, sign out. */
export const createSessions = (deps: Deps): Feature => {
  const { config, db, hub, tokens, log } = deps;
  const passwords = createPasswords();
  const throttle = createLoginThrottle(config);
  const mayRegister = createLimit(config.limits.registrationsPerHour, hour);
  const trade = createTrade(deps);
  const sweep = setInterval(
    () => void dropEndedSessions(db).catch(() => log.warn('unable to drop ended sessions')),
    hour * 1000,
  );
  sweep.unref();

  const hand = async (
    door: Door,
    user: MeRow,
    session: { sessionId: string; refreshToken: string },
    into: 'cookie' | 'body',
  ): Promise<SessionTokens & { user: Me }> => {
    const { accessToken, expiresIn } = await tokens.issue({
      userId: user.id,
      siteId: door.site.id,
      sessionId: session.sessionId,
      ...kindOf(user),
    });
    if (into === 'cookie') door.setRefreshCookie(session.refreshToken, refreshTokenSeconds);
    return {
      user: toMe(config, user),
      accessToken,
      expiresIn,
      ...(into === 'body' && { refreshToken: session.refreshToken }),
    };
  };
  const open = async (door: Door, user: MeRow, into: 'cookie' | 'body' = 'cookie') => {
    const refreshToken = randomBytes(32).toString('base64url');
    const sessionId = await insertSession(db, {
      siteId: door.site.id,
      userId: user.id,
      userAgent: door.userAgent,
      refreshToken,
    });
    return hand(door, user, { sessionId, refreshToken }, into);
  };

  return {
    commands: [],
    routes: [
      route('POST /auth/register', async (request) => {
        const { username, displayName, password, email, phone, refreshIn } = request.body;
        await mayRegister(addressKey(request.ip));
        await requireDoor(db, request.site.id, 'registration');
        await refuseReserved(db, request.site.id, { username, displayName });
        const id = uuidv7();
        const user = await insertUser(db, {
          id,
          siteId: request.site.id,
          username,
          displayName,
          email,
          phone,
          searchText: searchTextOf({ username, displayName }),
          avatarColor: avatarColorOf(id),
          passwordHash: await passwords.hash(password),
        });
        return { status: 201, body: await open(request, user, refreshIn) };
      }),

      route('POST /auth/login', async (request) => {
        const { site, body, refreshCookie } = request;
        await requireDoor(db, site.id, 'passwordSignIn');
        const found = await findCredentials(db, site.id, body.identifier);
        // Somebody else's guesses must not lock out a device that was signed in before: it is counted by itself.
        const known =
          refreshCookie !== undefined && found !== undefined && (await deviceOwner(db, refreshCookie)) === found.id;
        const account = `${site.id} ${found?.id ?? body.identifier.toLowerCase()}${known ? ' known device' : ''}`;
        const attempt = { address: known ? `${request.ip} known device` : addressKey(request.ip), account };
        await throttle.check(attempt);
        const matches = await passwords.verify(found?.password_hash ?? undefined, body.password);
        // Of guesses that were made at once, those behind the one that was too much learn nothing.
        await throttle.check(attempt);
        if (!found || !matches || found.disabled) {
          await throttle.failed(attempt);
          throw new Problem('unauthorized', 'unable to sign in; the name or the password is wrong');
        }
        await throttle.succeeded(attempt);
        return { status: 200, body: await open(request, found, body.refreshIn) };
      }),

      route('POST /auth/refresh', async (request) => {
        const refreshToken = request.body.refreshToken ?? request.refreshCookie;
        // No error: it is how a page finds out that nobody is signed in.
        if (refreshToken === undefined) return { status: 204, body: null };
        const traded = await trade(request.site.id, refreshToken);
        const user = await findMe(db, request.site.id, traded.userId);
        if (!user) throw new Problem('token_invalid', 'unable to refresh the session; its user is gone');
        return {
          status: 200,
          body: await hand(request, user, traded, request.body.refreshToken === undefined ? 'cookie' : 'body'),
        };
      }),

      route('POST /auth/logout', async ({ site, body, refreshCookie, setRefreshCookie }) => {
        const refreshToken = body.refreshToken ?? refreshCookie;
        const sessionId = refreshToken === undefined ? undefined : await revokeByToken(db, site.id, refreshToken);
        if (sessionId !== undefined) hub.closeSession(sessionId, 'session_revoked');
        if (body.refreshToken === undefined) setRefreshCookie(undefined);
        return { status: 204, body: null };
      }),

      route('GET /auth/me', async ({ session }) => {
        const [user, createdAt] = await Promise.all([
          findMe(db, session.siteId, session.userId),
          sessionStart(db, session.sessionId),
        ]);
        if (!user || !createdAt) throw notFound('person');
        return {
          status: 200,
          body: { user: toMe(config, user), session: { id: session.sessionId, createdAt: createdAt.toISOString() } },
        };
      }),
    ],
    async close() {
      clearInterval(sweep);
    },
  };
};
