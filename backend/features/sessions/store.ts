import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { Database } from '../../database/connect.ts';
import type { Queries } from '../../database/transaction.ts';
import { Problem } from '../../problem.ts';
import { meColumns, type MeRow } from '../users/index.ts';

/** How long a refresh token can be unused, and a session last at most. In seconds. */
export const refreshTokenSeconds = 30 * 24 * 60 * 60;
const sessionSeconds = 90 * 24 * 60 * 60;
/** How long the predecessor of a refresh token is still answered with that same token. In seconds. */
export const graceSeconds = 10;

/** What is kept of a refresh token. */
export const hashOf = (refreshToken: string): Buffer => createHash('sha256').update(refreshToken).digest();

/** Somebody new. */
export interface NewUser {
  readonly id: string;
  readonly siteId: string;
  readonly username: string;
  readonly displayName: string;
  readonly searchText: string;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly avatarColor: string;
  readonly passwordHash: string | null;
}

/** Keeps somebody new; throws `conflict` naming the field that is taken. */
export const insertUser = async (queries: Queries, user: NewUser): Promise<MeRow> => {
  try {
    const [row] = await queries.query<MeRow>(
      'sessions_insert_user',
      `insert into users as u (id, site_id, username, username_key, display_name, search_text, email, phone, avatar_color, password_hash)
       values ($1, $2, $3, lower($3), $4, $5, $6, $7, $8, $9) returning ${meColumns('u')}`,
      [
        user.id,
        user.siteId,
        user.username,
        user.displayName,
        user.searchText,
        user.email ?? null,
        user.phone ?? null,
        user.avatarColor,
        user.passwordHash,
      ],
    );
    if (!row) throw new Error('unable to keep the user; nothing was inserted');
    return row;
  } catch (error) {
    throw takenField(error) ?? error;
  }
};

const taken: Readonly<Record<string, { path: string; message: string }>> = {
  users_site_id_username_key_key: { path: 'username', message: 'is taken' },
  users_site_id_email_key: { path: 'email', message: 'belongs to another account' },
  users_site_id_phone_key: { path: 'phone', message: 'belongs to another account' },
};

const takenField = (error: unknown): Problem | undefined => {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const issue = code === '23505' && typeof constraint === 'string' ? taken[constraint] : undefined;
  return (
    issue && new Problem('conflict', `unable to open the account; the ${issue.path} is taken`, { issues: [issue] })
  );
};

/** Somebody who may be signing in. */
export interface CredentialRow extends MeRow {
  readonly password_hash: string | null;
  readonly disabled: boolean;
}

/** The account of a user name, e-mail address or phone number. */
export const findCredentials = async (
  db: Database,
  siteId: string,
  identifier: string,
): Promise<CredentialRow | undefined> => {
  const [row] = await db.query<CredentialRow>(
    'sessions_credentials',
    `select ${meColumns('u')}, u.password_hash, u.disabled_at is not null as disabled
     from users u where u.site_id = $1 and (u.username_key = $2 or u.email = $2 or u.phone = $3) limit 1`,
    [siteId, identifier.toLowerCase(), identifier.replace(/[\s().-]/g, '')],
  );
  return row;
};

/** True while this is what is kept of somebody's password. Waits for whoever is changing it. */
export const hasPassword = async (db: Database, userId: string, passwordHash: string): Promise<boolean> => {
  const rows = await db.query(
    'sessions_has_password',
    'select id from users where id = $1 and password_hash = $2 for share',
    [userId, passwordHash],
  );
  return rows.length > 0;
};

/** Whom the session of a refresh token belongs to, also when the token was used before: that device has been signed in. */
export const deviceOwner = async (db: Database, refreshToken: string): Promise<string | undefined> => {
  const [row] = await db.query<{ user_id: string }>(
    'sessions_device_owner',
    'select s.user_id from refresh_tokens r join sessions s on s.id = r.session_id where r.hash = $1',
    [hashOf(refreshToken)],
  );
  return row?.user_id;
};

/** Opens a session; with a refresh token unless that is left out. Throws `unauthorized` for somebody who was disabled meanwhile. */
export const insertSession = async (
  queries: Queries,
  session: {
    id?: string;
    siteId: string;
    userId: string;
    userAgent: string | undefined;
    refreshToken?: string;
    seconds?: number;
  },
): Promise<string> => {
  const id = session.id ?? uuidv7();
  // Whoever disables the account waits for this, or this for them: no session is left over that they do not end.
  const opened = await queries.query(
    'sessions_insert',
    `with opened as (
       insert into sessions (id, site_id, user_id, user_agent, expires_at)
       select $1, u.site_id, u.id, $4, now() + make_interval(secs => $5)
       from users u where u.site_id = $2 and u.id = $3 and u.disabled_at is null for share of u
       returning id
     ), kept as (
       insert into refresh_tokens (hash, site_id, session_id, expires_at)
       select $6, $2, id, now() + make_interval(secs => $7) from opened where $6::bytea is not null
     )
     select id from opened`,
    [
      id,
      session.siteId,
      session.userId,
      session.userAgent ?? null,
      session.seconds ?? sessionSeconds,
      session.refreshToken === undefined ? null : hashOf(session.refreshToken),
      refreshTokenSeconds,
    ],
  );
  if (opened.length === 0) throw new Problem('unauthorized', 'unable to open a session; the account is disabled');
  return id;
};

