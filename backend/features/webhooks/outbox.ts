import { randomUUID } from 'node:crypto';
import type { WebhookDelivery } from '../../../protocol/webhooks.ts';
import type { Queries } from '../../database/transaction.ts';
import { notFound } from '../../problem.ts';

interface Row {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly event: string;
  readonly conversation_id: string | null;
  readonly seq: number | null;
  readonly state: WebhookDelivery['state'];
  readonly attempts: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly took_ms: number | null;
  readonly occurred_at: Date;
  readonly tried_at: Date | null;
  readonly next_at: Date;
  readonly finished_at: Date | null;
}

const columns =
  'id, event, conversation_id, seq, state, attempts, status, error, took_ms, occurred_at, tried_at, next_at, finished_at';

const toDelivery = (row: Row): WebhookDelivery => ({
  id: row.id,
  event: row.event,
  ...(row.conversation_id !== null && { conversationId: row.conversation_id }),
  ...(row.seq !== null && { seq: row.seq }),
  state: row.state,
  attempts: row.attempts,
  ...(row.status !== null && { status: row.status }),
  ...(row.error !== null && { error: row.error }),
  ...(row.took_ms !== null && { tookMs: row.took_ms }),
  occurredAt: row.occurred_at.toISOString(),
  ...(row.tried_at && { triedAt: row.tried_at.toISOString() }),
  ...(row.state === 'pending' && { nextAt: row.next_at.toISOString() }),
  ...(row.finished_at && { finishedAt: row.finished_at.toISOString() }),
});

/** What a page of deliveries is asked for. */
export interface DeliveryPage {
  readonly limit: number;
  /** The last one of the page before. */
  readonly after: string | undefined;
  readonly state: WebhookDelivery['state'] | undefined;
}

/** A page of what a webhook was told and is yet to be told, newest first. */
export const listDeliveries = async (
  queries: Queries,
  siteId: string,
  webhookId: string,
  { limit, after, state }: DeliveryPage,
): Promise<WebhookDelivery[]> => {
  const rows = await queries.query<Row>(
    'webhooks_list_deliveries',
    `select ${columns} from webhook_deliveries
     where site_id = $1 and webhook_id = $2 and ($5::text is null or state = $5)
       and ($4::uuid is null or position < (select position from webhook_deliveries where id = $4 and webhook_id = $2))
     order by position desc limit $3`,
    [siteId, webhookId, limit, after ?? null, state ?? null],
  );
  return rows.map(toDelivery);
};

/** One delivery. Throws `not_found`. */
export const findDelivery = async (queries: Queries, siteId: string, id: string): Promise<WebhookDelivery> => {
  const [row] = await queries.query<Row>(
    'webhooks_find_delivery',
    `select ${columns} from webhook_deliveries where site_id = $1 and id = $2`,
    [siteId, id],
  );
  if (!row) throw notFound('delivery');
  return toDelivery(row);
};

/** Puts an event into the outbox that is about nothing but the webhook itself; nothing else is held back by it. */
export const queueTest = async (queries: Queries, siteId: string, webhookId: string): Promise<WebhookDelivery> => {
  const [row] = await queries.query<Row>(
    'webhooks_queue_test',
    `insert into webhook_deliveries (site_id, webhook_id, lane, event, subject_id)
     values ($1, $2, $3, 'webhook.test', $2) returning ${columns}`,
    [siteId, webhookId, randomUUID()],
  );
  if (!row) throw new Error('unable to queue the test; nothing was written');
  return toDelivery(row);
};

const atOnce = 5000;

/** Forgets what was finished so many days ago, what nobody switched the webhook on for in twice that time, and what waits for a webhook that is gone. */
export const dropOldDeliveries = async (queries: Queries, keptDays: number): Promise<void> => {
  for (;;) {
    const rows = await queries.query(
      'webhooks_drop_deliveries',
      `delete from webhook_deliveries where id in (
         select d.id from webhook_deliveries d
         where d.occurred_at < now() - make_interval(days => $1)
           and (d.finished_at < now() - make_interval(days => $1) or d.occurred_at < now() - make_interval(days => 2 * $1))
         limit ${atOnce}
       ) returning 1`,
      [keptDays],
    );
    if (rows.length < atOnce) break;
  }
  for (;;) {
    const rows = await queries.query(
      'webhooks_drop_orphans',
      `delete from webhook_deliveries where id in (
         select d.id from webhook_deliveries d
         where not exists (select from webhooks w where w.id = d.webhook_id) limit ${atOnce}
       ) returning 1`,
      [],
    );
    if (rows.length < atOnce) break;
  }
};
