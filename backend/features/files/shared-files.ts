import type { Query } from '../../../protocol/contract.ts';
import type { Endpoint } from '../../../protocol/index.ts';
import type { Database } from '../../database/connect.ts';
import { isoTime } from '../../database/iso-time.ts';
import type { Session } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import { fileJson } from './store.ts';

const pageSize = 50;

/** A page of what was shared in a conversation as JSON text, `{ files (newest message first), hasMore }`. Throws `not_found`. */
export const readSharedFiles = async (
  db: Database,
  { userId, siteId }: Session,
  conversationId: string,
  { kind, before = farthest, limit = pageSize }: Query<Endpoint<'GET /conversations/:conversationId/files'>>,
): Promise<string> => {
  const values = [conversationId, userId, siteId, before, limit];
  const [row] = await (kind === undefined
    ? db.query<{ page: string }>('files_shared', pageText(''), values)
    : db.query<{ page: string }>('files_on_shelf', pageText('and f.shelf = $6'), [...values, kind]));
  if (!row) throw notFound('conversation');
  return row.page;
};

/** Above any seq. */
const farthest = Number.MAX_SAFE_INTEGER;

// The page ends with the message that its last file is of, however many more came with it. A message has the time of the transaction that
// sent it, and so have its files.
const pageText = (shelf: string): string => {
  const shared = `f.conversation_id = $1 and f.state = 'ready' and f.seq > (select visible_from_seq from mine) ${shelf}`;
  return `
with mine as materialized (
  select visible_from_seq from members where conversation_id = $1 and user_id = $2 and site_id = $3 and left_seq is null
), page as materialized (
  select f.seq from files f where ${shared} and f.seq < $4::bigint order by f.seq desc, f.position limit $5::int
), last as materialized (
  select coalesce(min(seq), 0) as seq from page
)
select json_build_object(
  'files', coalesce((
    select json_agg(json_build_object(
      'file', ${fileJson('f')}, 'messageId', f.message_id, 'senderId', f.owner_id, 'seq', f.seq, 'createdAt', ${isoTime('f.used_at')}
    ) order by f.seq desc, f.position)
    from files f where ${shared} and f.seq < $4::bigint and f.seq >= (select seq from last)
  ), '[]'),
  'hasMore', exists (select from files f where ${shared} and f.seq < (select seq from last))
)::text as page
where exists (select from mine)`;
};
