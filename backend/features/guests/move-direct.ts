import { uuidv7 } from 'uuidv7';
import type { Queries } from '../../database/transaction.ts';
import type { Deps } from '../../feature.ts';
import { directKey, findDirect, insertConversation, readViews, writeMembers } from '../conversations/index.ts';
import { readInside } from '../messages/index.ts';
import type { Told } from './claim.ts';
import type { Hands } from './hand-over.ts';

/** A direct message of the guest with somebody, and that of the person with them. */
export interface Move {
  readonly from: string;
  readonly into: string;
  readonly peerId: string;
  /** There was none before. */
  readonly created: boolean;
}

/** The direct message of the person with somebody, made if need be. The pair must be locked. */
export const directOf = async (
  transaction: Queries,
  { siteId, personId }: Hands,
  peerId: string,
): Promise<Pick<Move, 'into' | 'created'>> => {
  const dmKey = directKey(personId, peerId);
  const existing = await findDirect(transaction, siteId, dmKey);
  if (existing !== undefined) return { into: existing, created: false };
  const into = uuidv7();
  await insertConversation(transaction, { id: into, siteId, createdBy: personId, kind: 'dm', dmKey });
  const members = [personId, peerId].map((userId) => ({ userId, role: 'member' as const }));
  await writeMembers(transaction, { siteId, conversationId: into }, members);
  return { into, created: true };
};

/**
 * Moves what was said in a guest's direct message to the end of the person's with the same other; both rows must be locked. Each message takes a seq there and keeps
 * its time, its reactions and its files; who had read all of both has still read it. The guest's conversation is gone.
 */
export const moveDirect = async (
  { config, db, hub }: Pick<Deps, 'config' | 'db' | 'hub'>,
  transaction: Queries,
  { siteId, guestId, personId }: Hands,
  { from, into, peerId, created }: Move,
): Promise<Told> => {
  const values = [from, into, guestId, personId];
  await transaction.query('guests_move_messages', messagesText, values);
  await transaction.query('guests_move_reactions', reactionsText, values);
  for (const [name, text] of followTexts) await transaction.query(name, text, [from, into]);
  await transaction.query('guests_move_receipts', receiptsText, values);
  const [moved] = await transaction.query<{ seq: number; last: string | null }>('guests_move_head', headText, [
    from,
    into,
  ]);
  await transaction.query('guests_empty', 'delete from messages where conversation_id = $1', [from]);
  await transaction.query('guests_drop', 'delete from conversations where id = $1', [from]);
  return async () => {
    for (const userId of [guestId, peerId]) hub.unfollow(userId, from);
    hub.publish(`user:${peerId}`, { type: 'conversation.removed', data: { conversationId: from } });
    if (created) {
      hub.follow(personId, into, peerId);
      hub.follow(peerId, into, personId);
      for (const [userId, conversation] of await readViews(config, db, siteId, into, [personId, peerId]))
        hub.publish(`user:${userId}`, { type: 'conversation.created', data: { conversation } });
      return;
    }
    // The last one is told of: whoever hears it sees the gap, and fetches the rest.
    const message = moved?.last ? await readInside(db, into, moved.last) : undefined;
    if (!message || !moved) return;
    const event = { type: 'message.changed', conversationId: into, seq: moved.seq, data: { message } } as const;
    hub.publish(`conversation:${into}`, event);
  };
};

const typed = (text: string): string => text.replace(/\$([1234])/g, '$$$1::uuid');

// Copies, whatever else the rows hold: others point to messages, which cannot change their place.
const messagesText = typed(`
insert into messages
select (jsonb_populate_record(m, jsonb_build_object(
  'conversation_id', $2, 'seq', c.head_seq + m.place, 'changed_seq', c.head_seq + m.place,
  'sender_id', case when m.sender_id = $3 then $4 else m.sender_id end,
  'mentions', to_jsonb(array_replace(m.mentions, $3, $4)),
  'client_id', case when exists (
    select from messages o where o.conversation_id = $2 and o.client_id = m.client_id
  ) then gen_random_uuid() else m.client_id end
))).*
from (select m, row_number() over (order by seq) as place from messages m where conversation_id = $1) numbered
cross join lateral (select (numbered.m).*, numbered.place) m
join conversations c on c.id = $2`);

const reactionsText = typed(`
insert into reactions
select (jsonb_populate_record(r, jsonb_build_object(
  'conversation_id', $2, 'user_id', case when r.user_id = $3 then $4 else r.user_id end
))).*
from reactions r where r.conversation_id = $1
on conflict do nothing`);

const followTexts = [
  [
    'guests_move_files',
    `update files f set conversation_id = $2, seq = m.seq from messages m
     where f.conversation_id = $1 and m.conversation_id = $2 and m.id = f.message_id`,
  ],
  ['guests_move_reports', 'update reports set conversation_id = $2 where conversation_id = $1'],
  ['guests_move_calls', 'update calls set conversation_id = $2 where conversation_id = $1'],
] as const;

const nowRead = (
  column: string,
): string => `case when m.${column} < coalesce(c.last_message_seq, 0) then m.${column} else greatest(m.${column}, (
  select c.head_seq + count(*) from messages s where s.conversation_id = $1 and s.seq <= old.${column}
)) end`;

// Before the head moves: what was read there is up to it.
const receiptsText = typed(`
update members m set delivered_seq = ${nowRead('delivered_seq')}, read_seq = ${nowRead('read_seq')}
from members old, conversations c
where m.conversation_id = $2 and c.id = $2 and old.conversation_id = $1
  and m.user_id = case when old.user_id = $3 then $4 else old.user_id end`);

const headText = typed(`
with moved as (
  select max(m.seq) as last from messages m join conversations c on c.id = $2
  where m.conversation_id = $2 and m.seq > c.head_seq
)
update conversations c set head_seq = coalesce(moved.last, c.head_seq), last_message_seq = coalesce(moved.last, c.last_message_seq),
  last_activity_at = greatest(c.last_activity_at, old.last_activity_at)
from moved, conversations old
where c.id = $2 and old.id = $1
returning c.head_seq::float8 as seq, (select m.id from messages m where m.conversation_id = $2 and m.seq = moved.last) as last`);
