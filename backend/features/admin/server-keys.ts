import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { grantedScope, type GrantedScope } from '../../../protocol/server-keys.ts';
import type { Queries } from '../../database/transaction.ts';
import { hashOfServerKey, serverKeyPrefix } from '../../http/server-keys.ts';
import { Problem } from '../../problem.ts';

/** What is told of a server key; never the key itself. */
export interface ServerKeyRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly GrantedScope[];
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

const columns = 'id, name, scopes, created_at, last_used_at, revoked_at';
const secretBytes = 32;

/** Makes a server key of a site. What is kept is its SHA-256: the key itself is shown this once. Throws `validation_failed` for a scope that there is not. */
export const createServerKey = async (
  queries: Queries,
  siteId: string,
  { name, scopes }: { readonly name: string; readonly scopes: readonly string[] },
): Promise<{ readonly id: string; readonly secret: string; readonly scopes: readonly GrantedScope[] }> => {
  const granted = [...new Set(scopes)].map(readScope);
  if (granted.length === 0)
    throw new Problem('validation_failed', 'unable to add the server key; it needs a scope, or * for all');
  if (name.trim() === '' || [...name].length > 64)
    throw new Problem('validation_failed', 'unable to add the server key; its name must have 1 to 64 characters');
  const id = uuidv7();
  const secret = `${serverKeyPrefix}${randomBytes(secretBytes).toString('base64url')}`;
  await queries.query(
    'server_keys_insert',
    'insert into server_keys (id, site_id, name, hash, scopes) values ($1, $2, $3, $4, $5)',
    [id, siteId, name, hashOfServerKey(secret), granted],
  );
  return { id, secret, scopes: granted };
};

/** The server keys of a site, the newest first, those that were revoked included. */
export const listServerKeys = (queries: Queries, siteId: string): Promise<ServerKeyRow[]> =>
  queries.query<ServerKeyRow>(
    'server_keys_list',
    `select ${columns} from server_keys where site_id = $1 order by id desc`,
    [siteId],
  );

/** Makes server keys useless at once: the one with this id, or all with this name. Returns those that were in use until now. */
export const revokeServerKeys = (queries: Queries, siteId: string, idOrName: string): Promise<ServerKeyRow[]> =>
  queries.query<ServerKeyRow>(
    'server_keys_revoke',
    `update server_keys set revoked_at = now()
     where site_id = $1 and (id::text = $2 or name = $2) and revoked_at is null returning ${columns}`,
    [siteId, idOrName],
  );

const readScope = (text: string): GrantedScope => {
  const read = grantedScope.safeParse(text);
  if (read.success) return read.data;
  const [all, scope] = grantedScope.options;
  const known = [all.value, ...scope.options].join(', ');
  throw new Problem('validation_failed', `unable to add the server key; there is no scope ${text}, only ${known}`);
};
