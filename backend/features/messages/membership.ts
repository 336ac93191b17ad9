import type { ConversationKind, Role } from '../../../protocol/conversations.ts';
import { isoTime } from '../../database/iso-time.ts';
import type { Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import type { Transaction } from './lane-connection.ts';

/** A conversation as a member who is about to change it finds it. */
export interface LockedConversation {
  readonly kind: ConversationKind;
  readonly title: string | null;
  readonly avatarKey: string | null;
  readonly head: number;
  /** A direct message with a block between the two. */
  readonly blocked: boolean;
  /** When the site closed it. */
  readonly closedAt: string | null;
  /** The member's own role; an owner's for the site itself. */
  readonly role: Role;
  /** Up to this seq the member sees nothing: what was said before they came. */
  readonly visibleFrom: number;
  /** Up to this seq there is a member who sees nothing. */
  readonly hiddenTo: number;
}

/** Who changes a conversation: a member by their session, or the site itself, which may do what an owner may and is no member. */
export type Authority = Session | { readonly siteId: string; readonly userId?: undefined };

/** Takes the conversation's row until the transaction ends, for a member or the site that it is of; throws `not_found` for anybody else. */
export const lockAsMember = async (
  transaction: Transaction,
  session: Authority,
  conversationId: string,
): Promise<LockedConversation> => {
  // Two statements: the second sees what was committed while the first waited.
  const locked = transaction.query(
    'conversation_lock',
    'select from conversations where id = $1 and site_id = $2 for no key update',
    [conversationId, session.siteId],
  );
  const found =
    session.userId === undefined
      ? transaction.query<LockedConversation>(
          'conversation_as_site',
          `select ${lockedColumns}, 'owner' as role, 0 as "visibleFrom" from conversations c where c.id = $1 and c.site_id = $2`,
          [conversationId, session.siteId],
        )
      : transaction.query<LockedConversation>(
          'conversation_as_member',
          `select ${lockedColumns}, m.role, m.visible_from_seq::float8 as "visibleFrom"
           from conversations c join members m on m.conversation_id = c.id
           where c.id = $1 and c.site_id = $2 and m.user_id = $3 and m.left_seq is null`,
          [conversationId, session.siteId, session.userId],
        );
  const [, [conversation]] = await Promise.all([locked, found]);
  if (!conversation) throw notFound('conversation');
  return conversation;
};

const lockedColumns = `c.kind, c.title, c.avatar_key as "avatarKey", c.head_seq::float8 as head, c.blocked, ${isoTime('c.closed_at')} as "closedAt",
  coalesce((
    select max(visible_from_seq) from members newcomer
    where newcomer.conversation_id = c.id and newcomer.visible_from_seq > 0 and newcomer.left_seq is null
  ), 0)::float8 as "hiddenTo"`;

/** Throws `conversation_closed` where nobody can write any more. */
export const refuseClosed = ({ closedAt }: Pick<LockedConversation, 'closedAt'>, what: string): void => {
  if (closedAt !== null) throw closed(what);
};

/** The refusal of whoever would write where nobody can any more. */
export const closed = (what: string): Problem =>
  new Problem('conversation_closed', `unable to ${what}; the conversation is closed`);

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
