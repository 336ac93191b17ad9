import type { QueryResultRow } from 'pg';
import type { Message } from '../../../protocol/messages.ts';
import type { Database } from '../../database/connect.ts';
import { isoTime } from '../../database/iso-time.ts';
import type { Session } from '../../feature.ts';
import { filesOfMessage } from '../files/index.ts';
import type { Transaction } from './lane-connection.ts';

/** SQL for a row of `messages` as JSON in the protocol's form; Postgres builds it faster than we could. */
export const messageJson = (m: string): string => `json_strip_nulls(json_build_object(
  'id', ${m}.id, 'conversationId', ${m}.conversation_id, 'senderId', ${m}.sender_id, 'clientId', ${m}.client_id,
  'seq', ${m}.seq, 'changedSeq', ${m}.changed_seq, 'text', ${m}.text, 'replyTo', ${m}.reply_to, 'mentions', ${m}.mentions,
  'reactions', coalesce((
    select json_agg(json_build_object('emoji', r.emoji, 'userIds', r.user_ids) order by r.first, r.emoji)
    from (
      select emoji, json_agg(user_id order by created_at, user_id) as user_ids, min(created_at) as first
      from reactions where conversation_id = ${m}.conversation_id and message_id = ${m}.id group by emoji
    ) r
  ), '[]'),
  'files', ${filesOfMessage(m)}, 'call', ${m}.call, 'createdAt', ${isoTime(`${m}.created_at`)},
  'editedAt', ${isoTime(`${m}.edited_at`)}, 'deletedAt', ${isoTime(`${m}.deleted_at`)}
))`;

/** SQL that holds when the user `$2` of the site `$3` is a member of the conversation `$1`. */
const isMember = `exists (
  select from members where conversation_id = $1 and user_id = $2 and site_id = $3 and left_seq is null
)`;

/** SQL for the seq up to which the user `$2` sees nothing of the conversation `$1`: what was said before they came, where the site hides it. */
const unseen = 'coalesce((select visible_from_seq from members where conversation_id = $1 and user_id = $2), 0)';

/** Where a page of a timeline is: exclusive bounds of `seq`; the oldest of what comes after `after`, else the newest. */
export interface PageBounds {
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly limit: number;
}

/** A page of the timeline as JSON text, `{ messages (oldest first), hasMore }`, or `undefined` for who is no member. */
export const readPage = async (
  db: Database,
  session: Session,
  conversationId: string,
  { before, after, limit }: PageBounds,
): Promise<string | undefined> => {
  // One statement and plan for each direction: a bound that is not given must not cost the index.
  const [name, text] = after === undefined ? newestFirst : oldestFirst;
  const bounds = after === undefined ? [before ?? farthest] : [after, before ?? farthest];
  const [row] = await db.query<{ page: string }>(name, text, [
    conversationId,
    session.userId,
    session.siteId,
    limit,
    ...bounds,
  ]);
  return row?.page;
};

/** Above any seq. */
const farthest = Number.MAX_SAFE_INTEGER;

/** The same for the site itself. */
export const readPageOfSite = async (
  db: Database,
  siteId: string,
  conversationId: string,
  { before, after, limit }: PageBounds,
): Promise<string | undefined> => {
  const [name, text] = after === undefined ? newestOfSite : oldestOfSite;
  const bounds = after === undefined ? [before ?? farthest] : [after, before ?? farthest];
  const [row] = await db.query<{ page: string }>(name, text, [conversationId, null, siteId, limit, ...bounds]);
  return row?.page;
};

const pageText = (bounds: string, direction: 'asc' | 'desc', mayRead = isMember): string => `
  select json_build_object(
    'messages', coalesce(json_agg(${messageJson('m')} order by m.seq) filter (where m.place <= $4), '[]'),
    'hasMore', count(*) > $4
  )::text as page
  from (
    select *, row_number() over (order by seq ${direction}) as place
    from messages where conversation_id = $1 and ${bounds} and seq > ${unseen} order by seq ${direction} limit $4::int + 1
  ) m
  having ${mayRead}`;

