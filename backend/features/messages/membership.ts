import type { ConversationKind, Role } from '../../../protocol/conversations.ts';
import type { Session } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import type { Transaction } from './lane-connection.ts';

/** A conversation as a member who is about to change it finds it. */
export interface LockedConversation {
  readonly kind: ConversationKind;
  readonly title: string | null;
  readonly avatarKey: string | null;
  readonly head: number;
  /** A direct message with a block between the two. */
  readonly blocked: boolean;
  /** The member's own role. */
  readonly role: Role;
}

/** Takes the conversation's row until the transaction ends, if the session's user is a member; throws `not_found` otherwise. */
export const lockAsMember = async (
  transaction: Transaction,
  session: Session,
  conversationId: string,
): Promise<LockedConversation> => {
  // Two statements: the second sees what was committed while the first waited.
  const locked = transaction.query(
    'conversation_lock',
    'select from conversations where id = $1 and site_id = $2 for no key update',
    [conversationId, session.siteId],
  );
  const found = transaction.query<LockedConversation>(
    'conversation_as_member',
    `select c.kind, c.title, c.avatar_key as "avatarKey", c.head_seq::float8 as head, c.blocked, m.role
     from conversations c join members m on m.conversation_id = c.id
     where c.id = $1 and c.site_id = $2 and m.user_id = $3 and m.left_seq is null`,
    [conversationId, session.siteId, session.userId],
  );
  const [, [conversation]] = await Promise.all([locked, found]);
  if (!conversation) throw notFound('conversation');
  return conversation;
};

/** Takes the next `count` values of the conversation's counter, whose row must be locked, and returns the first one. */
export const takeSeqs = async (transaction: Transaction, conversationId: string, count = 1): Promise<number> => {
  const [row] = await transaction.query<{ head: number }>(
    'conversation_take_seqs',
    'update conversations set head_seq = head_seq + $2 where id = $1 returning head_seq::float8 as head',
    [conversationId, count],
  );
  if (!row) throw notFound('conversation');
  return row.head - count + 1;
};
