import type { Queries } from '../../database/transaction.ts';

/** A delivery that this process has taken, with what it needs to make it. */
export interface ClaimedDelivery {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly siteId: string;
  readonly siteKey: string;
  readonly webhookId: string;
  readonly url: string;
  readonly includesText: boolean;
  readonly secret: Buffer;
  /** Of before a rotation, while it counts. */
  readonly previousSecret: Buffer | null;
  readonly event: string;
  readonly conversationId: string | null;
  readonly subjectId: string;
  readonly occurredAt: Date;
  /** This try included. */
  readonly attempts: number;
}

/** How much may be under way at once, and what is. */
export interface ClaimBounds {
  /** Webhooks that fail are tried one event at a time, in a share of the process's room of their own: those that work are not held up. */
  readonly failing: boolean;
  readonly room: number;
  readonly perWebhook: number;
  readonly perSite: number;
  readonly busyWebhooks: Readonly<Record<string, number>>;
  readonly busySites: Readonly<Record<string, number>>;
  readonly leaseSeconds: number;
}

/** True when something is due. */
export const isAnythingDue = async (queries: Queries): Promise<boolean> => {
  const [row] = await queries.query<{ due: boolean }>(
    'webhooks_due',
    `select exists (select from webhook_deliveries where state = 'pending' and next_at <= now()) as due`,
    [],
  );
  return row?.due ?? false;
};

/** Takes deliveries that are due: of each lane the first, if no one else delivers it. Nobody else takes them before the lease is over. */
export const claimDeliveries = (queries: Queries, startAt: string, bounds: ClaimBounds): Promise<ClaimedDelivery[]> =>
  queries.query<ClaimedDelivery>('webhooks_claim', claimText, [
    startAt,
    bounds.failing,
    bounds.failing ? 1 : bounds.perWebhook,
    JSON.stringify(bounds.busyWebhooks),
    bounds.perSite,
    JSON.stringify(bounds.busySites),
    bounds.room,
    bounds.leaseSeconds,
  ]);

/** How many lanes of a webhook are looked at for what is due, in each direction. */
const lanesLooked = 300;

const firstOfLane = (columns: string, lanes: string): string => `
  select d.lane, d.id, d.next_at, d.leased_until, d.position, ${columns} from webhook_deliveries d
  where d.webhook_id = w.id and d.state = 'pending' and ${lanes} order by d.lane, d.position limit 1`;

// The first of each lane, one lane after the other: however long one has grown, the others are found as fast. It begins anywhere and goes round, so
// that with very many lanes all get their turn. What another process takes meanwhile is locked, or no longer due when it is looked at again.
const claimText = `
with candidate as materialized (
  select first.id, w.site_id, first.next_at, first.position
  from webhooks w
  join sites s on s.id = w.site_id and s.enabled
  cross join lateral (
    with recursive head as (
      select * from (
        (${firstOfLane('false as round, 1 as place', 'd.lane >= $1::uuid')})
        union all
        (${firstOfLane('true as round, 1 as place', 'd.lane < $1::uuid')})
      ) as beginning
      union all
      select following.* from head
      cross join lateral (
        ${firstOfLane('head.round, head.place + 1', 'd.lane > head.lane and (not head.round or d.lane < $1::uuid)')}
      ) following
      where head.place < ${lanesLooked}
    )
    select head.id, head.next_at, head.position from head
    where head.next_at <= now() and (head.leased_until is null or head.leased_until <= now())
    limit greatest(0, $3::int - coalesce(($4::jsonb ->> w.id::text)::int, 0))
  ) first
  where w.enabled and (w.failures > 0) = $2
), fair as (
  select id, row_number() over (partition by site_id order by next_at, position) as place,
    $5::int - coalesce(($6::jsonb ->> site_id::text)::int, 0) as room
  from candidate
), taken as materialized (
  select d.id from webhook_deliveries d
  where d.id in (select id from fair where place <= room) and d.state = 'pending' and d.next_at <= now()
    and (d.leased_until is null or d.leased_until <= now())
  order by d.next_at limit $7 for update skip locked
), leased as (
  update webhook_deliveries d
  set leased_until = now() + make_interval(secs => $8), attempts = attempts + 1, tried_at = now()
  from taken where d.id = taken.id
  returning d.*
)
select l.id, l.site_id as "siteId", s.key as "siteKey", w.id as "webhookId", w.url, w.includes_text as "includesText",
  w.sealed_secret as secret, case when w.previous_until > now() then w.previous_secret end as "previousSecret",
  l.event, l.conversation_id as "conversationId", l.subject_id as "subjectId", l.occurred_at as "occurredAt", l.attempts
from leased l join webhooks w on w.id = l.webhook_id join sites s on s.id = l.site_id`;

