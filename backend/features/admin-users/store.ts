import { externalPrefix, type AdminSession, type AdminUser } from '../../../protocol/admin-users.ts';
import type { Queries } from '../../database/transaction.ts';
import { notFound } from '../../problem.ts';
import { meColumns, searchWords, toMe, type MeRow, type PublicUrl } from '../users/index.ts';

/** Somebody as the site sees them. */
export interface AdminUserRow extends MeRow {
  readonly external_id: string | null;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

const columns = `${meColumns('u')}, u.external_id, u.created_at, u.disabled_at`;
// Those who were erased are gone, what the site says by itself is no person, and bots are looked after elsewhere.
const present = `u.site_id = $1 and u.erased_at is null and u.kind in ('person', 'guest')`;

/** Somebody of the site, by our id or by `external:` and the site's. Throws `not_found`. */
export const findAdminUser = async (queries: Queries, siteId: string, ref: string): Promise<AdminUserRow> => {
  const [row] = ref.startsWith(externalPrefix)
    ? await queries.query<AdminUserRow & Record<string, unknown>>(
        'admin_users_by_external_id',
        `select ${columns} from users u where ${present} and u.external_id = $2`,
        [siteId, ref.slice(externalPrefix.length)],
      )
    : await queries.query<AdminUserRow & Record<string, unknown>>(
        'admin_users_by_id',
        `select ${columns} from users u where ${present} and u.id = $2`,
        [siteId, ref],
      );
  if (!row) throw notFound('person');
  return row;
};

/** People of the site, newest first, from before one of them on. */
export const listAdminUsers = (
  queries: Queries,
  siteId: string,
  {
    before,
    limit,
    search = '',
    state,
  }: { before?: string | undefined; limit: number; search?: string | undefined; state?: string | undefined },
): Promise<AdminUserRow[]> => {
  const patterns = searchWords(search).map((word) => `% ${word.replace(/[\\%_]/g, '\\$&')}%`);
  return queries.query<AdminUserRow & Record<string, unknown>>(
    'admin_users_list',
    `select ${columns} from users u
     where ${present} and ($2::uuid is null or u.id < $2)
       and ($4::text = '' or (cardinality($5::text[]) > 0 and u.search_text like all ($5::text[]))
         or u.username_key = lower($4) or u.email = lower($4) or u.phone = $4 or u.external_id = $4)
       and ($6::text is null or (u.disabled_at is not null) = ($6 = 'disabled'))
     order by u.id desc limit $3`,
    [siteId, before ?? null, limit, search, patterns, state ?? null],
  );
};

/** A row as the protocol writes it. */
export const toAdminUser = (at: PublicUrl, row: AdminUserRow): AdminUser => ({
  ...toMe(at, row),
  ...(row.last_seen_at && { lastSeenAt: row.last_seen_at.toISOString() }),
  ...(row.external_id !== null && { externalId: row.external_id }),
  createdAt: row.created_at.toISOString(),
  ...(row.disabled_at && { disabledAt: row.disabled_at.toISOString() }),
});

interface SessionRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly user_agent: string | null;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
}

/** Where somebody is signed in; with `ended`, also where they were. */
export const listSessions = async (
  queries: Queries,
  userId: string,
  { ended }: { ended: boolean },
): Promise<AdminSession[]> => {
  const rows = await queries.query<SessionRow>(
    'admin_sessions_list',
    `select id, user_agent, created_at, last_used_at, expires_at, revoked_at from sessions
     where user_id = $1 and ($2 or (revoked_at is null and expires_at > now())) order by id desc limit 1000`,
    [userId, ended],
  );
  return rows.map((row) => ({
    id: row.id,
    ...(row.user_agent !== null && { userAgent: row.user_agent }),
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.revoked_at && { revokedAt: row.revoked_at.toISOString() }),
  }));
};

/** Ends sessions of somebody, all or one, and returns which were going on until now. */
export const revokeSessions = async (
  queries: Queries,
  userId: string,
  { reason, sessionId }: { reason: string; sessionId?: string },
): Promise<string[]> => {
  const rows = await queries.query<{ id: string }>(
    'admin_sessions_revoke',
    `update sessions set revoked_at = now(), revoked_reason = $2
     where user_id = $1 and ($3::uuid is null or id = $3) and revoked_at is null and expires_at > now() returning id`,
    [userId, reason, sessionId ?? null],
  );
  return rows.map(({ id }) => id);
};

/** Keeps somebody out, or lets them in again. */
export const writeDisabled = async (queries: Queries, userId: string, disabled: boolean): Promise<void> => {
  await queries.query(
    'admin_users_disable',
    'update users set disabled_at = case when $2 then coalesce(disabled_at, now()) end where id = $1 and erased_at is null',
    [userId, disabled],
  );
};
