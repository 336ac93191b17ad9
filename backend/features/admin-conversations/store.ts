import type { QueryResultRow } from 'pg';
import type { AdminConversation, PersonRef } from '../../../protocol/admin-conversations.ts';
import type { ConversationKind } from '../../../protocol/conversations.ts';
import type { Message } from '../../../protocol/messages.ts';
import { isoTime } from '../../database/iso-time.ts';
import type { Queries } from '../../database/transaction.ts';
import { notFound } from '../../problem.ts';
import { memberJson, noPresence, previewSize, toMember, type MemberRow } from '../conversations/index.ts';
import { avatarUrl } from '../files/index.ts';
import { messageJson } from '../messages/index.ts';
import type { PublicUrl } from '../users/index.ts';

/** Our ids of people of a site, in the same order. Throws `not_found` when one of them is not there. */
export const findPeople = async (
  queries: Queries,
  siteId: string,
  refs: readonly PersonRef[],
): Promise<readonly string[]> => {
  const rows = await queries.query<{ id: string | null }>(
    'admin_people',
    `select u.id from unnest($2::uuid[], $3::text[]) with ordinality as asked (id, external_id, place)
     left join users u on u.site_id = $1 and u.disabled_at is null and (u.id = asked.id or u.external_id = asked.external_id)
     order by asked.place`,
    [siteId, refs.map(({ userId }) => userId ?? null), refs.map(({ externalId }) => externalId ?? null)],
  );
  return rows.map(({ id }) => {
    if (id === null) throw notFound('person');
    return id;
  });
};

/** One conversation of a site, with all its members. Throws `not_found`. */
export const findConversation = async (
  at: PublicUrl,
  queries: Queries,
  { siteId, conversationId, mostMembers }: { siteId: string; conversationId: string; mostMembers: number },
): Promise<AdminConversation> => {
  const [row] = await queries.query<Row>('admin_conversations_one', selectText('c.id = $3'), [
    siteId,
    mostMembers,
    conversationId,
  ]);
  if (!row) throw notFound('conversation');
  return toAdminConversation(at, row);
};

/** Conversations of a site, newest first, from before one of them; those of one person if somebody is named. */
export const listConversations = async (
  at: PublicUrl,
  queries: Queries,
  page: { siteId: string; before: string | undefined; limit: number; userId: string | undefined },
): Promise<AdminConversation[]> => {
  const [name, of] =
    page.userId === undefined
      ? ['admin_conversations_list', '$5::uuid is null']
      : [
          'admin_conversations_of',
          'exists (select from members m where m.conversation_id = c.id and m.user_id = $5 and m.left_seq is null)',
        ];
  const rows = await queries.query<Row>(
    name,
    `${selectText(`($3::uuid is null or c.id < $3) and ${of}`)} order by c.id desc limit $4`,
    [page.siteId, previewSize, page.before ?? null, page.limit, page.userId ?? null],
  );
  return rows.map((row) => toAdminConversation(at, row));
};

interface Row extends QueryResultRow {
  readonly id: string;
  readonly kind: ConversationKind;
  readonly title: string | null;
  readonly avatar_key: string | null;
  readonly head: number;
  readonly changed_seq: number;
  readonly closed_at: string | null;
  readonly created_at: string;
  readonly last_activity_at: string;
  readonly last_message: Message | null;
  readonly member_count: number;
  readonly members: readonly { readonly member: MemberRow; readonly external_id: string | null }[] | null;
}

/** `$1` is the site, `$2` how many members each shows. */
const selectText = (where: string): string => `
select c.id, c.kind, c.title, c.avatar_key, c.head_seq::float8 as head, c.changed_seq::float8 as changed_seq,
  ${isoTime('c.closed_at')} as closed_at, ${isoTime('c.created_at')} as created_at, ${isoTime('c.last_activity_at')} as last_activity_at,
  (select ${messageJson('m')} from messages m where m.conversation_id = c.id and m.seq = c.last_message_seq) as last_message,
  (select count(*)::int from members m where m.conversation_id = c.id and m.left_seq is null) as member_count,
  (
    select json_agg(json_build_object('member', ${memberJson('false', 'false')}, 'external_id', u.external_id) order by m.joined_seq, m.user_id)
    from (
      select * from members m where m.conversation_id = c.id and m.left_seq is null order by m.joined_seq, m.user_id limit $2
    ) m join users u on u.id = m.user_id
  ) as members
from conversations c where c.site_id = $1 and ${where}`;

const toAdminConversation = (at: PublicUrl, row: Row): AdminConversation => ({
  id: row.id,
  kind: row.kind,
  ...(row.title !== null && { title: row.title }),
  ...(row.avatar_key !== null && { avatarUrl: avatarUrl(at, row.avatar_key) }),
  head: row.head,
  changedSeq: row.changed_seq,
  members: (row.members ?? []).map(({ member, external_id: externalId }) => ({
    ...toMember(at, member, noPresence),
    ...(externalId !== null && { externalId }),
  })),
  memberCount: row.member_count,
  ...(row.last_message !== null && { lastMessage: row.last_message }),
  lastActivityAt: row.last_activity_at,
  ...(row.closed_at !== null && { closedAt: row.closed_at }),
  createdAt: row.created_at,
});
