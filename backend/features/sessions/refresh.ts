import type { PoolClient } from 'pg';
import type { Deps } from '../../feature.ts';
import { Problem } from '../../problem.ts';
import { tokenInvalid } from '../../tokens.ts';
import { graceSeconds, isUnused, lockRefreshToken, revoke, rotate } from './store.ts';

/** What a refresh token was traded for. */
export interface Traded {
  readonly sessionId: string;
  readonly userId: string;
  readonly refreshToken: string;
}

type Outcome = { readonly traded: Traded } | { readonly reused: string; readonly userId: string };

/**
 * Trades a refresh token for its successor. Each works once; within 10 s of its use it gets the same successor again, as long as that is unused itself,
 * so that tabs and lost answers do no harm. Any later use means that two hold it: the session ends, with its sockets, and `refresh_reused` is thrown.
 */
export const createTrade = ({ db, hub, tokens, log }: Deps) => {
  const trade = async (client: PoolClient, siteId: string, refreshToken: string): Promise<Outcome> => {
    const row = await lockRefreshToken(client, refreshToken);
    if (!row || row.site_id !== siteId || row.revoked || row.disabled) throw invalid();
    if (row.expired) throw new Problem('token_expired', 'unable to refresh the session; it has expired');
    const next = tokens.successorOf(refreshToken);
    const traded = { sessionId: row.session_id, userId: row.user_id, refreshToken: next };
    if (!row.used) {
      await rotate(client, row.session_id, refreshToken, next);
      return { traded };
    }
    if ((row.used_for ?? Infinity) <= graceSeconds && (await isUnused(client, next))) return { traded };
    await revoke(client, row.session_id, 'refresh token used again');
    return { reused: row.session_id, userId: row.user_id };
  };

  return async (siteId: string, refreshToken: string): Promise<Traded> => {
    const outcome = await db.transaction((client) => trade(client, siteId, refreshToken));
    if ('traded' in outcome) return outcome.traded;
    hub.closeSession(outcome.reused, 'session_revoked');
    log.warn(
      { event: 'refresh_reused', sessionId: outcome.reused, userId: outcome.userId },
      'a refresh token was used again: its session is revoked',
    );
    throw new Problem('refresh_reused', 'unable to refresh the session; its token was used before, sign in again');
  };
};

const invalid = (): Problem =>
  new Problem('token_invalid', 'unable to refresh the session; it has ended, or the token is not valid', {
    cause: tokenInvalid(),
  });
