import { isoTime } from '../../database/iso-time.ts';
import type { Prepared, Statement } from '../../database/prepared-query.ts';
import { byteaArray, textArray, uuidArray } from './binary-arrays.ts';
import type { LaneConnection, Transaction } from './lane-connection.ts';

/** A message on its way into the database. */
export interface Send {
  readonly conversationId: string;
  readonly senderId: string;
  /** Of the message, if it becomes one. */
  readonly id: string;
  readonly clientId: string;
  readonly text: string;
  readonly replyTo: string | undefined;
  readonly mentions: readonly string[];
  /** SHA-256 of the draft: tells a replay from another message under the same client id. */
  readonly hash: Buffer;
}

/** What became of a send. `refused` is for those who may not write there, `blocked` for direct messages with a block, `closed` where nobody can write any more. */
export type SendOutcome =
  | { readonly outcome: 'sent'; readonly seq: number; readonly createdAt: string }
  /** It was sent before: `id` names the message of that time. */
  | { readonly outcome: 'replayed'; readonly id: string }
  | { readonly outcome: 'reused' | 'refused' | 'blocked' | 'closed' | 'unknown_reply' | 'unknown_mention' };

/**
 * Commits a batch of sends of these sites, each with the next `seq` of its conversation in the order of the batch, and tells what became of each.
 * No two may have the same client id. One round trip, one commit.
 */
export const commitBatch = async (
  connection: LaneConnection,
  siteIds: readonly string[],
  sends: readonly Send[],
): Promise<SendOutcome[]> => {
  const rows = await connection.lockAndRun<OutcomeRow>(siteIds, lockOf(sends), sendStatement(sends));
  return rows.map(toOutcome);
};

/** Sends one message inside a transaction that does more than that. */
export const sendInside = async (transaction: Transaction, send: Send): Promise<SendOutcome> => {
  const locked = transaction.query('messages_lock_one', 'select from conversations where id = $1 for no key update', [
    send.conversationId,
  ]);
  const { name, text, values } = sendStatement([send]);
  const [, [row]] = await Promise.all([
    locked,
    transaction.query<OutcomeRow & Record<string, unknown>>(name, text, values),
  ]);
  if (!row) throw new Error('unable to tell what became of a message; the database has no answer for it');
  return toOutcome(row);
};

interface OutcomeRow {
  readonly outcome: SendOutcome['outcome'];
  readonly original_id: string | null;
  readonly seq: number | null;
  readonly created_at: string;
}

const toOutcome = ({ outcome, original_id, seq, created_at }: OutcomeRow): SendOutcome => {
  if (outcome === 'sent') return { outcome, seq: Number(seq), createdAt: created_at };
  if (outcome === 'replayed') return { outcome, id: String(original_id) };
  return { outcome };
};

/**
 * What a lane's connection begins with: the statement that takes the conversations' rows, in the order of their ids so that no two processes wait for
 * each other. It must be a statement of its own: at READ COMMITTED the next one then sees everything that was committed while this one
 * waited, whichever process did it.
 */
export const batchSetup = `prepare messages_lock (uuid[]) as
select from conversations where id = any ($1) order by id for no key update`;

const lockOf = (sends: readonly Send[]): Prepared => ({
  name: 'messages_lock',
  values: [uuidArray([...new Set(sends.map((send) => send.conversationId))])],
});

const sendStatement = (sends: readonly Send[]): Statement => ({
  name: 'messages_send',
  text: sendText,
  values: [
    uuidArray(sends.map((send) => send.conversationId)),
    uuidArray(sends.map((send) => send.senderId)),
    uuidArray(sends.map((send) => send.id)),
    uuidArray(sends.map((send) => send.clientId)),
    textArray(sends.map((send) => send.text)),
    byteaArray(sends.map((send) => send.hash)),
    // Most batches have neither, and unnest fills up what is short.
    sends.some((send) => send.replyTo !== undefined)
      ? textArray(sends.map((send) => send.replyTo ?? ''))
      : textArray([]),
    sends.some((send) => send.mentions.length > 0)
      ? textArray(sends.map((send) => (send.mentions.length > 0 ? `{${send.mentions.join()}}` : '')))
      : textArray([]),
  ],
});

// Only what is sent takes a seq: replays and refusals are told apart before any is given out. Members are of the conversation's site
// (their foreign keys say so), so that membership also keeps sites apart. The joins name only columns of the input, and none has a
// condition that a partial index could serve: then, however small the tables were when it was planned, each goes by its whole key.
// The input is made first, because behind a policy Postgres looks nothing up by what a cast has made, which might tell of rows by failing.
const sendText = `
with input as materialized (
  select conversation_id, sender_id, id, client_id, text, hash, place,
    nullif(reply_to, '')::uuid as reply_to, coalesce(nullif(mentions, ''), '{}')::uuid[] as mentions
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bytea[], $7::text[], $8::text[])
    with ordinality as i (conversation_id, sender_id, id, client_id, text, hash, reply_to, mentions, place)
), judged as materialized (
  select i.*, c.site_id, c.head_seq, original.id as original_id,
    case
      when me.user_id is null or me.left_seq is not null then 'refused'
      when original.draft_hash = i.hash then 'replayed'
      when original.id is not null then 'reused'
      when c.blocked then 'blocked'
      when c.closed_at is not null then 'closed'
      when i.reply_to is not null and (quoted.id is null or quoted.seq <= me.visible_from_seq) then 'unknown_reply'
      when i.mentions <> '{}' and exists (
        select from unnest(i.mentions) as mentioned (user_id) where not exists (
          select from members them
          where them.conversation_id = i.conversation_id and them.user_id = mentioned.user_id and them.left_seq is null
        )
      ) then 'unknown_mention'
      else 'sent'
    end as outcome
  from input i
  left join conversations c on c.id = i.conversation_id
  left join members me on me.conversation_id = i.conversation_id and me.user_id = i.sender_id
  left join messages original
    on original.conversation_id = i.conversation_id and original.sender_id = i.sender_id and original.client_id = i.client_id
  left join messages quoted on quoted.conversation_id = i.conversation_id and quoted.id = i.reply_to
), numbered as (
  select *, head_seq + count(*) filter (where outcome = 'sent') over (partition by conversation_id order by place) as seq
  from judged
), inserted as (
  insert into messages (site_id, conversation_id, id, sender_id, client_id, seq, changed_seq, text, reply_to, mentions, draft_hash)
  select site_id, conversation_id, id, sender_id, client_id, seq, seq, text, reply_to, mentions, hash
  from numbered where outcome = 'sent'
), moved as (
  update conversations c
  set head_seq = last.seq, last_message_seq = last.seq, last_activity_at = greatest(c.last_activity_at, now())
  from (select conversation_id, max(seq) as seq from numbered where outcome = 'sent' group by conversation_id) last
  where c.id = last.conversation_id
)
select outcome, original_id, seq::float8 as seq, (select ${isoTime('now()')}) as created_at
from numbered order by place`;