/** A refresh token as it is found when it is traded. */
export interface TradedRow {
  readonly session_id: string;
  readonly site_id: string;
  readonly user_id: string;
  readonly used: boolean;
  /** Seconds since it was used. */
  readonly used_for: number | null;
  readonly expired: boolean;
  readonly revoked: boolean;
  readonly disabled: boolean;
}

/** Finds a refresh token and keeps others from trading it, or another one of its session, until the transaction ends. */
export const lockRefreshToken = async (client: PoolClient, refreshToken: string): Promise<TradedRow | undefined> => {
  const hash = hashOf(refreshToken);
  // Two statements: the second sees what was committed while the first waited.
  await client.query({
    name: 'sessions_lock',
    text: 'select from sessions s where s.id = (select session_id from refresh_tokens where hash = $1) for update',
    values: [hash],
  });
  const { rows } = await client.query<TradedRow>({
    name: 'sessions_traded',
    text: `select s.id as session_id, s.site_id, s.user_id, r.used_at is not null as used,
         extract(epoch from now() - r.used_at)::float8 as used_for,
         (r.expires_at <= now() or s.expires_at <= now()) as expired,
         s.revoked_at is not null as revoked, u.disabled_at is not null as disabled
       from refresh_tokens r join sessions s on s.id = r.session_id join users u on u.id = s.user_id
       where r.hash = $1`,
    values: [hash],
  });
  return rows[0];
};

/** Marks a refresh token as used and keeps its successor. */
export const rotate = async (client: PoolClient, sessionId: string, from: string, to: string): Promise<void> => {
  await client.query({
    name: 'sessions_rotate',
    text: `with used as (update refresh_tokens set used_at = now() where hash = $2),
         touched as (update sessions set last_used_at = now() where id = $1)
       insert into refresh_tokens (hash, site_id, session_id, expires_at)
       select $3, site_id, id, now() + make_interval(secs => $4) from sessions where id = $1`,
    values: [sessionId, hashOf(from), hashOf(to), refreshTokenSeconds],
  });
};

/** True while a refresh token is the newest of its session. */
export const isUnused = async (client: PoolClient, refreshToken: string): Promise<boolean> => {
  const { rows } = await client.query({
    name: 'sessions_is_unused',
    text: 'select from refresh_tokens where hash = $1 and used_at is null',
    values: [hashOf(refreshToken)],
  });
  return rows.length > 0;
};

/** Ends a session for good. */
export const revoke = async (client: Pick<PoolClient, 'query'>, sessionId: string, reason: string): Promise<void> => {
  await client.query({
    name: 'sessions_revoke',
    text: 'update sessions set revoked_at = now(), revoked_reason = $2 where id = $1 and revoked_at is null',
    values: [sessionId, reason],
  });
};

/** Ends the session of a refresh token, if there is one, and returns its id. */
export const revokeByToken = async (
  db: Database,
  siteId: string,
  refreshToken: string,
): Promise<string | undefined> => {
  const [row] = await db.query<{ id: string }>(
    'sessions_revoke_by_token',
    `update sessions s set revoked_at = coalesce(s.revoked_at, now()), revoked_reason = coalesce(s.revoked_reason, 'signed out')
     from refresh_tokens r where r.hash = $2 and s.id = r.session_id and s.site_id = $1 returning s.id`,
    [siteId, hashOf(refreshToken)],
  );
  return row?.id;
};

/** Drops sessions that ended more than a week ago, their refresh tokens included. */
export const dropEndedSessions = async (db: Database): Promise<void> => {
  await db.query(
    'sessions_drop_ended',
    `delete from sessions where expires_at < now() - interval '7 days' or revoked_at < now() - interval '7 days'`,
    [],
  );
};

/** When a session was opened. */
export const sessionStart = async (db: Database, sessionId: string): Promise<Date | undefined> => {
  const [row] = await db.query<{ created_at: Date }>(
    'sessions_start',
    `select created_at from sessions where id = $1
     union all select token_created_at from bots where token_id = $1`,
    [sessionId],
  );
  return row?.created_at;
};
