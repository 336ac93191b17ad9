import type { Queries } from '../../database/transaction.ts';
import type { Deps } from '../../feature.ts';
import { readMembers } from '../conversations/index.ts';
import type { Told } from './claim.ts';

/** Makes a person of a guest: all that they have stays where it is, under the same id. In each conversation their change takes a seq. */
export const adopt = async (
  { config, db, hub }: Pick<Deps, 'config' | 'db' | 'hub'>,
  transaction: Queries,
  { siteId, guestId, externalId }: { readonly siteId: string; readonly guestId: string; readonly externalId: string },
): Promise<Told> => {
  await transaction.query(
    'guests_adopt',
    `update users set kind = 'person', external_id = $3, username = 'user-' || substr(username, 7),
       username_key = 'user-' || substr(username_key, 7)
     where id = $1 and site_id = $2`,
    [guestId, siteId, externalId],
  );
  const rows = await transaction.query<{ id: string }>(
    'guests_lock_conversations',
    `select c.id from conversations c
     where c.id in (select conversation_id from members where user_id = $1 and left_seq is null)
     order by c.id for no key update`,
    [guestId],
  );
  const moved = await transaction.query<{ id: string; seq: number }>(
    'guests_mark_changed',
    `with moved as (
       update conversations set head_seq = head_seq + 1 where id = any ($2::uuid[]) returning id, head_seq
     ), marked as (
       update members m set changed_seq = moved.head_seq from moved where m.conversation_id = moved.id and m.user_id = $1
     )
     select id, head_seq::float8 as seq from moved`,
    [guestId, rows.map(({ id }) => id)],
  );
  return async () => {
    for (const { id: conversationId, seq } of moved) {
      const member = (await readMembers(config, db, conversationId, [guestId])).get(guestId);
      if (member)
        hub.publish(`conversation:${conversationId}`, {
          type: 'member.changed',
          conversationId,
          seq,
          data: { member },
        });
    }
  };
};
