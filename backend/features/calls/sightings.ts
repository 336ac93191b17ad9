import type { Database } from '../../database/connect.ts';
import type { Queries } from '../../database/transaction.ts';

/** How long somebody may be gone from both their sockets, in milliseconds. */
export const goneMs = 60_000;

/** How long somebody whose media is said to have stopped may be silent on the signalling socket, in milliseconds. */
export const silentMs = 8000;

/** Keeps that something came from the signalling sockets of these addresses. */
export const markSignalled = async (db: Database, peerIds: readonly string[]): Promise<void> => {
  await db.query(
    'sightings_signalled',
    `with them as (
       select call_id, user_id from call_participants where peer_id = any ($1::uuid[]) order by call_id, user_id for update
     )
     update call_participants p set signalled_at = now(), seen_at = now(), lost_at = null
     from them where p.call_id = them.call_id and p.user_id = them.user_id`,
    [peerIds],
  );
};

/** The connections of all who have not been heard of for a few seconds. */
export const quietConnections = async (db: Database): Promise<string[]> => {
  const rows = await db.query<{ id: string }>(
    'sightings_quiet',
    `select connection_id as id from call_participants
     where state = 'joined' and connection_id is not null and seen_at < now() - interval '6 s'`,
    [],
  );
  return rows.map(({ id }) => id);
};

/** Keeps that these connections are open. */
export const markConnected = async (db: Database, connectionIds: readonly string[]): Promise<void> => {
  await db.query(
    'sightings_connected',
    `with them as (
       select call_id, user_id from call_participants
       where state = 'joined' and connection_id = any ($1::uuid[]) order by call_id, user_id for update
     )
     update call_participants p set seen_at = now() from them where p.call_id = them.call_id and p.user_id = them.user_id`,
    [connectionIds],
  );
};

/** Keeps by which connection somebody is in a call now. */
export const markPlace = async (
  transaction: Queries,
  callId: string,
  userId: string,
  connectionId: string | undefined,
): Promise<void> => {
  await transaction.query(
    'sightings_place',
    `update call_participants set connection_id = coalesce($3, connection_id), seen_at = now()
     where call_id = $1 and user_id = $2 and state = 'joined'`,
    [callId, userId, connectionId ?? null],
  );
};

/** Keeps that somebody's media has stopped arriving at somebody else. */
export const markLost = async (transaction: Queries, callId: string, userId: string): Promise<void> => {
  await transaction.query(
    'sightings_lost',
    `update call_participants set lost_at = now() where call_id = $1 and user_id = $2 and state = 'joined' and lost_at is null`,
    [callId, userId],
  );
};

// Of a call `c` in a conversation `k`: who is gone, or may not be in it any more.
const isGone = `(
  p.state = 'joined' and (
    p.seen_at < now() - interval '${goneMs} ms' or (p.lost_at is not null and p.signalled_at < now() - interval '${silentMs} ms')
  )
  or p.state in ('joined', 'ringing') and (
    k.kind = 'dm' and k.blocked
    or not exists (
      select from members m where m.conversation_id = c.conversation_id and m.user_id = p.user_id and m.left_seq is null
    )
    or exists (select from users u where u.id = p.user_id and u.disabled_at is not null)
  )
)`;

/** Who is to be taken out of a call, which must be locked. */
export const readGone = async (transaction: Queries, callId: string): Promise<string[]> => {
  const rows = await transaction.query<{ id: string }>(
    'sightings_gone',
    `select p.user_id as id
     from call_participants p join calls c on c.id = p.call_id join conversations k on k.id = c.conversation_id
     where p.call_id = $1 and ${isGone}`,
    [callId],
  );
  return rows.map(({ id }) => id);
};

/** The calls that somebody is to be taken out of, or that have rung for longer than `ringMs`. */
export const findOverdue = (
  db: Database,
  ringMs: number,
): Promise<{ id: string; siteId: string; conversationId: string }[]> =>
  db.query(
    'sightings_overdue',
    `select c.id, c.site_id as "siteId", c.conversation_id as "conversationId" from calls c join conversations k on k.id = c.conversation_id
     where c.state <> 'ended' and exists (
       select from call_participants p
       where p.call_id = c.id and (p.state = 'ringing' and c.created_at <= now() - $1 * interval '1 ms' or ${isGone})
     )
     order by c.id limit 200`,
    [ringMs],
  );

/** Whether any call is on. */
export const anyOn = async (db: Database): Promise<boolean> => {
  const [row] = await db.query<{ on: boolean }>(
    'sightings_any',
    `select exists (select from calls where state <> 'ended') as on`,
    [],
  );
  return row?.on === true;
};

/** Takes the turn to look for who is gone: true for one process a second. While none did, nobody counts as gone. */
export const takeTurn = async (db: Database): Promise<boolean> => {
  const [row] = await db.query<{ gap: number }>(
    'sightings_turn',
    `update call_watch w set at = now()
     from (select at from call_watch where at < now() - interval '900 ms' for update skip locked) old
     returning (extract(epoch from now() - old.at) * 1000)::float8 as gap`,
    [],
  );
  if (!row) return false;
  if (row.gap > missedMs) await db.query('sightings_forgive', forgiveText, [row.gap]);
  return true;
};

/** Nobody has looked for so long: no process ran, or the database was away. */
const missedMs = 5000;

const forgiveText = `
with them as (
  select call_id, user_id from call_participants where state = 'joined' order by call_id, user_id for update
)
update call_participants p
set seen_at = least(now(), seen_at + $1 * interval '1 ms'), signalled_at = least(now(), signalled_at + $1 * interval '1 ms')
from them where p.call_id = them.call_id and p.user_id = them.user_id`;
