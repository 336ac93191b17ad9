import type { ReplyBody } from '../../../protocol/contract.ts';
import type { ConversationKind, ConversationSummary } from '../../../protocol/conversations.ts';
import type { Endpoint } from '../../../protocol/index.ts';
import type { Message } from '../../../protocol/messages.ts';
import type { Deps, Session } from '../../feature.ts';
import { isoTime } from '../../database/iso-time.ts';
import { notFound, Problem } from '../../problem.ts';
import { avatarUrl } from '../files/index.ts';
import { messageJson } from '../messages/index.ts';
import type { PublicUrl } from '../users/index.ts';
import { memberJson, noPresence, toMember, type MemberRow } from './view.ts';

/** A page of what changed in a conversation. */
export type Changes = ReplyBody<Endpoint<'GET /conversations/:conversationId/changes'>>;

/** The current state of everything that changed after a seq, in the order of the changes. Throws `resync_required` for a seq that is yet to come. */
export const readChanges = async (
  { config, db }: Deps,
  session: Session,
  conversationId: string,
  { after, limit }: { after: number; limit: number },
): Promise<Changes> => {
  const epoch = await db.epoch();
  const values = [conversationId, session.userId, session.siteId, after, limit];
  const [row] = await db.query<ChangesRow>('conversations_changes', changesText, values);
  if (!row) throw notFound('conversation');
  if (after > row.head) {
    throw new Problem('resync_required', 'unable to continue from there; the conversation has not come that far');
  }
  return {
    messages: row.messages,
    members: row.members.map((member) => toMember(config, member, noPresence)),
    ...(row.summary_changed && { conversation: toSummary(config, row) }),
    head: row.head,
    next: row.has_more ? Number(row.last) : row.head,
    hasMore: row.has_more,
    epoch,
  };
};

/** What a summary is made of. */
export interface SummaryRow {
  readonly id: string;
  readonly kind: ConversationKind;
  readonly title: string | null;
  readonly avatar_key: string | null;
  readonly head: number;
  readonly changed_seq: number;
  readonly closed_at: string | null;
}

/** A row as the protocol writes it. */
export const toSummary = (at: PublicUrl, row: SummaryRow): ConversationSummary => ({
  id: row.id,
  kind: row.kind,
  ...(row.title !== null && { title: row.title }),
  ...(row.avatar_key !== null && { avatarUrl: avatarUrl(at, row.avatar_key) }),
  head: row.head,
  changedSeq: row.changed_seq,
  ...(row.closed_at !== null && { closedAt: row.closed_at }),
});

interface ChangesRow extends SummaryRow {
  readonly summary_changed: boolean;
  readonly messages: Message[];
  readonly members: readonly MemberRow[];
  readonly has_more: boolean;
  readonly last: number | null;
}

// Every seq belongs to one change of one thing, so a page can end between any two. Messages come from two indexes: those that
// were never changed by their place in the timeline, the others by their last change. One statement, thus one snapshot.
const changesText = `
with mine as (
  select c.*, viewer.shows_receipts as me_shows, me.visible_from_seq as visible_from
  from conversations c join members me on me.conversation_id = c.id join users viewer on viewer.id = me.user_id
  where c.id = $1 and me.user_id = $2 and c.site_id = $3 and me.left_seq is null
), changed as materialized (
  (select seq as at, m as message, null::uuid as user_id from messages m
    where conversation_id = $1 and seq > greatest($4, (select visible_from from mine)) and changed_seq = seq order by seq limit $5::int + 1)
  union all
  (select changed_seq, m, null from messages m
    where conversation_id = $1 and changed_seq > seq and changed_seq > $4 and seq > (select visible_from from mine) order by changed_seq limit $5::int + 1)
  union all
  (select changed_seq, null, user_id from members
    where conversation_id = $1 and changed_seq > $4 order by changed_seq limit $5::int + 1)
  union all
  (select changed_seq, null, null from mine where changed_seq > $4)
), page as materialized (
  select * from changed order by at limit $5::int
)
select mine.id, mine.kind, mine.title, mine.avatar_key, mine.head_seq::float8 as head, mine.changed_seq::float8 as changed_seq,
  ${isoTime('mine.closed_at')} as closed_at,
  exists (select from page where (message).id is null and user_id is null) as summary_changed,
  (select count(*) > $5::int from changed) as has_more,
  (select max(at)::float8 from page) as last,
  coalesce((
    select json_agg(${messageJson('(page.message)')} order by page.at) from page where (page.message).id is not null
  ), '[]') as messages,
  coalesce((
    select json_agg(${memberJson('mine.blocked and m.user_id <> $2', 'm.user_id <> $2 and not (mine.me_shows and u.shows_receipts)')} order by page.at)
    from page join members m on m.conversation_id = $1 and m.user_id = page.user_id join users u on u.id = m.user_id
  ), '[]') as members
from mine`;
