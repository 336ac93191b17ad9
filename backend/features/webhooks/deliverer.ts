import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { acrossSites, inSite } from '../../database/wall.ts';
import type { Deps } from '../../feature.ts';
import { OutboundFailure, type Outbound } from '../../outbound/outbound.ts';
import { pause } from '../../pause.ts';
import { openSeal } from '../../seal.ts';
import { makeBody } from './body.ts';
import {
  claimDeliveries,
  giveBack,
  isAnythingDue,
  writeDelivered,
  writeFailure,
  writeSkipped,
  type ClaimedDelivery,
  type Outcome,
} from './claims.ts';
import { webhookSealing } from './keeping.ts';
import { signWebhook } from './signature.ts';

/** Sends what the outbox holds; those of several processes share the work. */
export interface Deliverer {
  start(): void;
  /** Takes nothing more, and waits a little for what is under way; what does not end by then is given back. */
  close(): Promise<void>;
}

// An answer is looked at for its status; a few bytes of the rest end it in peace.
const answerBytes = 4096;
/** How long a delivery is given when the process goes down. */
const closePatienceMs = 2000;
/** By how much a wait is longer or shorter, so that not everything comes back at once. */
const jitter = 0.2;

/** Makes the deliverer of a process. */
export const createDeliverer = (
  { config, db, log, tokens }: Pick<Deps, 'config' | 'db' | 'log' | 'tokens'>,
  outbound: Outbound,
): Deliverer => {
  const bounds = config.webhooks;
  const sealing = webhookSealing(tokens);
  const stopped = new AbortController();
  const calledOff = new AbortController();
  const underWay = new Map<ClaimedDelivery, { failing: boolean; done: Promise<void> }>();
  let wake = (): void => undefined;
  let stop = (): void => undefined;
  const stopping = new Promise<void>((resolve) => (stop = resolve));
  let working: Promise<void> | undefined;
  let troubled = false;

  const send = async (delivery: ClaimedDelivery, body: string): Promise<Outcome> => {
    const began = performance.now();
    const timestamp = Math.floor(Date.now() / 1000);
    const secrets = [delivery.secret, delivery.previousSecret].filter((sealed) => sealed !== null);
    const signatures = secrets.map((sealed) =>
      signWebhook(
        openSeal(sealing.key, sealing.whose(delivery.webhookId), sealed),
        { id: delivery.id, timestamp },
        body,
      ),
    );
    const took = (): number => Math.round(performance.now() - began);
    try {
      const { status } = await outbound.request({
        url: delivery.url,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': delivery.id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatures.join(' '),
        },
        body,
        maxBytes: answerBytes,
        timeoutMs: bounds.timeoutMs,
        signal: calledOff.signal,
      });
      const good = status >= 200 && status < 300;
      return { status, error: good ? undefined : `it answered ${status}`, tookMs: took() };
    } catch (error) {
      if (!(error instanceof OutboundFailure) || error.code === 'aborted') throw error;
      return { status: undefined, error: error.message, tookMs: took() };
    }
  };

  const judge = async (delivery: ClaimedDelivery, outcome: Outcome): Promise<void> => {
    if (outcome.error === undefined) return writeDelivered(db, delivery, outcome);
    const planned = bounds.retrySeconds[delivery.attempts - 1];
    const reason = await writeFailure(db, delivery, outcome, {
      retrySeconds: planned === undefined ? undefined : planned * (1 + jitter * (2 * Math.random() - 1)),
      disable: outcome.status === 410 ? 'it answered 410: it is gone for good' : undefined,
      disableAfterSeconds: bounds.disableAfterSeconds,
      disableReason: `nothing could be delivered for ${inWords(bounds.disableAfterSeconds)}; at last: ${outcome.error}`,
    });
    if (reason !== undefined)
      log.warn({ site: delivery.siteKey, webhook: delivery.webhookId, reason }, 'a webhook is switched off');
    return undefined;
  };

  const deliver = async (delivery: ClaimedDelivery): Promise<void> => {
    try {
      const body = await makeBody(db, delivery);
      if (body === undefined) await writeSkipped(db, delivery.id);
      else await judge(delivery, await send(delivery, body));
    } catch (error) {
      // When this fails too, the lease ends by itself.
      await giveBack(db, delivery.id).catch(() => undefined);
      if (!calledOff.signal.aborted)
        log.warn({ err: error, webhook: delivery.webhookId }, 'unable to deliver an event');
    }
  };

  const claim = async (failing: boolean, room: number): Promise<void> => {
    const { perWebhook, perSite, leaseSeconds } = bounds;
    if (room <= 0) return;
    const busy = [...underWay.keys()];
    const claimed = await acrossSites(() =>
      claimDeliveries(db, randomUUID(), {
        failing,
        room,
        perWebhook,
        perSite,
        leaseSeconds,
        busyWebhooks: countBy(busy, ({ webhookId }) => webhookId),
        busySites: countBy(busy, ({ siteId }) => siteId),
      }),
    );
    for (const delivery of claimed) {
      const done = inSite(delivery.siteId, () => deliver(delivery)).finally(() => {
        underWay.delete(delivery);
        wake();
      });
      underWay.set(delivery, { failing, done });
    }
  };

  const look = async (): Promise<void> => {
    if (!(await acrossSites(() => isAnythingDue(db)))) return;
    const { inProcess } = bounds;
    await claim(false, inProcess - underWay.size);
    const failing = [...underWay.values()].filter((each) => each.failing).length;
    await claim(true, Math.min(inProcess - underWay.size, Math.floor(inProcess / 2) - failing));
  };

  const work = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      try {
        await look();
        troubled = false;
      } catch (error) {
        // While the database is away, others say so; anything else is said once.
        if (!troubled) log.warn({ err: error }, 'unable to look for events to deliver; trying again');
        troubled = true;
      }
      // What ends meanwhile is no reason to ask a database sooner that has just failed.
      await pause(troubled ? stopping : woken, bounds.pollMs);
    }
  };

  return {
    start() {
      working ??= work();
    },
    async close() {
      stopped.abort();
      stop();
      wake();
      await working;
      const all = Promise.allSettled([...underWay.values()].map(({ done }) => done));
      await Promise.race([all, wait(closePatienceMs, undefined, { ref: false })]);
      calledOff.abort();
      await all;
    },
  };
};

const countBy = <T>(all: readonly T[], keyOf: (one: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const one of all) counts[keyOf(one)] = (counts[keyOf(one)] ?? 0) + 1;
  return counts;
};

const inWords = (seconds: number): string => (seconds >= 3600 ? `${Math.round(seconds / 3600)} hours` : `${seconds} s`);
