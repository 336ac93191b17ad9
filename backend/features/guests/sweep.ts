import type { Database } from '../../database/connect.ts';
import { inTransaction, type Queries } from '../../database/transaction.ts';

const atOnce = 200;

/**
 * Lets go of guests who have not been here for so many days, with what only they had: conversations that nobody else with an account that is open is
 * in. Of conversations with others their name remains, since those have them too. Looks over all sites.
 */
export const sweepGuests = async (db: Database, days: number): Promise<number> => {
  const rows = await db.query<{ id: string }>('guests_idle', idleText, [days]);
  let gone = 0;
  // One at a time: a process that is at the same guest is waited for, and then there is nothing left to do.
  for (const { id } of rows) gone += (await inTransaction(db, (transaction) => letGo(transaction, id, days))) ? 1 : 0;
  await db.query('guests_forget', forgetText, []);
  return gone;
};

const isIdle = (days: string): string => `u.kind = 'guest' and u.disabled_at is null
  and greatest(u.created_at, u.last_seen_at) < now() - ${days} * interval '1 day'
  and not exists (select from sessions s where s.user_id = u.id and s.revoked_at is null and s.last_used_at >= now() - ${days} * interval '1 day')`;

const idleText = `select u.id from users u where ${isIdle('$1::float8')} order by u.created_at limit ${atOnce}`;

const letGo = async (transaction: Queries, guestId: string, days: number): Promise<boolean> => {
  const found = await transaction.query(
    'guests_lock_idle',
    `select u.id from users u where u.id = $2 and ${isIdle('$1::float8')} for no key update`,
    [days, guestId],
  );
  if (found.length === 0) return false;
  const own = await transaction.query<{ id: string }>('guests_own', ownText, [guestId]);
  const ids = own.map(({ id }) => id);
  if (ids.length > 0) {
    for (const [name, text] of dropTexts) await transaction.query(name, text, [ids]);
  }
  await transaction.query('guests_end', endText, [guestId]);
  return true;
};

// Where a call is on, somebody is there.
const ownText = `
select c.id from conversations c join members me on me.conversation_id = c.id and me.user_id = $1 and me.left_seq is null
where not exists (
  select from members m join users u on u.id = m.user_id
  where m.conversation_id = c.id and m.user_id <> $1 and m.left_seq is null and u.disabled_at is null
) and not exists (select from calls where calls.conversation_id = c.id and calls.state <> 'ended')
order by c.id for no key update of c`;

const dropTexts = [
  [
    'guests_drop_files',
    `update files set state = 'removed', conversation_id = null, message_id = null, seq = null, position = null
     where conversation_id = any ($1::uuid[])`,
  ],
  ['guests_drop_messages', 'delete from messages where conversation_id = any ($1::uuid[])'],
  ['guests_drop_conversations', 'delete from conversations where id = any ($1::uuid[])'],
] as const;

const endText = `
with ended as (delete from sessions where user_id = $1), unsent as (
  update files set state = 'removed' where owner_id = $1 and used_at is null and state <> 'removed'
)
update users set disabled_at = now() where id = $1`;

// Whoever is named nowhere any more is forgotten; of others the row stays, as of everybody whose account is closed.
const forgetText = `
delete from users u where u.kind = 'guest' and u.disabled_at > now() - interval '2 days'
  and not exists (select from members where user_id = u.id) and not exists (select from files where owner_id = u.id)
  and not exists (select from calls where started_by = u.id) and not exists (select from call_participants where user_id = u.id)
  and not exists (select from reactions where user_id = u.id) and not exists (select from conversations where created_by = u.id)`;
