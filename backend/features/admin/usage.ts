import type { Usage } from '../../../protocol/admin.ts';
import type { Queries } from '../../database/transaction.ts';

/** How much of everything a site has, counted now. */
export const readUsage = async (queries: Queries, siteId: string): Promise<Usage> => {
  const [row] = await queries.query<{ usage: Usage }>('admin_usage', usageText, [siteId]);
  if (!row) throw new Error('unable to tell the usage; nothing was counted');
  return row.usage;
};

// Somebody is active who was seen, or whose session was refreshed.
const active = (within: string): string => `count(*) filter (
  where kind <> 'bot' and kind <> 'system' and greatest(last_seen_at, used_at) > now() - interval '${within}'
)`;

const usageText = `
with people as (
  select u.*, (select max(s.last_used_at) from sessions s where s.user_id = u.id) as used_at
  from users u where u.site_id = $1 and u.erased_at is null
), said as (
  select count(*) as messages, count(*) filter (where m.created_at > now() - interval '24 hours') as messages_day
  from conversations c join messages m on m.conversation_id = c.id
  where c.site_id = $1 and m.deleted_at is null
), called as (
  select count(*) as calls,
    coalesce(floor(sum(extract(epoch from ended_at - accepted_at)) filter (where state = 'ended' and accepted_at is not null)), 0) as seconds
  from calls where site_id = $1
)
select json_build_object(
  'users', (
    select json_build_object(
      'people', count(*) filter (where kind = 'person'), 'guests', count(*) filter (where kind = 'guest'),
      'bots', count(*) filter (where kind = 'bot'), 'disabled', count(*) filter (where disabled_at is not null),
      'activeDay', ${active('24 hours')}, 'activeMonth', ${active('30 days')}
    ) from people
  ),
  'conversations', (select count(*) from conversations where site_id = $1),
  'messages', said.messages, 'messagesDay', said.messages_day,
  'files', (select coalesce(sum(files), 0) from file_usage where site_id = $1 and user_id = '00000000-0000-0000-0000-000000000000'),
  'fileBytes', (select coalesce(sum(bytes), 0) from file_usage where site_id = $1 and user_id = '00000000-0000-0000-0000-000000000000'),
  'calls', called.calls, 'callSeconds', called.seconds
) as usage
from said, called`;
