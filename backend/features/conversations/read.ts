import type { Conversation } from '../../../protocol/conversations.ts';
import type { Deps, Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import type { Transaction } from '../messages/index.ts';
import type { PublicUrl } from '../users/index.ts';
import { noPresence, pageColumns, presenceIn, previewSize, toConversation, viewText, type ViewRow } from './view.ts';

/** Reading one's conversations. */
export interface ReadConversations {
  /** By last activity, newest first. */
  list(
    session: Session,
    page: { cursor: string | undefined; limit: number },
  ): Promise<{ conversations: Conversation[]; nextCursor?: string }>;
  /** With all members. Throws `not_found`. */
  one(session: Session, conversationId: string): Promise<Conversation>;
}

/** Makes the use cases. */
export const createReadConversations = ({ config, db, hub }: Deps): ReadConversations => {
  const shown = async (session: Session, rows: readonly ViewRow[]): Promise<Conversation[]> => {
    const members = rows.flatMap((row) => row.members);
    const userIds = [...new Set(members.map(({ id }) => id))];
    const hidden = await db.query<{ id: string }>('presence_hidden', hiddenText, [session.userId, userIds]);
    const presence = presenceIn(hub, members, new Set(hidden.map(({ id }) => id)));
    return rows.map((row) => toConversation(config, row, presence));
  };

  return {
    async list(session, { cursor, limit }) {
      const { at, id } = cursor === undefined ? newest : parseCursor(cursor);
      const values = [previewSize, session.userId, session.siteId, at, id, limit + 1];
      const rows = await db.query<ViewRow>('conversations_list', listText, values);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const conversations = await shown(session, page);
      return rows.length > limit && last ? { conversations, nextCursor: toCursor(last) } : { conversations };
    },
    async one(session, conversationId) {
      const values = [config.limits.groupMembers, conversationId, [session.userId], session.siteId];
      const rows = await db.query<ViewRow>('conversations_one', viewsText, values);
      const [conversation] = await shown(session, rows);
      if (!conversation) throw notFound('conversation');
      return conversation;
    },
  };
};

/** What `conversation.created` tells each of these members, read inside the transaction that brought them in. */
export const readViews = async (
  at: PublicUrl,
  transaction: Transaction,
  siteId: string,
  conversationId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Conversation>> => {
  const values = [previewSize, conversationId, userIds, siteId];
  const rows = await transaction.query<ViewRow>('conversations_views', viewsText, values);
  return new Map(rows.map((row) => [row.viewer_id, toConversation(at, row, noPresence)]));
};

// Whoever does not show where they are does not see it of others either.
const hiddenText = `
select blocked_id as id from blocks where blocker_id = $1 union select blocker_id from blocks where blocked_id = $1
union select id from users
where id = any ($2::uuid[]) and not (shows_presence and (select shows_presence from users where id = $1))`;

const listText = viewText(`
  select ${pageColumns}
  from members me join conversations c on c.id = me.conversation_id
  where me.user_id = $2 and me.site_id = $3 and me.left_seq is null and (c.last_activity_at, c.id) < ($4::timestamptz, $5::uuid)
  order by c.last_activity_at desc, c.id desc limit $6`);

const viewsText = viewText(`
  select ${pageColumns}
  from members me join conversations c on c.id = me.conversation_id
  where me.conversation_id = $2 and me.user_id = any ($3::uuid[]) and me.site_id = $4 and me.left_seq is null`);

/** Where a list goes on: the last activity, to the microsecond, and the id of the last one shown. */
interface Cursor {
  readonly at: string;
  readonly id: string;
}

const newest: Cursor = { at: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

const cursorForm = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

const toCursor = ({ last_activity_at, id }: ViewRow): string =>
  Buffer.from(`${last_activity_at}/${id}`).toString('base64url');

const parseCursor = (cursor: string): Cursor => {
  const [, at, id] = cursorForm.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined || !isDay(at)) {
    throw new Problem('validation_failed', 'unable to continue the list; the cursor is not one of ours', {
      issues: [{ path: 'cursor', message: 'must be the nextCursor of the page before' }],
    });
  }
  return { at, id };
};

/** Whether Postgres knows the day: it has no year 0 and no 31st of February. */
const isDay = (at: string): boolean => {
  const time = new Date(at);
  return at >= '0001' && !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 19) === at.slice(0, 19);
};
