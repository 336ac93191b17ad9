import { randomBytes } from 'node:crypto';
import { inTransaction } from '../../database/transaction.ts';
import { acrossSites } from '../../database/wall.ts';
import { route, type Deps, type Feature, type Session } from '../../feature.ts';
import { createLimit } from '../../http/rate-limits.ts';
import { addressKey } from '../../http/request-facts.ts';
import { Problem } from '../../problem.ts';
import { tokenInvalid } from '../../tokens.ts';
import { hashOf, refreshTokenSeconds, type Credentials } from '../sessions/index.ts';
import { requireDoor } from '../sites/index.ts';
import { dropExpiredLinks, dropPasswordLinks, isLinkGood, useLink } from './links.ts';
import type { Post } from './post.ts';
import { endSessions, findSecret, lockSession, replaceRefreshToken, writeEmail, writePassword } from './store.ts';

export { linksOf } from './letters.ts';
export { createPost, type Post } from './post.ts';

const hour = 60 * 60;

/** Passwords that are forgotten or changed, and addresses that are shown to be one's own. */
export const createAccounts = (
  { config, db, hub, log }: Deps,
  { passwords, throttle }: Credentials,
  post: Post | undefined,
): Feature => {
  const mayAsk = createLimit(config.limits.accountRequestsPerHour, hour);
  let sweep: NodeJS.Timeout | undefined;

  /** What is kept of the password of whoever is asking. Throws unless it is the one that they say. */
  const provePassword = async (session: Session, ip: string, password: string) => {
    // Counted by the session: who is signed in elsewhere can still sign in while somebody guesses here.
    const account = `${session.siteId} ${session.userId} session ${session.sessionId}`;
    const attempt = { address: addressKey(ip), account };
    await throttle.check(attempt);
    const found = await findSecret(db, session);
    if (!found) throw tokenInvalid();
    const { passwordHash, email } = found;
    if (passwordHash === null)
      throw new Problem('no_password', 'unable to change it; the account has no password, its site signs people in');
    const matches = await passwords.verify(passwordHash, password);
    await throttle.check(attempt);
    if (!matches) {
      await throttle.failed(attempt);
      throw wrongPassword();
    }
    await throttle.succeeded(attempt);
    return { passwordHash, email };
  };

  return {
    commands: [],
    routes: [
      route('POST /auth/password/forgot', async ({ site, ip, body }) => {
        await mayAsk(addressKey(ip));
        await requireDoor(db, site.id, 'passwordSignIn');
        const mail = requireMail(post);
        await mail.tell(db, { kind: 'password forgotten', siteId: site.id, address: body.email });
        mail.wake();
        return { status: 202, body: {} };
      }),

      route('POST /auth/password/reset', async ({ site, ip, body }) => {
        await mayAsk(addressKey(ip));
        await requireDoor(db, site.id, 'passwordSignIn');
        const link = { siteId: site.id, purpose: 'password', token: body.token } as const;
        // Hashing is work that nobody is given for a guess.
        if (!(await isLinkGood(db, link))) throw invalidLink();
        const passwordHash = await passwords.hash(body.password);
        const userId = await inTransaction(db, async (transaction) => {
          const used = await useLink(transaction, link);
          const who = used && { siteId: site.id, userId: used.userId };
          if (!who || !(await writePassword(transaction, who, passwordHash, { email: used.email })))
            throw invalidLink();
          await endSessions(transaction, who, 'password reset');
          await post?.tell(transaction, { kind: 'password changed', ...who, address: used.email });
          return who.userId;
        });
        hub.closeUser(userId, 'session_revoked');
        post?.wake();
        return { status: 204, body: null };
      }),

      route('POST /auth/email/confirm', async ({ site, ip, body }) => {
        await mayAsk(addressKey(ip));
        await requireDoor(db, site.id, 'passwordSignIn');
        await inTransaction(db, async (transaction) => {
          const used = await useLink(transaction, { siteId: site.id, purpose: 'email', token: body.token });
          const who = used && { siteId: site.id, userId: used.userId };
          if (!who || !(await writeEmail(transaction, who, used.email))) throw invalidLink();
          await dropPasswordLinks(transaction, who);
        }).catch((error: unknown) => {
          // Another account has shown it to be its own in the meantime.
          throw (error as { code?: unknown }).code === '23505' ? invalidLink() : error;
        });
        return { status: 204, body: null };
      }),

      route('PUT /me/password', async ({ session, ip, body, setRefreshCookie }) => {
        await requireDoor(db, session.siteId, 'passwordSignIn');
        const { passwordHash, email } = await provePassword(session, ip, body.currentPassword);
        const next = await passwords.hash(body.newPassword);
        const refreshToken = randomBytes(32).toString('base64url');
        const { ended, isReplaced } = await inTransaction(db, async (transaction) => {
          // Of two who change it at once, the other was first.
          if (!(await writePassword(transaction, session, next, { passwordHash }))) throw wrongPassword();
          if (!(await lockSession(transaction, session.sessionId))) throw tokenInvalid();
          await dropPasswordLinks(transaction, session);
          const ended = await endSessions(transaction, session, 'password changed', session.sessionId);
          const isReplaced = await replaceRefreshToken(transaction, session.sessionId, hashOf(refreshToken));
          if (email !== null)
            await post?.tell(transaction, {
              kind: 'password changed',
              siteId: session.siteId,
              userId: session.userId,
              address: email,
            });
          return { ended, isReplaced };
        });
        for (const sessionId of ended) hub.closeSession(sessionId, 'session_revoked');
        post?.wake();
        if (!isReplaced) return { status: 200, body: {} };
        if (body.refreshIn === 'body') return { status: 200, body: { refreshToken } };
        setRefreshCookie(refreshToken, refreshTokenSeconds);
        return { status: 200, body: {} };
      }),

      route('PUT /me/email', async ({ session, ip, body }) => {
        await requireDoor(db, session.siteId, 'passwordSignIn');
        const mail = requireMail(post);
        const { email } = await provePassword(session, ip, body.currentPassword);
        const { siteId, userId } = session;
        await inTransaction(db, async (transaction) => {
          await mail.giveAddress(transaction, { siteId, userId, email: body.email });
          if (email !== null && email !== body.email)
            await mail.tell(transaction, { kind: 'address changing', siteId, userId, address: email });
        });
        mail.wake();
        return { status: 202, body: {} };
      }),
    ],
    open() {
      post?.start();
      const drop = () =>
        void acrossSites(() => dropExpiredLinks(db)).catch(() => log.warn('unable to drop links that have expired'));
      sweep = setInterval(drop, hour * 1000).unref();
    },
    async close() {
      clearInterval(sweep);
      await post?.close();
    },
  };
};

const requireMail = (post: Post | undefined): Post => {
  if (!post) throw new Problem('not_found', 'unable to write to anybody; this server sends no mail');
  return post;
};

const invalidLink = (): Problem =>
  new Problem('link_invalid', 'unable to use the link; it was used before, has expired, or a newer one was sent');

const wrongPassword = (): Problem => new Problem('password_wrong', 'unable to change it; the password is wrong');
