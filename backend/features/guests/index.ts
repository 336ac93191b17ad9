import { randomBytes } from 'node:crypto';
import { acrossSites } from '../../database/wall.ts';
import { inTransaction } from '../../database/transaction.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { createLimit, tooMany } from '../../http/rate-limits.ts';
import { addressKey } from '../../http/request-facts.ts';
import { Problem } from '../../problem.ts';
import { insertSession, refreshTokenSeconds } from '../sessions/index.ts';
import { readPolicy } from '../sites/index.ts';
import { kindOf, refuseReserved, toMe } from '../users/index.ts';
import { checkSolution, makeChallenge } from './challenge.ts';
import { createDifficulty } from './difficulty.ts';
import { countRecentGuests, dropUsedChallenges, insertGuest, useChallenge } from './store.ts';
import { sweepGuests } from './sweep.ts';

const hour = 60 * 60;

/** People who give a name and nothing else, where the site takes them. */
export const createGuests = ({ config, db, tokens, log }: Deps): Feature => {
  const { limits, guestDays } = config;
  const key = tokens.keyFor('guest challenge');
  const difficultyFor = createDifficulty(limits.guestProofBits);
  const mayCome = createLimit(limits.guestsPerHour, hour);

  const requireGuests = async (siteId: string): Promise<void> => {
    const { accounts } = await readPolicy(db, siteId);
    if (accounts?.guests !== true)
      throw new Problem('forbidden', 'unable to let you in as a guest; the site takes none');
  };

  let sweeping: Promise<void> | undefined;
  const tidy = (): void => {
    sweeping ??= acrossSites(async () => {
      await dropUsedChallenges(db);
      await sweepGuests(db, guestDays);
    })
      .catch((error: unknown) => log.warn({ err: error }, 'unable to sweep guests; trying again in an hour'))
      .finally(() => (sweeping = undefined));
  };
  let timer: NodeJS.Timeout | undefined;

  return {
    commands: [],
    routes: [
      route('POST /auth/guest/challenge', async ({ site, ip }) => {
        await requireGuests(site.id);
        return { status: 200, body: makeChallenge(key, site.id, difficultyFor(addressKey(ip))) };
      }),

      route('POST /auth/guest', async ({ site, ip, body, userAgent, setRefreshCookie }) => {
        await requireGuests(site.id);
        const solved = checkSolution(key, site.id, body);
        await refuseReserved(db, site.id, { displayName: body.displayName });
        await mayCome(addressKey(ip));
        const refreshToken = randomBytes(32).toString('base64url');
        const { user, sessionId } = await inTransaction(db, async (transaction) => {
          if (!(await useChallenge(transaction, site.id, solved)))
            throw new Problem('challenge_used', 'unable to let the guest in; the challenge was used before');
          if ((await countRecentGuests(transaction, site.id)) >= limits.guestsPerHourPerSite) throw tooMany(60_000);
          const guest = await insertGuest(transaction, site.id, body.displayName);
          const opened = { siteId: site.id, userId: guest.id, userAgent, refreshToken };
          return { user: guest, sessionId: await insertSession(transaction, opened) };
        });
        if (body.refreshIn !== 'body') setRefreshCookie(refreshToken, refreshTokenSeconds);
        return {
          status: 201,
          body: {
            ...(await tokens.issue({ userId: user.id, siteId: site.id, sessionId, ...kindOf(user) })),
            ...(body.refreshIn === 'body' && { refreshToken }),
            user: toMe(config, user),
          },
        };
      }),
    ],
    open() {
      tidy();
      timer = setInterval(tidy, hour * 1000);
      timer.unref();
    },
    async close() {
      clearInterval(timer);
      await sweeping;
    },
  };
};
