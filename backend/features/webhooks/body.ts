import { isoTime } from '../../database/iso-time.ts';
import type { Queries } from '../../database/transaction.ts';
import type { ClaimedDelivery } from './claims.ts';

/**
 * Makes the body of an event from what its subject is now; `undefined` when that is gone. Texts, titles and names of files are in it only where the
 * webhook asks for them.
 */
export const makeBody = async (queries: Queries, delivery: ClaimedDelivery): Promise<string | undefined> => {
  const data = await readData(queries, delivery);
  if (data === undefined) return undefined;
  return JSON.stringify({
    type: delivery.event,
    timestamp: delivery.occurredAt.toISOString(),
    site: delivery.siteKey,
    data,
  });
};

const readData = async (
  queries: Queries,
  { event, siteId, conversationId, subjectId, includesText }: ClaimedDelivery,
): Promise<unknown> => {
  const [noun = ''] = event.split('.');
  if (noun === 'webhook') return {};
  const found = statements[noun];
  if (!found) return undefined;
  const [name, text] = found;
  const place = noun === 'user' ? [] : [conversationId, includesText];
  const [row] = await queries.query<{ data: unknown }>(name, text, [siteId, subjectId, ...place]);
  return row?.data;
};

const personJson = (u: string): string => `
  'id', ${u}.id, 'externalId', ${u}.external_id, 'username', ${u}.username, 'displayName', ${u}.display_name, 'kind', ${u}.kind`;

const conversationJson = `json_build_object('id', c.id, 'kind', c.kind, 'title', case when $4 then c.title end)`;

const ofConversation = `conversations c where c.site_id = $1 and c.id = $3`;

const filesJson = `coalesce((
  select json_agg(json_build_object(
    'id', f.id, 'kind', f.kind, 'type', f.type, 'size', f.size, 'name', case when $4 then f.name end
  ) order by f.position)
  from files f where f.conversation_id = m.conversation_id and f.message_id = m.id and f.seq = m.seq and f.state = 'ready'
), '[]')`;

const statements: Readonly<Record<string, readonly [name: string, text: string]>> = {
  message: [
    'webhooks_body_message',
    `select json_strip_nulls(json_build_object(
       'conversation', ${conversationJson},
       'message', json_build_object(
         'id', m.id, 'seq', m.seq, 'changedSeq', m.changed_seq, 'sender', json_build_object(${personJson('u')}),
         'text', case when $4 then m.text end, 'replyTo', m.reply_to, 'mentions', m.mentions, 'files', ${filesJson}, 'call', m.call,
         'createdAt', ${isoTime('m.created_at')}, 'editedAt', ${isoTime('m.edited_at')}, 'deletedAt', ${isoTime('m.deleted_at')}
       )
     )) as data
     from messages m join users u on u.id = m.sender_id, ${ofConversation} and m.conversation_id = c.id and m.id = $2`,
  ],
  member: [
    'webhooks_body_member',
    `select json_strip_nulls(json_build_object(
       'conversation', ${conversationJson},
       'member', json_build_object(
         'user', json_build_object(${personJson('u')}), 'role', m.role, 'left', m.left_seq is not null, 'changedSeq', m.changed_seq
       )
     )) as data
     from members m join users u on u.id = m.user_id, ${ofConversation} and m.conversation_id = c.id and m.user_id = $2`,
  ],
  call: [
    'webhooks_body_call',
    `select json_strip_nulls(json_build_object(
       'conversation', ${conversationJson},
       'call', json_build_object(
         'id', k.id, 'kind', k.kind, 'state', k.state, 'startedBy', json_build_object(${personJson('u')}),
         'createdAt', ${isoTime('k.created_at')}, 'connectedAt', ${isoTime('k.connected_at')}, 'endedAt', ${isoTime('k.ended_at')},
         'outcome', k.outcome
       )
     )) as data
     from calls k join users u on u.id = k.started_by, ${ofConversation} and k.conversation_id = c.id and k.id = $2`,
  ],
  user: [
    'webhooks_body_user',
    `select json_strip_nulls(json_build_object(
       'user', json_build_object(${personJson('u')}, 'disabledAt', ${isoTime('u.disabled_at')})
     )) as data
     from users u where u.site_id = $1 and u.id = $2`,
  ],
};
