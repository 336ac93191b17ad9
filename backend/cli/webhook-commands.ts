import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  webhookEventType,
  type Webhook,
  type WebhookDelivery,
  type WebhookEventType,
} from '../../protocol/webhooks.ts';
import type { Database } from '../database/connect.ts';
import { inSite } from '../database/wall.ts';
import { findSite } from '../features/sites/index.ts';
import {
  createWebhookKeeping,
  findDelivery,
  findWebhook,
  listWebhooks,
  removeWebhook,
} from '../features/webhooks/index.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { Problem } from '../problem.ts';
import { withInstallation } from './installation.ts';
import { print, table } from './output.ts';
import { record } from './record.ts';

/** Commands for the addresses of a site's own servers that are told what happens. */
export const addWebhookCommands = (program: Command): void => {
  const webhook = program.command('webhook').description('webhooks: what a site’s own servers are told');

  webhook
    .command('add <site> <url>')
    .description('add a webhook; its secret is shown this once')
    .option('--event <event...>', `what it is told of, by default all: ${webhookEventType.options.join(', ')}`)
    .option('--description <text>', 'what it is for', '')
    .option('--includes-text', 'send what people write, too', false)
    .action(async (siteKey: string, url: string, options: AddOptions) => {
      const events = options.event?.map(readEvent) ?? webhookEventType.options;
      await onWebhooks(siteKey, async ({ siteId, keeping, audit }) => {
        const { description, includesText } = options;
        const { webhook: added, secret } = await keeping.add(siteId, { url, events, description, includesText });
        await audit('webhook add', added.id);
        showSecret(`Webhook ${added.id} of site ${siteKey} is added.`, { ...added, secret });
      });
    });

  webhook
    .command('list <site>')
    .description('the webhooks of a site, and how they are')
    .action(async (siteKey: string) => {
      await onWebhooks(siteKey, async ({ db, siteId }) => {
        const rows = await listWebhooks(db, siteId);
        print(rows, () =>
          table(
            ['id', 'state', 'url', 'events'],
            rows.map((row) => [row.id, stateOf(row), row.url, row.events.join(', ')]),
          ),
        );
      });
    });

  webhook
    .command('remove <site> <id>')
    .description('remove a webhook, with all that waits for it')
    .action(async (siteKey: string, given: string) => {
      const id = readId(given);
      await onWebhooks(siteKey, async ({ db, siteId, audit }) => {
        await removeWebhook(db, siteId, id);
        await audit('webhook remove', id);
        print({ site: siteKey, id, removed: true }, () => `Webhook ${id} is removed.`);
      });
    });

  for (const [name, enabled, description] of [
    ['enable', true, 'switch a webhook on again; it is told what waits for it'],
    ['disable', false, 'switch a webhook off'],
  ] as const) {
    webhook
      .command(`${name} <site> <id>`)
      .description(description)
      .action(async (siteKey: string, given: string) => {
        const id = readId(given);
        await onWebhooks(siteKey, async ({ siteId, keeping, audit }) => {
          const changed = await keeping.change(siteId, id, { enabled });
          await audit(`webhook ${name}`, id);
          print(changed, () => `Webhook ${id} is ${stateOf(changed)}.`);
        });
      });
  }

  webhook
    .command('rotate <site> <id>')
    .description('give a webhook a new secret; for a day requests are signed by the old one too')
    .option('--at-once', 'the old one counts no more', false)
    .action(async (siteKey: string, given: string, { atOnce }: { atOnce: boolean }) => {
      const id = readId(given);
      await onWebhooks(siteKey, async ({ siteId, keeping, audit }) => {
        const { webhook: rotated, secret } = await keeping.rotate(siteId, id, atOnce ? 0 : undefined);
        await audit('webhook rotate', id);
        showSecret(`Webhook ${id} has a new secret.`, { ...rotated, secret });
      });
    });

  webhook
    .command('test <site> <id>')
    .description('have a running server send a webhook.test event, and say what came of it')
    .action(async (siteKey: string, given: string) => {
      const id = readId(given);
      await onWebhooks(siteKey, async ({ db, siteId, keeping }) => {
        await findWebhook(db, siteId, id);
        const done = await waitFor(db, siteId, await keeping.test(siteId, id));
        if (done.state !== 'delivered') throw new Error(`unable to deliver the test; ${done.error ?? noServer}`);
        print(done, () => `It answered ${done.status} in ${done.tookMs} ms.`);
      });
    });
};

interface AddOptions {
  readonly event?: string[];
  readonly description: string;
  readonly includesText: boolean;
}

interface WebhookWork {
  readonly db: Database;
  readonly siteId: string;
  readonly keeping: ReturnType<typeof createWebhookKeeping>;
  /** Writes what was done into the audit log. */
  audit(act: string, target: string): Promise<void>;
}

const onWebhooks = (siteKey: string, work: (parts: WebhookWork) => Promise<void>): Promise<void> =>
  withInstallation(async ({ config, db, tokens }) => {
    const { id: siteId } = await findSite(db, siteKey);
    const keeping = createWebhookKeeping(db, tokens, createOutbound(config));
    const audit = (act: string, target: string) => record(db, siteId, act, { target });
    await inSite(siteId, () => work({ db, siteId, keeping, audit }));
  });

const noServer = 'nobody has tried within 30 seconds: is a server running?';
const patienceMs = 30_000;

/** Waits until a server has tried. */
const waitFor = async (db: Database, siteId: string, sent: WebhookDelivery): Promise<WebhookDelivery> => {
  const until = performance.now() + patienceMs;
  for (;;) {
    const delivery = await findDelivery(db, siteId, sent.id);
    const tried = delivery.state !== 'pending' || delivery.error !== undefined;
    if (tried || performance.now() > until) return delivery;
    await wait(200);
  }
};

const stateOf = ({ enabled, disabledReason, failingSince }: Webhook): string => {
  if (!enabled) return disabledReason === undefined ? 'off' : `off: ${disabledReason}`;
  return failingSince === undefined ? 'on' : `fails since ${failingSince}`;
};

const showSecret = (headline: string, webhook: Webhook & { readonly secret: string }): void =>
  print(webhook, () =>
    [
      `${headline} Its secret is shown this once:`,
      '',
      `  ${webhook.secret}`,
      '',
      'Keep it in the settings of your server, which checks by it what comes; see docs/webhooks.md.',
    ].join('\n'),
  );

const readEvent = (text: string): WebhookEventType => {
  const { data } = webhookEventType.safeParse(text);
  if (data !== undefined) return data;
  throw new Problem('validation_failed', `unable to tell of ${text}; there are ${webhookEventType.options.join(', ')}`);
};

const readId = (text: string): string => {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return text.toLowerCase();
  throw new Problem(
    'validation_failed',
    `unable to find the webhook; ${text} is no id: teatime webhook list tells them`,
  );
};
