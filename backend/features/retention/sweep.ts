import type { Message } from '../../../protocol/messages.ts';
import type { Queries } from '../../database/transaction.ts';
import type { Hub } from '../../hub/hub.ts';
import { lockAsMember, messageJson, takeSeqs, tellReaders, type Change, type Transaction } from '../messages/index.ts';

/** What one step has done: how many messages it looked at, how many of them it deleted, and whether files came with them. */
export interface Step {
  readonly seen: number;
  readonly deleted: number;
  readonly hadFiles: boolean;
}

/** How many messages a step takes: few enough that nobody waits long for the conversation. */
export const stepSize = 100;

/** Conversations of a site whose oldest message that is left is too old, from an id on. */
export const findDue = async (
  queries: Queries,
  { siteId, days, after }: { siteId: string; days: number; after: string },
): Promise<string[]> => {
  const rows = await queries.query<{ id: string }>('retention_due', dueText, [siteId, days, after]);
  return rows.map(({ id }) => id);
};

const dueText = `
select c.id from conversations c cross join lateral (
  select m.created_at from messages m where m.conversation_id = c.id and m.seq > c.swept_seq order by m.seq limit 1
) oldest
where c.site_id = $1 and c.id > $3::uuid and oldest.created_at < now() - make_interval(days => $2::int)
order by c.id limit 100`;

/**
 * Turns the oldest messages of a conversation that are too old into tombstones, and marks their files as removed. Each takes a seq and is told like any
 * deletion, so that clients which keep the conversation drop them too. A second process waits for the first, and then finds the next ones.
 */
export const sweepOldest = async (
  transaction: Transaction,
  hub: Hub,
  { siteId, conversationId, days }: { siteId: string; conversationId: string; days: number },
): Promise<Change<Step>> => {
  const conversation = await lockAsMember(transaction, { siteId }, conversationId);
  const oldest = await transaction.query<{ id: string; seq: number; old: boolean; gone: boolean }>(
    'retention_oldest',
    `select m.id, m.seq::float8 as seq, m.created_at < now() - make_interval(days => $2::int) as old, m.deleted_at is not null as gone
     from messages m
     where m.conversation_id = $1 and m.seq > (select swept_seq from conversations where id = $1)
     order by m.seq limit ${stepSize}`,
    [conversationId, days],
  );
  // In the order of seq, up to the first that stays: times can be a moment apart from it.
  const end = oldest.findIndex(({ old }) => !old);
  const swept = end === -1 ? oldest : oldest.slice(0, end);
  const last = swept.at(-1);
  if (!last) return { value: { seen: 0, deleted: 0, hadFiles: false } };
  await transaction.query('retention_mark', 'update conversations set swept_seq = $2 where id = $1', [
    conversationId,
    last.seq,
  ]);
  const going = swept.filter(({ gone }) => !gone);
  if (going.length === 0) return { value: { seen: swept.length, deleted: 0, hadFiles: false } };

  const ids = going.map(({ id }) => id);
  const firstSeq = await takeSeqs(transaction, conversationId, going.length);
  const removed = await transaction.query(
    'retention_files',
    `update files set state = 'removed' where conversation_id = $1 and seq = any ($2::bigint[]) and state <> 'removed' returning id`,
    [conversationId, going.map(({ seq }) => seq)],
  );
  await transaction.query(
    'retention_bury',
    `with gone as (delete from reactions where conversation_id = $1 and message_id = any ($2::uuid[]))
     update messages m
     set text = '', mentions = '{}', call = null, deleted_at = now(), changed_seq = $3::bigint + each.place - 1
     from unnest($2::uuid[]) with ordinality as each (id, place)
     where m.conversation_id = $1 and m.id = each.id`,
    [conversationId, ids, firstSeq],
  );
  const buried = await transaction.query<{ message: Message }>(
    'retention_buried',
    `select ${messageJson('m')} as message from messages m
     where m.conversation_id = $1 and m.id = any ($2::uuid[]) order by m.changed_seq`,
    [conversationId, ids],
  );
  const tells: (() => void)[] = [];
  for (const { message } of buried) {
    const event = { type: 'message.changed', conversationId, seq: message.changedSeq, data: { message } } as const;
    tells.push(await tellReaders(transaction, hub, conversation, event));
  }
  return {
    value: { seen: swept.length, deleted: going.length, hadFiles: removed.length > 0 },
    publish: () => tells.forEach((tell) => tell()),
  };
};
