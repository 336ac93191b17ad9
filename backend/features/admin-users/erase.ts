import { randomBytes } from 'node:crypto';
import type { Database } from '../../database/connect.ts';
import { inTransaction, type Queries } from '../../database/transaction.ts';
import { findAdminUser, revokeSessions } from './store.ts';

/** What becomes of what somebody said who is erased: it stays, under no name, or all of it becomes tombstones. */
export type FateOfMessages = 'keep' | 'delete';

/** The name of everybody who was erased. */
export const erasedName = 'Deleted person';

/**
 * Takes away all that is kept of somebody but what they said. From the commit on nobody finds them, and whoever comes with their external id is somebody
 * else. What concerns conversations is written down as `users.erasing`, for a server to do: see `createFarewell`.
 */
export const eraseUser = (
  db: Database,
  siteId: string,
  ref: string,
  messages: FateOfMessages,
): Promise<{ readonly userId: string; readonly sessionIds: readonly string[] }> =>
  inTransaction(db, async (transaction) => {
    const { id: userId } = await findAdminUser(transaction, siteId, ref);
    await transaction.query('erase_profile', profileText, [
      userId,
      `deleted-${randomBytes(8).toString('hex')}`,
      erasedName,
      messages,
    ]);
    const sessionIds = await revokeSessions(transaction, userId, { reason: 'the account is erased' });
    await forgetSessions(transaction, userId);
    await transaction.query('erase_blocks', 'delete from blocks where blocker_id = $1 or blocked_id = $1', [userId]);
    await transaction.query('erase_files', filesText, [userId]);
    await transaction.query('erase_links', 'delete from account_links where user_id = $1', [userId]);
    await transaction.query('erase_mails', 'delete from mails where user_id = $1', [userId]);
    await transaction.query('erase_reports', 'update reports set comment = null where reporter_id = $1', [userId]);
    if (messages === 'delete') await transaction.query('erase_reported', reportedText, [userId]);
    return { userId, sessionIds };
  });

// Who and where of sessions goes; the rows stay for a week, so that every process hears that they have ended.
const forgetSessions = async (transaction: Queries, userId: string): Promise<void> => {
  await transaction.query('erase_sessions', 'update sessions set user_agent = null where user_id = $1', [userId]);
  await transaction.query(
    'erase_refresh_tokens',
    'delete from refresh_tokens where session_id in (select id from sessions where user_id = $1)',
    [userId],
  );
};

const profileText = `
update users set username = $2, username_key = $2, display_name = $3, search_text = '', email = null, phone = null, avatar_color = 'stone',
  password_hash = null, last_seen_at = null, avatar_key = null, picture_url = null, external_id = null, custom = '{}', who_may_call = null,
  shows_receipts = false, shows_presence = false, shows_typing = false,
  disabled_at = coalesce(disabled_at, now()), erased_at = now(), erasing = $4
where id = $1`;

// Files of messages go with those. A picture of a group is the group's.
const filesText = `
update files f set state = 'removed'
where f.owner_id = $1 and f.message_id is null and f.state <> 'removed'
  and not exists (select from conversations c where c.avatar_key = f.avatar_key)`;

// That something was reported stays, and what came of it; what they said does not.
const reportedText = `
update reports set message = jsonb_set(message, '{text}', '""') where message ->> 'senderId' = $1::text`;
