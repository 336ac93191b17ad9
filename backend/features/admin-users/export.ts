import type { UserExport } from '../../../protocol/admin-users.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Deps } from '../../feature.ts';
import { findAdminUser, listSessions, toAdminUser } from './store.ts';

const most = 100_000;

type Part = 'settings' | 'blocks' | 'conversations' | 'messages' | 'files' | 'reactions' | 'calls' | 'reports';

/** All that is kept of somebody, as of one moment. */
export const exportUser = (
  { config, db }: Pick<Deps, 'config' | 'db'>,
  siteId: string,
  ref: string,
): Promise<UserExport> =>
  inTransaction(db, async (transaction) => {
    await transaction.query('export_snapshot', 'set transaction isolation level repeatable read, read only', []);
    const user = await findAdminUser(transaction, siteId, ref);
    const read = async <P extends Part>(part: P): Promise<UserExport[P]> => {
      const [row] = await transaction.query<{ value: UserExport[P] }>(`export_${part}`, texts[part], [user.id]);
      if (!row) throw new Error(`unable to export the person; their ${part} are missing`);
      return row.value;
    };
    return {
      exportedAt: new Date().toISOString(),
      profile: toAdminUser(config, user),
      settings: await read('settings'),
      sessions: await listSessions(transaction, user.id, { ended: true }),
      blocks: await read('blocks'),
      conversations: await read('conversations'),
      messages: await read('messages'),
      files: await read('files'),
      reactions: await read('reactions'),
      calls: await read('calls'),
      reports: await read('reports'),
    };
  });

const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The newest rows as a JSON array, oldest first. */
const list = (fields: string, from: string, order: string): string => `
select coalesce(json_agg(one order by place desc), '[]') as value from (
  select json_strip_nulls(json_build_object(${fields})) as one, row_number() over (order by ${order} desc) as place
  from ${from} order by ${order} desc limit ${most}
) rows`;

const texts: Readonly<Record<Part, string>> = {
  settings: `
select json_strip_nulls(json_build_object(
  'whoMayCall', who_may_call, 'showsReceipts', shows_receipts, 'showsPresence', shows_presence, 'showsTyping', shows_typing
)) as value from users where id = $1`,
  blocks: list(
    `'userId', b.blocked_id, 'createdAt', ${iso('b.created_at')}`,
    'blocks b where b.blocker_id = $1',
    'b.created_at',
  ),
  conversations: list(
    `'id', c.id, 'kind', c.kind, 'title', c.title, 'role', m.role, 'left', case when m.left_seq is not null then true end,
     'readSeq', m.read_seq, 'muted', m.muted, 'pinned', m.pinned, 'createdAt', ${iso('c.created_at')}`,
    'members m join conversations c on c.id = m.conversation_id where m.user_id = $1',
    'c.id',
  ),
  messages: list(
    `'id', s.id, 'conversationId', s.conversation_id, 'seq', s.seq, 'text', s.text, 'replyTo', s.reply_to, 'mentions', s.mentions,
     'call', s.call, 'createdAt', ${iso('s.created_at')}, 'editedAt', ${iso('s.edited_at')}, 'deletedAt', ${iso('s.deleted_at')}`,
    'members m join messages s on s.conversation_id = m.conversation_id and s.sender_id = m.user_id where m.user_id = $1',
    's.id',
  ),
  files: list(
    `'id', f.id, 'name', f.name, 'purpose', f.purpose, 'size', f.size, 'type', coalesce(f.type, f.declared_type), 'state', f.state,
     'conversationId', f.conversation_id, 'messageId', f.message_id, 'createdAt', ${iso('f.created_at')}`,
    `files f where f.owner_id = $1 and f.state <> 'removed'`,
    'f.id',
  ),
  reactions: list(
    `'conversationId', r.conversation_id, 'messageId', r.message_id, 'emoji', r.emoji, 'createdAt', ${iso('r.created_at')}`,
    'members m join reactions r on r.conversation_id = m.conversation_id and r.user_id = m.user_id where m.user_id = $1',
    'r.created_at',
  ),
  calls: list(
    `'id', c.id, 'conversationId', c.conversation_id, 'kind', c.kind, 'outcome', c.outcome, 'joinedAt', ${iso('p.joined_at')},
     'createdAt', ${iso('c.created_at')}, 'endedAt', ${iso('c.ended_at')}`,
    'call_participants p join calls c on c.id = p.call_id where p.user_id = $1',
    'c.id',
  ),
  reports: list(
    `'id', r.id, 'conversationId', r.conversation_id, 'messageId', r.message_id, 'reason', r.reason, 'comment', r.comment,
     'createdAt', ${iso('r.created_at')}`,
    'reports r where r.reporter_id = $1',
    'r.id',
  ),
};
