import { randomInt } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Queries } from '../../database/transaction.ts';
import { avatarColorOf, meColumns, searchTextOf, type MeRow } from '../users/index.ts';
import type { SolvedChallenge } from './challenge.ts';

/** Marks a challenge as used; false when it was before. Whoever presents it meanwhile waits. */
export const useChallenge = async (
  queries: Queries,
  siteId: string,
  { nonce, expiresAt }: SolvedChallenge,
): Promise<boolean> => {
  const rows = await queries.query(
    'guests_use_challenge',
    `insert into used_guest_challenges (site_id, nonce, expires_at) values ($1, $2, $3) on conflict do nothing returning nonce`,
    [siteId, nonce, expiresAt],
  );
  return rows.length > 0;
};

/** Forgets challenges that are too old to be used again. */
export const dropUsedChallenges = async (queries: Queries): Promise<void> => {
  await queries.query(
    'guests_drop_challenges',
    `delete from used_guest_challenges where expires_at < now() - interval '1 minute'`,
    [],
  );
};

/** How many guests came to a site in the last hour. */
export const countRecentGuests = async (queries: Queries, siteId: string): Promise<number> => {
  const [row] = await queries.query<{ count: number }>(
    'guests_recent',
    `select count(*)::int as count from users
     where site_id = $1 and kind = 'guest' and disabled_at is null and created_at > now() - interval '1 hour'`,
    [siteId],
  );
  return row?.count ?? 0;
};

/** Keeps a new guest. */
export const insertGuest = async (queries: Queries, siteId: string, displayName: string): Promise<MeRow> => {
  const id = uuidv7();
  const username = `guest-${chance(10)}`;
  const [row] = await queries.query<MeRow>(
    'guests_insert',
    `insert into users as u (id, site_id, kind, username, username_key, display_name, search_text, avatar_color, last_seen_at)
     values ($1, $2, 'guest', $3, $3, $4, $5, $6, now()) returning ${meColumns('u')}`,
    [id, siteId, username, displayName, searchTextOf({ username, displayName }), avatarColorOf(id)],
  );
  if (!row) throw new Error('unable to keep the guest; nothing was inserted');
  return row;
};

const chance = (length: number): string => Array.from({ length }, () => randomInt(36).toString(36)).join('');