const newestFirst = ['messages_page_back', pageText('seq < $5', 'desc')] as const;
const oldestFirst = ['messages_page_on', pageText('seq > $5 and seq < $6', 'asc')] as const;

// The parameter that names a person elsewhere must have a type, though nobody is named.
const isOfSite = '$2::uuid is null and exists (select from conversations where id = $1 and site_id = $3)';
const newestOfSite = ['messages_site_back', pageText('seq < $5', 'desc', isOfSite)] as const;
const oldestOfSite = ['messages_site_on', pageText('seq > $5 and seq < $6', 'asc', isOfSite)] as const;

/** One message, for a member. */
export const readMessage = async (
  db: Database,
  session: Session,
  conversationId: string,
  messageId: string,
): Promise<Message | undefined> => {
  const [row] = await db.query<MessageRow>(
    'messages_one',
    `select ${messageJson('m')} as message from messages m where m.conversation_id = $1 and m.id = $4 and m.seq > ${unseen} and ${isMember}`,
    [conversationId, session.userId, session.siteId, messageId],
  );
  return row?.message;
};

interface MessageRow extends QueryResultRow {
  readonly message: Message;
}

/** A message inside the transaction that changes it. */
export const readInside = async (
  transaction: Transaction,
  conversationId: string,
  messageId: string,
): Promise<Message | undefined> => {
  const [row] = await transaction.query<MessageRow>(
    'messages_inside',
    `select ${messageJson('m')} as message from messages m where m.conversation_id = $1 and m.id = $2`,
    [conversationId, messageId],
  );
  return row?.message;
};

/** Who of these is not a member. */
export const strangers = async (
  transaction: Transaction,
  conversationId: string,
  userIds: readonly string[],
): Promise<string[]> => {
  const rows = await transaction.query<{ user_id: string }>(
    'members_strangers',
    `select asked.user_id from unnest($2::uuid[]) as asked (user_id)
     where not exists (select from members m where m.conversation_id = $1 and m.user_id = asked.user_id and m.left_seq is null)`,
    [conversationId, userIds],
  );
  return rows.map((row) => row.user_id);
};

/** Writes an edit that took `seq`. */
export const writeEdit = async (
  transaction: Transaction,
  { conversationId, messageId, seq, text, mentions }: Place & { text: string; mentions: readonly string[] },
): Promise<void> => {
  await transaction.query(
    'messages_edit',
    'update messages set text = $4, mentions = $5, changed_seq = $3, edited_at = now() where conversation_id = $1 and id = $2',
    [conversationId, messageId, seq, text, mentions],
  );
};

/** A change of a message, by the seq that it took. */
export interface Place {
  readonly conversationId: string;
  readonly messageId: string;
  readonly seq: number;
}

/** Turns a message into a tombstone. */
export const writeTombstone = async (
  transaction: Transaction,
  { conversationId, messageId, seq }: Place,
): Promise<void> => {
  await transaction.query(
    'messages_bury',
    `with gone as (delete from reactions where conversation_id = $1 and message_id = $2)
     update messages set text = '', mentions = '{}', call = null, changed_seq = $3, deleted_at = now() where conversation_id = $1 and id = $2`,
    [conversationId, messageId, seq],
  );
};

/** Puts or takes back one person's reaction. */
export const writeReaction = async (
  transaction: Transaction,
  { conversationId, messageId, seq, emoji, userId, on }: Place & { emoji: string; userId: string; on: boolean },
): Promise<void> => {
  await transaction.query(
    on ? 'reactions_put' : 'reactions_take',
    `with reaction as (${
      on
        ? 'insert into reactions (site_id, conversation_id, message_id, emoji, user_id) select site_id, $1, $2, $4, $5 from conversations where id = $1'
        : 'delete from reactions where conversation_id = $1 and message_id = $2 and emoji = $4 and user_id = $5'
    })
     update messages set changed_seq = $3 where conversation_id = $1 and id = $2`,
    [conversationId, messageId, seq, emoji, userId],
  );
};
