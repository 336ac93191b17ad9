import type { Database } from '../../database/connect.ts';
import type { Queries } from '../../database/transaction.ts';
import type { Session } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import { meColumns, searchTextOf, searchWords, userColumns, type MeRow, type UserRow } from './user.ts';

/** Somebody whom another person looks at. `hidden`: where they are is not to be known, for a block between the two or because one of them does not show it. */
export interface SeenUserRow extends UserRow {
  readonly hidden: boolean;
}

const hiddenFrom = (
  viewer: string,
): string => `not u.shows_presence or not (select shows_presence from users where id = ${viewer}) or exists (
  select from blocks b
  where (b.blocker_id = ${viewer} and b.blocked_id = u.id) or (b.blocker_id = u.id and b.blocked_id = ${viewer})
) as hidden`;

/** People of the site whom a search finds, at most 20, the closest names first. */
export const searchUsers = (db: Database, siteId: string, viewerId: string, search: string): Promise<SeenUserRow[]> => {
  // Every word must begin some word of the name; `\`, `%` and `_` mean themselves.
  const patterns = searchWords(search).map((word) => `% ${word.replace(/[\\%_]/g, '\\$&')}%`);
  return db.query<SeenUserRow>(
    'users_search',
    `select ${userColumns('u')}, ${hiddenFrom('$2')}
     from users u
     where u.site_id = $1 and u.id <> $2 and u.disabled_at is null and u.kind not in ('guest', 'system')
       and ((cardinality($3::text[]) > 0 and u.search_text like all ($3::text[])) or u.email = $4 or u.phone = $5)
       and not exists (select from blocks b where b.blocker_id = u.id and b.blocked_id = $2)
     order by (u.username_key = $4 or u.email = $4 or u.phone = $5) is not true, lower(u.display_name), u.id
     limit 20`,
    [siteId, viewerId, patterns, search.toLowerCase(), search.replace(/[\s().-]/g, '')],
  );
};

/** One person of the site, if there is such a one. */
export const findUser = async (
  db: Database,
  siteId: string,
  viewerId: string,
  userId: string,
): Promise<SeenUserRow | undefined> => {
  const [row] = await db.query<SeenUserRow>(
    'users_find',
    `select ${userColumns('u')}, ${hiddenFrom('$2')}
     from users u where u.site_id = $1 and u.id = $3 and u.disabled_at is null`,
    [siteId, viewerId, userId],
  );
  return row;
};

/** Oneself. */
export const findMe = async (db: Database, siteId: string, userId: string): Promise<MeRow | undefined> => {
  const [row] = await db.query<MeRow>(
    'users_me',
    `select ${meColumns('u')} from users u where u.site_id = $1 and u.id = $2 and u.disabled_at is null`,
    [siteId, userId],
  );
  return row;
};

/** Changes one's profile; what is left out stays as it is. */
export const updateMe = async (
  db: Database,
  siteId: string,
  userId: string,
  changes: { displayName?: string | undefined; avatarColor?: string | undefined },
): Promise<MeRow | undefined> => {
  const current = await findMe(db, siteId, userId);
  if (!current) return undefined;
  const displayName = changes.displayName ?? current.display_name;
  const [row] = await db.query<MeRow>(
    'users_update_me',
    `update users u set display_name = $3, search_text = $4, avatar_color = coalesce($5, u.avatar_color)
     where u.site_id = $1 and u.id = $2 returning ${meColumns('u')}`,
    [
      siteId,
      userId,
      displayName,
      searchTextOf({ username: current.username, displayName }),
      changes.avatarColor ?? null,
    ],
  );
  return row;
};

/** The key of one's picture, which stays as it is until the transaction ends. */
export const lockAvatar = async (transaction: Queries, { siteId, userId }: Session): Promise<string | null> => {
  const [row] = await transaction.query<{ avatar_key: string | null }>(
    'users_lock_avatar',
    'select avatar_key from users where site_id = $1 and id = $2 and disabled_at is null for no key update',
    [siteId, userId],
  );
  if (!row) throw notFound('person');
  return row.avatar_key;
};

/** Gives oneself a picture, or none. */
export const writeAvatar = async (
  transaction: Queries,
  { siteId, userId }: Session,
  avatarKey: string | null,
): Promise<void> => {
  await transaction.query('users_write_avatar', 'update users set avatar_key = $3 where site_id = $1 and id = $2', [
    siteId,
    userId,
    avatarKey,
  ]);
};
