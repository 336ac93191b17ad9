import { createHash } from 'node:crypto';
import type { GrantedScope, ServerScope } from '../../protocol/server-keys.ts';
import type { Database } from '../database/connect.ts';
import { acrossSites } from '../database/wall.ts';
import type { ServerKey } from '../feature.ts';
import { Problem } from '../problem.ts';
import type { Step } from './context.ts';

/** A server key as requests need it. */
export interface KnownServerKey extends ServerKey {
  readonly siteId: string;
  /** The key itself: it unseals what is kept for its owner alone. */
  readonly secret: string;
}

/** What all server keys begin with. */
export const serverKeyPrefix = 'tts_';

/** What is kept of a server key. */
export const hashOfServerKey = (secret: string): Buffer => createHash('sha256').update(secret).digest();

interface KeyRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly site_id: string;
  readonly name: string;
  readonly scopes: GrantedScope[];
  readonly stale: boolean;
}

/**
 * Reads the server key of a request that carries one. Pages never may: a key that a browser sends has leaked. What is wrong with it is told
 * only to endpoints that need one.
 */
export const readServerKey = (db: Database): Step => {
  return async (ctx, next) => {
    const secret = /^Bearer +(tts_\S+)$/i.exec(ctx.get('Authorization'))?.[1];
    if (secret === undefined) return next();
    // Browsers add the first to what other pages ask for, and the second to everything; no page can leave them out.
    if (ctx.get('Origin') !== '' || ctx.get('Sec-Fetch-Site') !== '') {
      throw new Problem(
        'forbidden',
        'unable to take the request; a web page sent a server key, which must never leave your servers: revoke it',
      );
    }
    const key = await acrossSites(() => findKey(db, secret));
    if (key) ctx.state.serverKey = key;
    else
      ctx.state.tokenProblem = new Problem(
        'token_invalid',
        'unable to accept the server key; it is unknown, or was revoked',
      );
    return next();
  };
};

const findKey = async (db: Database, secret: string): Promise<KnownServerKey | undefined> => {
  const [row] = await db.query<KeyRow>(
    'server_keys_find',
    `select id, site_id, name, scopes, (last_used_at is null or last_used_at < now() - interval '1 minute') as stale
     from server_keys where hash = $1 and revoked_at is null`,
    [hashOfServerKey(secret)],
  );
  if (!row) return undefined;
  // Once a minute is enough to tell which keys are in use.
  if (row.stale)
    await db.query('server_keys_used', 'update server_keys set last_used_at = now() where id = $1', [row.id]);
  return { id: row.id, siteId: row.site_id, name: row.name, scopes: row.scopes, secret };
};

/** Throws `forbidden` unless the key was given the scope. */
export const requireScope = ({ scopes }: Pick<ServerKey, 'scopes'>, scope: ServerScope | undefined): void => {
  if (scope === undefined || scopes.includes('*') || scopes.includes(scope)) return;
  throw new Problem('forbidden', `unable to do that; the server key lacks the scope ${scope}`);
};
