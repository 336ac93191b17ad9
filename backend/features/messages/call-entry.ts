import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { CallEntry } from '../../../protocol/calls.ts';
import type { Message } from '../../../protocol/messages.ts';
import type { MemberReceipt } from '../../../protocol/receipts.ts';
import type { Transaction } from './lane-connection.ts';
import { takeSeqs } from './membership.ts';
import { readInside } from './store.ts';

/**
 * Writes into the timeline how a call went, as said by who began it, whether they are still there or not. The conversation's row must be locked.
 * For those who were in the call and had read everything it is read; their receipts are returned.
 */
export const writeCallEntry = async (
  transaction: Transaction,
  { conversationId, senderId, entry, present }: NewEntry,
): Promise<{ message: Message; receipts: readonly (MemberReceipt & { readonly shows: boolean })[] }> => {
  const seq = await takeSeqs(transaction, conversationId);
  const id = uuidv7();
  const hash = createHash('sha256').update(`call ${entry.callId}`).digest();
  await transaction.query('messages_call', insertText, [
    conversationId,
    id,
    senderId,
    // Nobody can have taken this one.
    uuidv7(),
    seq,
    hash,
    JSON.stringify(entry),
  ]);
  const receipts = await transaction.query<MemberReceipt & { shows: boolean }>('messages_call_read', readText, [
    conversationId,
    present,
    seq,
  ]);
  const message = await readInside(transaction, conversationId, id);
  if (!message) throw new Error('unable to tell of a call; its entry is not there');
  return { message, receipts };
};

interface NewEntry {
  readonly conversationId: string;
  readonly senderId: string;
  readonly entry: CallEntry;
  /** Who was in the call. */
  readonly present: readonly string[];
}

const insertText = `
with moved as (
  update conversations set last_message_seq = $5, last_activity_at = greatest(last_activity_at, now()) where id = $1
)
insert into messages (site_id, conversation_id, id, sender_id, client_id, seq, changed_seq, text, draft_hash, call)
select site_id, $1, $2, $3, $4, $5, $5, '', $6, $7::jsonb from conversations where id = $1`;

// Receipts are written in this order everywhere.
const readText = `
with them as (
  select user_id from members
  where conversation_id = $1 and user_id = any ($2::uuid[]) and left_seq is null and not exists (
    select from messages m
    where m.conversation_id = $1 and m.seq > read_seq and m.seq < $3 and m.sender_id <> user_id and m.deleted_at is null
  )
  order by user_id for no key update
)
update members m set read_seq = $3, delivered_seq = $3 from them
where m.conversation_id = $1 and m.user_id = them.user_id
returning m.user_id as "userId", m.delivered_seq::float8 as "deliveredSeq", m.read_seq::float8 as "readSeq",
  (select shows_receipts from users u where u.id = m.user_id) as shows`;
