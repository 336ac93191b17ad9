import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { inTransaction } from '../../database/transaction.ts';
import { acrossSites } from '../../database/wall.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { createOutbound } from '../../outbound/outbound.ts';
import { Problem } from '../../problem.ts';
import { claimGuest } from '../guests/claim.ts';
import { insertSession, refreshTokenSeconds } from '../sessions/index.ts';
import { kindOf, toMe } from '../users/index.ts';
import { createKeySets } from './key-sets.ts';
import { createSiteKeys } from './keys.ts';
import { clockSkewSeconds, readSignOnToken, type SignOnToken } from './read-token.ts';
import { dropUsedTokens, prolongSession, upsertPerson, useToken } from './store.ts';

export { createKeySets, type KeySets } from './key-sets.ts';
export { lockPerson, upsertPerson } from './store.ts';
export { createSiteKeys, keyAlgorithms, leastSecretBytes, type KeyAlgorithm, type SiteKeys } from './keys.ts';
export { mintSignOnToken } from './mint-token.ts';
export { longestTokenSeconds, readSignOnToken, signOnAudience, signOnClaims } from './read-token.ts';

const hour = 60 * 60;
/** How long a session without a refresh token can go on by itself: the site vouches anew long before. */
const vouchedSessionSeconds = 24 * hour;
/** How long the device that used a token may do so again, when the answer was lost on its way. */
const graceSeconds = 10;

/** Sign-on by what a site's own back end says of its people. */
export const createSignOn = (deps: Deps): Feature => {
  const { config, db, tokens, log } = deps;
  const keys = createSiteKeys(db, tokens);
  const keySets = createKeySets(db, createOutbound(config));
  const sweep = setInterval(
    () =>
      void acrossSites(() => dropUsedTokens(db, clockSkewSeconds)).catch(() =>
        log.warn('unable to drop used sign-on tokens'),
      ),
    hour * 1000,
  );
  sweep.unref();

  return {
    commands: [],
    routes: [
      route('POST /auth/exchange', async ({ site, body, userAgent, refreshCookie, setRefreshCookie }) => {
        const read = await readSignOnToken(
          body.token,
          site,
          async (kid) => (await keys.find(site.id, kid)) ?? keySets.find(site.id, kid),
        ).catch((error: unknown) => {
          if (error instanceof Problem) log.warn({ site: site.key, reason: reasonOf(error) }, 'a sign-on was refused');
          throw error;
        });
        const current =
          body.accessToken === undefined ? undefined : await tokens.verify(body.accessToken).catch(() => undefined);
        const refreshIn = body.refreshIn ?? 'none';
        const refreshToken = refreshIn === 'none' ? undefined : randomBytes(32).toString('base64url');
        const { user, sessionId, told } = await inTransaction(db, async (transaction) => {
          const proof = { siteId: site.id, session: current, refreshToken: refreshCookie };
          const told = await claimGuest(deps, transaction, proof, read.person.externalId);
          const user = await upsertPerson(transaction, site.id, read.person);
          if (user.disabled) throw new Problem('forbidden', 'unable to sign on; this account is disabled');
          const goesOn =
            refreshToken === undefined &&
            current?.userId === user.id &&
            (await prolongSession(transaction, {
              id: current.sessionId,
              userId: user.id,
              seconds: vouchedSessionSeconds,
            }));
          const fresh = goesOn ? current.sessionId : uuidv7();
          const used = await useToken(transaction, site.id, read, fresh);
          if (used) {
            const again =
              used.alive &&
              used.user_id === user.id &&
              used.used_for <= graceSeconds &&
              used.user_agent === (userAgent ?? null);
            if (!again || refreshToken !== undefined) throw replayed(read);
            return { user, sessionId: used.session_id, told };
          }
          if (!goesOn) {
            await insertSession(transaction, {
              id: fresh,
              siteId: site.id,
              userId: user.id,
              userAgent,
              ...(refreshToken === undefined ? { seconds: vouchedSessionSeconds } : { refreshToken }),
            });
          }
          return { user, sessionId: fresh, told };
        });
        await told?.();
        if (refreshIn === 'cookie') setRefreshCookie(refreshToken, refreshTokenSeconds);
        else if (told && refreshCookie !== undefined) setRefreshCookie(undefined);
        return {
          status: 200,
          body: {
            ...(await tokens.issue({ userId: user.id, siteId: site.id, sessionId, ...kindOf(user) })),
            ...(refreshIn === 'body' && { refreshToken }),
            user: toMe(config, user),
          },
        };
      }),
    ],
    async close() {
      clearInterval(sweep);
    },
  };
};

const replayed = ({ jti }: SignOnToken): Problem =>
  new Problem(
    'token_replayed',
    `unable to accept the sign-on token; one with the "jti" ${jti.slice(0, 40)} was used before: sign a new one each time`,
  );

const reasonOf = ({ message, cause }: Problem): string => (cause instanceof Error ? cause.message : message);