/** How a try went. */
export interface Outcome {
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly tookMs: number;
}

/** Writes that a delivery was made. Where its webhook had failed before, what waits for another try is due now. */
export const writeDelivered = async (
  queries: Queries,
  { id, webhookId }: Pick<ClaimedDelivery, 'id' | 'webhookId'>,
  { status, tookMs }: Outcome,
): Promise<void> => {
  const rows = await queries.query<{ healed: boolean }>(
    'webhooks_delivered',
    `with done as (
       update webhook_deliveries set state = 'delivered', leased_until = null, status = $3, error = null, took_ms = $4, finished_at = now()
       where id = $1
     ), healed as (
       update webhooks set failures = 0, failing_since = null where id = $2 and failures > 0 returning id
     )
     select exists (select from healed) as healed`,
    [id, webhookId, status ?? null, tookMs],
  );
  if (!rows[0]?.healed) return;
  await queries.query(
    'webhooks_catch_up',
    `update webhook_deliveries set next_at = now() where webhook_id = $1 and state = 'pending' and next_at > now()`,
    [webhookId],
  );
};

/** What is to become of a delivery that failed: when it is tried again, or not at all, and whether its webhook is switched off with it. */
export interface Verdict {
  readonly retrySeconds: number | undefined;
  /** Switches the webhook off, for this reason. */
  readonly disable: string | undefined;
  /** Switches it off when nothing was delivered for so long. */
  readonly disableAfterSeconds: number;
  readonly disableReason: string;
}

/** Writes that a try failed; answers why the webhook is off, if it is now. */
export const writeFailure = async (
  queries: Queries,
  { id, webhookId }: Pick<ClaimedDelivery, 'id' | 'webhookId'>,
  { status, error, tookMs }: Outcome,
  { retrySeconds, disable, disableAfterSeconds, disableReason }: Verdict,
): Promise<string | undefined> => {
  const [row] = await queries.query<{ reason: string | null }>(
    'webhooks_failed',
    `with tried as (
       update webhook_deliveries set leased_until = null, status = $3, error = $4, took_ms = $5,
         state = case when $6::float8 is null then 'failed' else state end,
         finished_at = case when $6::float8 is null then now() end,
         next_at = now() + make_interval(secs => coalesce($6::float8, 0))
       where id = $1
     ), judged as (
       select id, coalesce($7, case when failing_since <= now() - make_interval(secs => $8::float8) then $9 end) as reason
       from webhooks where id = $2 for update
     )
     update webhooks w set failures = failures + 1, failing_since = coalesce(failing_since, now()),
       enabled = enabled and j.reason is null,
       disabled_reason = case when enabled then j.reason else disabled_reason end
     from judged j where w.id = j.id returning j.reason`,
    [
      id,
      webhookId,
      status ?? null,
      error ?? null,
      tookMs,
      retrySeconds ?? null,
      disable ?? null,
      disableAfterSeconds,
      disableReason,
    ],
  );
  return row?.reason ?? undefined;
};

/** Writes that there is nothing left to tell. */
export const writeSkipped = async (queries: Queries, id: string): Promise<void> => {
  await queries.query(
    'webhooks_skipped',
    `update webhook_deliveries set state = 'skipped', leased_until = null, error = 'what it was about is gone', finished_at = now()
     where id = $1`,
    [id],
  );
};

/** Gives a delivery back that was called off: it counts as not tried, and is due at once. */
export const giveBack = async (queries: Queries, id: string): Promise<void> => {
  await queries.query(
    'webhooks_give_back',
    `update webhook_deliveries set leased_until = null, attempts = attempts - 1 where id = $1 and state = 'pending'`,
    [id],
  );
};
