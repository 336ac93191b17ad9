import { acrossSites } from '../../database/wall.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { createOutbound } from '../../outbound/outbound.ts';
import { readPageQuery, toPage } from '../admin/index.ts';
import { createDeliverer } from './deliverer.ts';
import { createWebhookKeeping } from './keeping.ts';
import { dropOldDeliveries, listDeliveries } from './outbox.ts';
import { findWebhook, listWebhooks, removeWebhook } from './store.ts';

export { createWebhookKeeping } from './keeping.ts';
export { findDelivery, listDeliveries } from './outbox.ts';
export { findWebhook, listWebhooks, removeWebhook } from './store.ts';
export { checkWebhook, newWebhookSecret, showSecret, signatureWindowSeconds, signWebhook } from './signature.ts';

const hourMs = 60 * 60_000;

/** What a site's own servers are told: webhooks, and what carries events to them. */
export const createWebhooks = (deps: Deps): Feature => {
  const { config, db, log, tokens } = deps;
  const outbound = createOutbound(config);
  const keeping = createWebhookKeeping(db, tokens, outbound);
  const deliverer = createDeliverer(deps, outbound);
  const sweep = setInterval(
    () =>
      void acrossSites(() => dropOldDeliveries(db, config.webhooks.keptDays)).catch(() =>
        log.warn('unable to drop old deliveries of webhooks'),
      ),
    hourMs,
  );
  sweep.unref();

  return {
    commands: [],
    routes: [
      route('GET /admin/webhooks', async ({ site }) => ({
        status: 200,
        body: { webhooks: await listWebhooks(db, site.id) },
      })),
      route('POST /admin/webhooks', async ({ site, body, note }) => {
        const added = await keeping.add(site.id, body);
        note({ target: added.webhook.id, details: { url: hostOf(body.url) } });
        return { status: 201, body: added };
      }),
      route('GET /admin/webhooks/:webhookId', async ({ site, params }) => ({
        status: 200,
        body: { webhook: await findWebhook(db, site.id, params.webhookId) },
      })),
      route('PATCH /admin/webhooks/:webhookId', async ({ site, params, body }) => ({
        status: 200,
        body: { webhook: await keeping.change(site.id, params.webhookId, body) },
      })),
      route('POST /admin/webhooks/:webhookId/rotate', async ({ site, params, body }) => ({
        status: 200,
        body: await keeping.rotate(site.id, params.webhookId, body.graceSeconds),
      })),
      route('DELETE /admin/webhooks/:webhookId', async ({ site, params }) => {
        await removeWebhook(db, site.id, params.webhookId);
        return { status: 204, body: null };
      }),
      route('POST /admin/webhooks/:webhookId/test', async ({ site, params }) => ({
        status: 202,
        body: { delivery: await keeping.test(site.id, params.webhookId) },
      })),
      route('GET /admin/webhooks/:webhookId/deliveries', async ({ site, params, query }) => {
        await findWebhook(db, site.id, params.webhookId);
        const { limit, after } = readPageQuery(query);
        const { state } = query;
        const found = await listDeliveries(db, site.id, params.webhookId, { limit: limit + 1, after, state });
        const { rows, next } = toPage(found, limit);
        return { status: 200, body: { deliveries: rows, ...next } };
      }),
    ],
    open: () => deliverer.start(),
    async close() {
      clearInterval(sweep);
      await deliverer.close();
    },
  };
};

/** What the audit log keeps of an address: the rest of it may be a secret. */
const hostOf = (url: string): string => new URL(url).host;
