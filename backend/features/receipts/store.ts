import type { QueryResultRow } from 'pg';
import type { Database } from '../../database/connect.ts';

/** How far somebody says to have received and read a conversation. */
export interface Marks {
  readonly siteId: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

/** How far they have now, and which of the two is further than before. `silent`: nobody may be told; `shows`: others may know what they have read. */
export interface ReceiptRow extends QueryResultRow {
  readonly conversation_id: string;
  readonly user_id: string;
  readonly delivered: number;
  readonly read: number;
  readonly delivered_moved: boolean;
  readonly read_moved: boolean;
  readonly silent: boolean;
  readonly shows: boolean;
}

/**
 * Moves receipts forward: never back, never past the head, and what is read is delivered. Leaves out who is no member.
 * The marks must differ in conversation or user. The rows are taken in one order, so that no two processes wait for each other.
 */
export const moveReceipts = (db: Database, marks: readonly Marks[]): Promise<ReceiptRow[]> =>
  db.query<ReceiptRow>('receipts_move', moveText, [
    marks.map((mark) => mark.siteId),
    marks.map((mark) => mark.conversationId),
    marks.map((mark) => mark.userId),
    marks.map((mark) => mark.deliveredSeq),
    marks.map((mark) => mark.readSeq),
  ]);

const moveText = `
with input as (
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[])
    as i (site_id, conversation_id, user_id, delivered_seq, read_seq)
), held as (
  select m.conversation_id, m.user_id, m.delivered_seq, m.read_seq, c.blocked, u.shows_receipts,
    greatest(m.read_seq, least(i.read_seq, c.head_seq)) as read,
    greatest(m.delivered_seq, least(greatest(i.delivered_seq, i.read_seq), c.head_seq)) as delivered
  from input i
  join members m on m.conversation_id = i.conversation_id and m.user_id = i.user_id and m.site_id = i.site_id
  join conversations c on c.id = m.conversation_id
  join users u on u.id = m.user_id
  where m.left_seq is null
  order by m.conversation_id, m.user_id
  for no key update of m
), moved as (
  update members m set read_seq = h.read, delivered_seq = h.delivered
  from held h
  where m.conversation_id = h.conversation_id and m.user_id = h.user_id
    and (h.read > h.read_seq or h.delivered > h.delivered_seq)
  returning m.conversation_id, m.user_id
)
select conversation_id, user_id, delivered::float8, read::float8, delivered > delivered_seq as delivered_moved, read > read_seq as read_moved,
  blocked as silent, shows_receipts as shows
from held`;
