import { uuidv7 } from 'uuidv7';
import type { Webhook, WebhookEventType } from '../../../protocol/webhooks.ts';
import type { Queries } from '../../database/transaction.ts';
import { notFound } from '../../problem.ts';

interface Row {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly events: WebhookEventType[];
  readonly includes_text: boolean;
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
  readonly failures: number;
  readonly failing_since: Date | null;
  readonly created_at: Date;
}

const columns =
  'id, url, description, events, includes_text, enabled, disabled_reason, failures, failing_since, created_at';

const toWebhook = (row: Row): Webhook => ({
  id: row.id,
  url: row.url,
  description: row.description,
  events: row.events,
  includesText: row.includes_text,
  enabled: row.enabled,
  ...(row.disabled_reason !== null && { disabledReason: row.disabled_reason }),
  failures: row.failures,
  ...(row.failing_since && { failingSince: row.failing_since.toISOString() }),
  createdAt: row.created_at.toISOString(),
});

/** The webhooks of a site, oldest first. */
export const listWebhooks = async (queries: Queries, siteId: string): Promise<Webhook[]> => {
  const rows = await queries.query<Row>(
    'webhooks_list',
    `select ${columns} from webhooks where site_id = $1 order by id`,
    [siteId],
  );
  return rows.map(toWebhook);
};

/** One webhook of a site. Throws `not_found`. */
export const findWebhook = async (queries: Queries, siteId: string, webhookId: string): Promise<Webhook> => {
  const [row] = await queries.query<Row>(
    'webhooks_find',
    `select ${columns} from webhooks where site_id = $1 and id = $2`,
    [siteId, webhookId],
  );
  if (!row) throw notFound('webhook');
  return toWebhook(row);
};

/** What a webhook is made of. */
export interface NewWebhook {
  readonly url: string;
  readonly events: readonly WebhookEventType[];
  readonly description?: string | undefined;
  readonly includesText?: boolean | undefined;
}

/** Writes a webhook with its sealed secret, unless the site has as many as it can; `undefined` then. */
export const insertWebhook = async (
  queries: Queries,
  siteId: string,
  { url, events, description = '', includesText = false }: NewWebhook,
  { seal, most }: { readonly seal: (id: string) => Buffer; readonly most: number },
): Promise<Webhook | undefined> => {
  const id = uuidv7();
  const [row] = await queries.query<Row>(
    'webhooks_insert',
    `insert into webhooks (id, site_id, url, description, events, includes_text, sealed_secret)
     select $1, $2, $3, $4, $5, $6, $7 where (select count(*) from webhooks where site_id = $2) < $8
     returning ${columns}`,
    [id, siteId, url, description, events, includesText, seal(id), most],
  );
  return row && toWebhook(row);
};

/** What can be changed of a webhook. */
export type WebhookChanges = { readonly [K in keyof NewWebhook]?: NewWebhook[K] | undefined } & {
  readonly enabled?: boolean | undefined;
};

/** Changes a webhook; what is left out stays. One that is switched on starts afresh. Throws `not_found`. */
export const updateWebhook = async (
  queries: Queries,
  siteId: string,
  webhookId: string,
  { url, events, description, includesText, enabled }: WebhookChanges,
): Promise<Webhook> => {
  const [row] = await queries.query<Row>(
    'webhooks_update',
    `update webhooks set url = coalesce($3, url), events = coalesce($4, events), description = coalesce($5, description),
       includes_text = coalesce($6, includes_text), enabled = coalesce($7, enabled),
       disabled_reason = case when $7 is null then disabled_reason end,
       failures = case when $7 then 0 else failures end, failing_since = case when $7 then null else failing_since end
     where site_id = $1 and id = $2 returning ${columns}`,
    [siteId, webhookId, url ?? null, events ?? null, description ?? null, includesText ?? null, enabled ?? null],
  );
  if (!row) throw notFound('webhook');
  if (enabled) {
    await queries.query(
      'webhooks_wake',
      `update webhook_deliveries set next_at = now(), attempts = 0 where webhook_id = $1 and state = 'pending'`,
      [webhookId],
    );
  }
  return toWebhook(row);
};

/** Gives a webhook another secret; the one before is good for so many seconds more. Throws `not_found`. */
export const replaceSecret = async (
  queries: Queries,
  siteId: string,
  webhookId: string,
  { sealed, graceSeconds }: { readonly sealed: Buffer; readonly graceSeconds: number },
): Promise<Webhook> => {
  const [row] = await queries.query<Row>(
    'webhooks_replace_secret',
    `update webhooks set previous_secret = sealed_secret, previous_until = now() + make_interval(secs => $4), sealed_secret = $3
     where site_id = $1 and id = $2 returning ${columns}`,
    [siteId, webhookId, sealed, graceSeconds],
  );
  if (!row) throw notFound('webhook');
  return toWebhook(row);
};

/** Removes a webhook; what waits for it is no longer sent. Throws `not_found`. */
export const removeWebhook = async (queries: Queries, siteId: string, webhookId: string): Promise<void> => {
  const rows = await queries.query(
    'webhooks_remove',
    'delete from webhooks where site_id = $1 and id = $2 returning id',
    [siteId, webhookId],
  );
  if (rows.length === 0) throw notFound('webhook');
};
