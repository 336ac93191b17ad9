import type { Queries } from '../../database/transaction.ts';
import type { Session } from '../../feature.ts';
import { refreshTokenSeconds } from '../sessions/index.ts';

/** Somebody with an account, as letters to them need it. */
export interface Owner {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly hasPassword: boolean;
}

type Who = Pick<Session, 'siteId' | 'userId'>;

const ownerColumns = `id, username, display_name as "displayName", email, password_hash is not null as "hasPassword"`;
const isOwner = `disabled_at is null and kind = 'person'`;

/** Whose an address is. */
export const findOwnerOf = async (queries: Queries, siteId: string, email: string): Promise<Owner | undefined> => {
  const [row] = await queries.query<Owner>(
    'accounts_owner_of',
    `select ${ownerColumns} from users where site_id = $1 and email = $2 and ${isOwner}`,
    [siteId, email],
  );
  return row;
};

/** True when an address is some account's, also one that is disabled. */
export const isTaken = async (queries: Queries, siteId: string, email: string): Promise<boolean> => {
  const rows = await queries.query('accounts_is_taken', 'select id from users where site_id = $1 and email = $2', [
    siteId,
    email,
  ]);
  return rows.length > 0;
};

/** Somebody with an account. */
export const findOwner = async (queries: Queries, { siteId, userId }: Who): Promise<Owner | undefined> => {
  const [row] = await queries.query<Owner>(
    'accounts_owner',
    `select ${ownerColumns} from users where site_id = $1 and id = $2 and ${isOwner}`,
    [siteId, userId],
  );
  return row;
};

/** What is kept of somebody's password, and their address; `undefined` when there is no such account. */
export const findSecret = async (
  queries: Queries,
  { siteId, userId }: Who,
): Promise<{ readonly passwordHash: string | null; readonly email: string | null } | undefined> => {
  const [row] = await queries.query<{ passwordHash: string | null; email: string | null }>(
    'accounts_secret',
    `select password_hash as "passwordHash", email from users where site_id = $1 and id = $2 and ${isOwner}`,
    [siteId, userId],
  );
  return row;
};

/** Gives somebody a new password where `only` still holds: the password that was there, or the address that they have. False when it does not. */
export const writePassword = async (
  transaction: Queries,
  { siteId, userId }: Who,
  passwordHash: string,
  only: { readonly passwordHash?: string; readonly email?: string },
): Promise<boolean> => {
  const rows = await transaction.query(
    'accounts_write_password',
    `update users set password_hash = $3
     where site_id = $1 and id = $2 and ${isOwner} and password_hash is not null
       and ($4::text is null or password_hash = $4) and ($5::text is null or email = $5)
     returning id`,
    [siteId, userId, passwordHash, only.passwordHash ?? null, only.email ?? null],
  );
  return rows.length > 0;
};

/** Gives somebody an address. Rejects with the database's unique violation when another account has it. */
export const writeEmail = async (transaction: Queries, { siteId, userId }: Who, email: string): Promise<boolean> => {
  const rows = await transaction.query(
    'accounts_write_email',
    `update users set email = $3 where site_id = $1 and id = $2 and ${isOwner} returning id`,
    [siteId, userId, email],
  );
  return rows.length > 0;
};

/** Ends somebody's sessions, all but one if that is named, and returns which ended now. */
export const endSessions = async (
  transaction: Queries,
  { siteId, userId }: Who,
  reason: string,
  kept?: string,
): Promise<string[]> => {
  const rows = await transaction.query<{ id: string }>(
    'accounts_end_sessions',
    `update sessions set revoked_at = now(), revoked_reason = $3
     where site_id = $1 and user_id = $2 and revoked_at is null and id is distinct from $4::uuid returning id`,
    [siteId, userId, reason, kept ?? null],
  );
  return rows.map(({ id }) => id);
};

/** Keeps a session from being ended or refreshed until the transaction ends. False when it has ended. */
export const lockSession = async (transaction: Queries, sessionId: string): Promise<boolean> => {
  const rows = await transaction.query(
    'accounts_lock_session',
    'select id from sessions where id = $1 and revoked_at is null and expires_at > now() for update',
    [sessionId],
  );
  return rows.length > 0;
};

/** Gives a session another refresh token in place of all that it had. False, and nothing, where it had none. */
export const replaceRefreshToken = async (transaction: Queries, sessionId: string, hash: Buffer): Promise<boolean> => {
  const rows = await transaction.query(
    'accounts_replace_refresh_token',
    `with gone as (delete from refresh_tokens where session_id = $1 returning site_id)
     insert into refresh_tokens (hash, site_id, session_id, expires_at)
     select distinct $2::bytea, site_id, $1::uuid, now() + make_interval(secs => $3) from gone returning hash`,
    [sessionId, hash, refreshTokenSeconds],
  );
  return rows.length > 0;
};
