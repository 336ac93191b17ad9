import type { ServerEvent } from '../../../protocol/index.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Transaction } from './lane-connection.ts';
import type { LockedConversation } from './membership.ts';

type Changed = Extract<ServerEvent, { readonly type: 'message.changed' }>;

/**
 * What tells the members of a changed message, for after the commit. Those who came later and see nothing of that time hear nothing: they have a gap,
 * which they fill like any other, with nothing in it.
 */
export const tellReaders = async (
  transaction: Transaction,
  hub: Hub,
  { hiddenTo }: Pick<LockedConversation, 'hiddenTo'>,
  event: Changed,
): Promise<() => void> => {
  const { conversationId, data } = event;
  if (data.message.seq > hiddenTo) return () => hub.publish(`conversation:${conversationId}`, event);
  const readers = await transaction.query<{ user_id: string }>(
    'message_readers',
    'select user_id from members where conversation_id = $1 and left_seq is null and visible_from_seq < $2',
    [conversationId, data.message.seq],
  );
  return () => readers.forEach(({ user_id }) => hub.publish(`user:${user_id}`, event));
};
