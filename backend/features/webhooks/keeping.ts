import type { Webhook, WebhookDelivery } from '../../../protocol/webhooks.ts';
import type { Queries } from '../../database/transaction.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import { Problem } from '../../problem.ts';
import { seal } from '../../seal.ts';
import type { Tokens } from '../../tokens.ts';
import { queueTest } from './outbox.ts';
import { newWebhookSecret, showSecret } from './signature.ts';
import {
  findWebhook,
  insertWebhook,
  replaceSecret,
  updateWebhook,
  type NewWebhook,
  type WebhookChanges,
} from './store.ts';

/** How many webhooks a site can have. */
export const mostWebhooks = 20;

const dayInSeconds = 24 * 60 * 60;

/** What the webhooks' secrets are sealed with, and as whose. */
export const webhookSealing = (tokens: Pick<Tokens, 'keyFor'>) => ({
  key: tokens.keyFor('webhook secrets'),
  whose: (webhookId: string): string => `webhook ${webhookId}`,
});

/** Looks after the webhooks of a site, for the server API and the command line alike. */
export const createWebhookKeeping = (
  queries: Queries,
  tokens: Pick<Tokens, 'keyFor'>,
  outbound: Pick<Outbound, 'refusal'>,
) => {
  const { key, whose } = webhookSealing(tokens);
  const refuseAddress = (url: string | undefined): void => {
    const reason = url === undefined ? undefined : outbound.refusal(url);
    if (reason === undefined) return;
    throw new Problem('validation_failed', `unable to send events there; ${reason}`, {
      issues: [{ path: 'url', message: reason }],
    });
  };

  return {
    /** Adds a webhook; the secret is told this once. */
    async add(siteId: string, webhook: NewWebhook): Promise<{ webhook: Webhook; secret: string }> {
      refuseAddress(webhook.url);
      const secret = newWebhookSecret();
      const added = await insertWebhook(queries, siteId, webhook, {
        seal: (id) => seal(key, whose(id), secret),
        most: mostWebhooks,
      });
      if (!added) throw new Problem('conflict', `unable to add the webhook; a site has at most ${mostWebhooks}`);
      return { webhook: added, secret: showSecret(secret) };
    },

    async change(siteId: string, webhookId: string, changes: WebhookChanges): Promise<Webhook> {
      refuseAddress(changes.url);
      return updateWebhook(queries, siteId, webhookId, changes);
    },

    /** Gives a webhook a new secret, which is told this once; requests are signed by the old one too for a while, by default a day. */
    async rotate(
      siteId: string,
      webhookId: string,
      graceSeconds = dayInSeconds,
    ): Promise<{ webhook: Webhook; secret: string }> {
      const secret = newWebhookSecret();
      const sealed = seal(key, whose(webhookId), secret);
      const webhook = await replaceSecret(queries, siteId, webhookId, { sealed, graceSeconds });
      return { webhook, secret: showSecret(secret) };
    },

    /** Queues a `webhook.test` event. Throws `conflict` for a webhook that is off. */
    async test(siteId: string, webhookId: string): Promise<WebhookDelivery> {
      const { enabled } = await findWebhook(queries, siteId, webhookId);
      if (!enabled) throw new Problem('conflict', 'unable to send a test; the webhook is off: switch it on first');
      return queueTest(queries, siteId, webhookId);
    },
  };
};
