import type { QueryResultRow } from 'pg';
import type { Conversation, ConversationKind, Member, Role } from '../../../protocol/conversations.ts';
import type { Message } from '../../../protocol/messages.ts';
import type { UserPresence } from '../../../protocol/presence.ts';
import type { Hub } from '../../hub/hub.ts';
import { isoTime } from '../../database/iso-time.ts';
import { avatarUrl } from '../files/index.ts';
import { messageJson } from '../messages/index.ts';
import { toUser, type PublicUrl, type UserRow } from '../users/index.ts';

/** How many members a conversation in a list shows. */
export const previewSize = 20;

/** A member as JSON from SQL. */
export interface MemberRow {
  readonly role: Role;
  readonly joined_seq: number;
  readonly changed_seq: number;
  readonly delivered_seq: number;
  readonly read_seq: number;
  readonly removed: boolean;
  readonly id: string;
  readonly username: string;
  readonly display_name: string;
  readonly avatar_color: string;
  readonly avatar_key: string | null;
  readonly picture_url: string | null;
  readonly kind: UserRow['kind'];
  readonly last_seen_at: string | null;
}

/** A conversation as one of its members sees it; `viewText` selects it. */
export interface ViewRow extends QueryResultRow {
  readonly viewer_id: string;
  readonly id: string;
  readonly kind: ConversationKind;
  readonly title: string | null;
  readonly avatar_key: string | null;
  readonly head: number;
  readonly changed_seq: number;
  readonly unread: number;
  readonly members: readonly MemberRow[];
  readonly member_count: number;
  readonly last_message: Message | null;
  readonly last_activity_at: string;
  readonly created_at: string;
  readonly closed_at: string | null;
  readonly muted: boolean;
  readonly pinned: boolean;
}

/**
 * SQL for a `MemberRow` from `members` and `users` under the aliases `m` and `u`. `silent` and `unread` are SQL: the viewer may not know their receipts; may not
 * know how far they have read.
 */
export const memberJson = (silent: string, unread: string): string => `json_build_object(
  'role', m.role, 'joined_seq', m.joined_seq, 'changed_seq', m.changed_seq,
  'delivered_seq', case when ${silent} then 0 else m.delivered_seq end,
  'read_seq', case when ${silent} or ${unread} then 0 else m.read_seq end,
  'removed', m.left_seq is not null,
  'id', u.id, 'username', u.username, 'display_name', u.display_name, 'avatar_color', u.avatar_color, 'avatar_key', u.avatar_key, 'picture_url', u.picture_url,
  'kind', u.kind, 'last_seen_at', ${isoTime('u.last_seen_at')}
)`;

/**
 * SQL for `ViewRow`s: `page` selects rows of `members` joined with their conversation, as `me_*` and `c.*`, and `$1` is how many members
 * each shows, the viewer first. All of it is one statement, thus one snapshot: nothing in it is newer than `head`.
 */
export const viewText = (page: string): string => `
with page as materialized (${page})
select c.me_user_id as viewer_id, c.id, c.kind, c.title, c.avatar_key, c.head_seq::float8 as head, c.changed_seq::float8 as changed_seq,
  c.me_muted as muted, c.me_pinned as pinned, ${isoTime('c.created_at')} as created_at, ${isoTime('c.closed_at')} as closed_at,
  to_char(c.last_activity_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as last_activity_at,
  (
    select count(*)::int from (
      select from messages m
      where m.conversation_id = c.id and m.seq > greatest(c.me_read_seq, c.me_visible_from) and m.sender_id <> c.me_user_id and m.deleted_at is null
      limit 999
    ) unread
  ) as unread,
  (select count(*)::int from members m where m.conversation_id = c.id and m.left_seq is null) as member_count,
  (select ${messageJson('m')} from messages m where m.conversation_id = c.id and m.seq = c.last_message_seq and m.seq > c.me_visible_from) as last_message,
  (
    select json_agg(${memberJson('c.blocked and m.user_id <> c.me_user_id', 'm.user_id <> c.me_user_id and not (c.me_shows and u.shows_receipts)')} order by m.place)
    from (
      select *, row_number() over (order by m.user_id <> c.me_user_id, m.joined_seq, m.user_id) as place
      from members m
      where m.conversation_id = c.id and m.left_seq is null
      order by place limit $1
    ) m join users u on u.id = m.user_id
  ) as members
from page c
order by c.last_activity_at desc, c.id desc`;

/** The select list of a page for `viewText`, from `members me` and `conversations c`. */
export const pageColumns =
  'me.user_id as me_user_id, me.muted as me_muted, me.pinned as me_pinned, me.read_seq as me_read_seq, me.visible_from_seq as me_visible_from, (select shows_receipts from users where id = me.user_id) as me_shows, c.*';

/** Who is where, as far as the viewer may know it: `undefined` for those with a block in between. */
export type PresenceOf = (userId: string) => UserPresence | undefined;

/** Nobody's presence: for events, which many read. */
export const noPresence: PresenceOf = () => undefined;

/** The presence of everybody in the rows but those whose presence the viewer may not know. */
export const presenceIn = (hub: Hub, members: readonly MemberRow[], hidden: ReadonlySet<string>): PresenceOf => {
  const shown = [...new Set(members.map(({ id }) => id))].filter((id) => !hidden.has(id));
  const known = hub.presenceOf(shown);
  return (userId) => (hidden.has(userId) ? undefined : (known.get(userId) ?? { userId, presence: 'offline' }));
};

/** A row as the protocol writes it. */
export const toMember = (at: PublicUrl, row: MemberRow, presence: PresenceOf): Member => ({
  userId: row.id,
  role: row.role,
  joinedSeq: row.joined_seq,
  changedSeq: row.changed_seq,
  deliveredSeq: row.delivered_seq,
  readSeq: row.read_seq,
  ...(row.removed && { removed: true as const }),
  user: toUser(
    at,
    { ...row, last_seen_at: row.last_seen_at === null ? null : new Date(row.last_seen_at) },
    presence(row.id),
  ),
});

/** A row as the protocol writes it. */
export const toConversation = (at: PublicUrl, row: ViewRow, presence: PresenceOf): Conversation => ({
  id: row.id,
  kind: row.kind,
  ...(row.title !== null && { title: row.title }),
  ...(row.avatar_key !== null && { avatarUrl: avatarUrl(at, row.avatar_key) }),
  head: row.head,
  changedSeq: row.changed_seq,
  unread: row.unread,
  members: row.members.map((member) => toMember(at, member, presence)),
  memberCount: row.member_count,
  ...(row.last_message !== null && { lastMessage: row.last_message }),
  lastActivityAt: new Date(row.last_activity_at).toISOString(),
  ...(row.closed_at !== null && { closedAt: row.closed_at }),
  muted: row.muted,
  pinned: row.pinned,
  createdAt: row.created_at,
});
