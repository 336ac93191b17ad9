import type { Queries } from '../../database/transaction.ts';
import type { Deps } from '../../feature.ts';
import { readMembers, readViews } from '../conversations/index.ts';
import type { Told } from './claim.ts';
import type { Hands } from './hand-over.ts';

/**
 * Puts the person in the guest's place in a group, whose row must be locked: first the guest's leaving takes a seq, then each message that was theirs or
 * names them, last the person's coming. Of these only the last is told of: whoever hears it sees the gap, and fetches the rest.
 */
export const changeHands = async (
  { config, db, hub }: Pick<Deps, 'config' | 'db' | 'hub'>,
  transaction: Queries,
  { siteId, guestId, personId }: Hands,
  conversationId: string,
): Promise<Told> => {
  const values = [conversationId, guestId, personId];
  const [before] = await transaction.query<{ there: boolean }>(
    'guests_person_there',
    'select exists (select from members where conversation_id = $1 and user_id = $2 and left_seq is null) as there',
    [conversationId, personId],
  );
  const [touched] = await transaction.query<{ changed: number }>('guests_change_messages', messagesText, values);
  for (const [name, text, count] of reactionTexts) await transaction.query(name, text, values.slice(0, count));
  const [row] = await transaction.query<{ seq: number }>('guests_change_members', membersText, [
    ...values,
    (touched?.changed ?? 0) + 2,
  ]);
  return async () => {
    hub.unfollow(guestId, conversationId);
    const joining = before?.there === true ? [] : [personId];
    for (const userId of joining) hub.follow(userId, conversationId);
    for (const [userId, conversation] of await readViews(config, db, siteId, conversationId, joining))
      hub.publish(`user:${userId}`, { type: 'conversation.created', data: { conversation } });
    const member = (await readMembers(config, db, conversationId, [personId])).get(personId);
    if (member && row) {
      const event = { type: 'member.changed', conversationId, seq: row.seq, data: { member } } as const;
      hub.publish(`conversation:${conversationId}`, event);
    }
  };
};

// A client id that the person has used here as well gives way: replays of both are over.
const messagesText = `
with touched as (
  select m.id, row_number() over (order by m.seq) as place from messages m
  where m.conversation_id = $1 and (
    m.sender_id = $2 or $2 = any (m.mentions)
    or exists (select from reactions r where r.conversation_id = $1 and r.message_id = m.id and r.user_id = $2)
  )
), changed as (
  update messages m set
    sender_id = case when m.sender_id = $2 then $3 else m.sender_id end,
    mentions = array_replace(m.mentions, $2, $3),
    client_id = case when m.sender_id = $2 and exists (
      select from messages o where o.conversation_id = $1 and o.sender_id = $3 and o.client_id = m.client_id
    ) then gen_random_uuid() else m.client_id end,
    changed_seq = c.head_seq + 1 + touched.place
  from touched, conversations c where c.id = $1 and m.conversation_id = $1 and m.id = touched.id
  returning m.id
)
select count(*)::int as changed from changed`.replace(/\$([123])/g, '$$$1::uuid');

const reactionTexts = [
  [
    'guests_give_reactions',
    `insert into reactions select (jsonb_populate_record(r, jsonb_build_object('user_id', $3::uuid))).*
     from reactions r where r.conversation_id = $1 and r.user_id = $2
     on conflict do nothing`,
    3,
  ],
  ['guests_drop_reactions', 'delete from reactions where conversation_id = $1 and user_id = $2', 2],
] as const;

const rank = (role: string): string => `array_position(array['member', 'admin', 'owner'], ${role})`;

// A copy of the guest's row, whatever else it holds, unless the person has one.
const membersText = `
with c as (
  update conversations set head_seq = head_seq + $4::int where id = $1 returning head_seq
), left_now as (
  update members m set left_seq = c.head_seq - $4::int + 1, changed_seq = c.head_seq - $4::int + 1
  from c where m.conversation_id = $1 and m.user_id = $2
), joined as (
  insert into members as m
  select (jsonb_populate_record(guest, jsonb_build_object('user_id', $3::uuid, 'left_seq', null, 'changed_seq', c.head_seq))).*
  from members guest, c where guest.conversation_id = $1 and guest.user_id = $2
  on conflict (conversation_id, user_id) do update set
    role = case when ${rank('excluded.role')} > ${rank('m.role')} or m.left_seq is not null then excluded.role else m.role end,
    joined_seq = case when m.left_seq is null then least(m.joined_seq, excluded.joined_seq) else excluded.joined_seq end,
    visible_from_seq = case when m.left_seq is null then least(m.visible_from_seq, excluded.visible_from_seq) else excluded.visible_from_seq end,
    left_seq = null, changed_seq = excluded.changed_seq,
    delivered_seq = greatest(m.delivered_seq, excluded.delivered_seq), read_seq = greatest(m.read_seq, excluded.read_seq)
)
select head_seq::float8 as seq from c`;
