import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { SessionTokens } from '../../../protocol/sessions.ts';
import type { Me } from '../../../protocol/users.ts';
import { acrossSites } from '../../database/wall.ts';
import { route, type Deps, type Feature, type Site } from '../../feature.ts';
import { inTransaction } from '../../database/transaction.ts';
import { createLimit } from '../../http/rate-limits.ts';
import { addressKey } from '../../http/request-facts.ts';
import { notFound, Problem } from '../../problem.ts';
import type { Post } from '../accounts/index.ts';
import { requireDoor } from '../sites/index.ts';
import { avatarColorOf, findMe, kindOf, refuseReserved, searchTextOf, toMe, type MeRow } from '../users/index.ts';
import { createLoginThrottle, type LoginThrottle } from './login-throttle.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { createTrade } from './refresh.ts';
import {
  deviceOwner,
  dropEndedSessions,
  findCredentials,
  insertSession,
  insertUser,
  hasPassword,
  refreshTokenSeconds,
  revoke,
  revokeByToken,
  sessionStart,
} from './store.ts';

export { createPasswords } from './passwords.ts';
export { hashOf, insertSession, insertUser, refreshTokenSeconds } from './store.ts';

const hour = 60 * 60;

interface Door {
  readonly site: Site;
  readonly userAgent: string | undefined;
  setRefreshCookie(value: string | undefined, maxAgeSeconds?: number): void;
}

/** What passwords are checked with, the count of wrong ones included. */
export interface Credentials {
  readonly passwords: Passwords;
  readonly throttle: LoginThrottle;
}

/** Makes what the passwords of one process are checked with. */
export const createCredentials = ({ config }: Pick<Deps, 'config'>): Credentials => ({
  passwords: createPasswords(),
  throttle: createLoginThrottle(config),
});

/** Accounts and sessions: register, sign in, refresh, sign out. Addresses that people register with are asked whether they are theirs, where there is a post. */
export const createSessions = (deps: Deps, { passwords, throttle }: Credentials, post: Post | undefined): Feature => {
  const { config, db, hub, tokens, log } = deps;
  const mayRegister = createLimit(config.limits.registrationsPerHour, hour);
  const trade = createTrade(deps);
  const sweep = setInterval(
    () => void acrossSites(() => dropEndedSessions(db)).catch(() => log.warn('unable to drop ended sessions')),
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
  /** With `passwordHash`, only while that is what is kept of the password: it may have been changed since it was checked. */
  const open = async (door: Door, user: MeRow, into: 'cookie' | 'body' = 'cookie', passwordHash?: string | null) => {
    const refreshToken = randomBytes(32).toString('base64url');
    const sessionId = await insertSession(db, {
      siteId: door.site.id,
      userId: user.id,
      userAgent: door.userAgent,
      refreshToken,
    });
    if (passwordHash != null && !(await hasPassword(db, user.id, passwordHash))) {
      await revoke(db.pool, sessionId, 'password changed');
      throw wrong();
    }
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
        const passwordHash = await passwords.hash(password);
        const siteId = request.site.id;
        const user = await inTransaction(db, async (transaction) => {
          const row = await insertUser(transaction, {
            id,
            siteId,
            username,
            displayName,
            // With a post, an address is somebody's only when they have shown that it is.
            email: post ? undefined : email,
            phone,
            searchText: searchTextOf({ username, displayName }),
            avatarColor: avatarColorOf(id),
            passwordHash,
          });
          if (email !== undefined) await post?.giveAddress(transaction, { siteId, userId: id, email });
          return row;
        });
        if (email !== undefined) post?.wake();
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
          throw wrong();
        }
        await throttle.succeeded(attempt);
        return { status: 200, body: await open(request, found, body.refreshIn, found.password_hash) };
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

const wrong = (): Problem => new Problem('unauthorized', 'unable to sign in; the name or the password is wrong');
