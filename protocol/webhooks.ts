import { z } from 'zod';
import { adminPage } from './admin.ts';
import { defineEndpoints } from './contract.ts';
import { fields, id, seq, storableText, time } from './primitives.ts';

/** What a webhook can be told of. */
export const webhookEventType = z.enum([
  'message.created',
  'message.changed',
  'message.deleted',
  'member.joined',
  'member.left',
  'member.changed',
  'call.started',
  'call.ended',
  'user.disabled',
]);
/** What a webhook can be told of. */
export type WebhookEventType = z.infer<typeof webhookEventType>;

/** An address of a site's own server that is told what happens. */
export const webhook = z.object({
  id,
  url: z.string(),
  description: z.string(),
  events: z.array(webhookEventType),
  /** Bodies carry what people write: texts, titles, names of files. */
  includesText: z.boolean(),
  enabled: z.boolean(),
  /** Why the server has switched it off. */
  disabledReason: z.string().optional(),
  /** Tries that failed since something was last delivered, and when they began. */
  failures: z.int().min(0),
  failingSince: time.optional(),
  createdAt: time,
});
/** An address of a site's own server that is told what happens. */
export type Webhook = z.infer<typeof webhook>;

/** One thing that a webhook is told. `skipped`: what it was about is gone; `failed`: given up. */
export const webhookDelivery = z.object({
  /** Also the `webhook-id` of its requests. */
  id,
  event: z.string(),
  conversationId: id.optional(),
  seq: seq.optional(),
  state: z.enum(['pending', 'delivered', 'failed', 'skipped']),
  attempts: z.int().min(0),
  /** Of the last try: the HTTP status, or why there is none, and how long it took. */
  status: z.int().optional(),
  error: z.string().optional(),
  tookMs: z.int().optional(),
  occurredAt: time,
  triedAt: time.optional(),
  /** When it is tried again. */
  nextAt: time.optional(),
  finishedAt: time.optional(),
});
/** One thing that a webhook is told. */
export type WebhookDelivery = z.infer<typeof webhookDelivery>;

const person = z.object({
  id,
  externalId: z.string().optional(),
  username: z.string(),
  displayName: z.string(),
  kind: z.enum(['person', 'guest', 'bot', 'system']),
});
const place = z.object({ id, kind: z.enum(['dm', 'group']), title: z.string().optional() });

/** What a webhook is told of each kind of event, as it is when it is sent. Texts, titles and names of files are there for a webhook that `includesText`. */
export const webhookData = {
  message: z.object({
    conversation: place,
    message: z.object({
      id,
      seq,
      changedSeq: seq,
      sender: person,
      text: z.string().optional(),
      replyTo: id.optional(),
      mentions: z.array(id),
      files: z.array(z.object({ id, kind: z.string(), type: z.string(), size: z.int(), name: z.string().optional() })),
      call: z.object({ callId: id }).loose().optional(),
      createdAt: time,
      editedAt: time.optional(),
      deletedAt: time.optional(),
    }),
  }),
  member: z.object({
    conversation: place,
    member: z.object({ user: person, role: z.enum(['owner', 'admin', 'member']), left: z.boolean(), changedSeq: seq }),
  }),
  call: z.object({
    conversation: place,
    call: z.object({
      id,
      kind: z.enum(['audio', 'video']),
      state: z.string(),
      startedBy: person,
      createdAt: time,
      connectedAt: time.optional(),
      endedAt: time.optional(),
      outcome: z.string().optional(),
    }),
  }),
  user: z.object({ user: person.extend({ disabledAt: time.optional() }) }),
};

const url = z.url('must be a URL').max(2000);
const events = z
  .array(webhookEventType)
  .min(1, 'must name at least one event')
  .refine((names) => new Set(names).size === names.length, 'must not name an event twice');
const description = storableText.max(200);
const params = fields({ webhookId: id });
const one = z.object({ webhook });
const withSecret = z.object({ webhook, secret: z.string() });

export const webhookEndpoints = defineEndpoints({
  'GET /admin/webhooks': {
    summary: 'The webhooks of the site.',
    auth: 'server',
    scope: 'webhooks:read',
    replies: { 200: z.object({ webhooks: z.array(webhook) }) },
  },
  'POST /admin/webhooks': {
    summary: 'Add a webhook. Its secret, by which you check what comes, is shown this once.',
    auth: 'server',
    scope: 'webhooks:write',
    body: fields({ url, events, description: description.optional(), includesText: z.boolean().optional() }),
    replies: { 201: withSecret },
  },
  'GET /admin/webhooks/:webhookId': {
    summary: 'One webhook: whether it is on, and since when it fails.',
    auth: 'server',
    scope: 'webhooks:read',
    params,
    replies: { 200: one },
  },
  'PATCH /admin/webhooks/:webhookId': {
    summary: 'Change a webhook, or switch it off and on. Switched on, it is told at once what waits for it.',
    auth: 'server',
    scope: 'webhooks:write',
    params,
    body: fields({
      url: url.optional(),
      events: events.optional(),
      description: description.optional(),
      includesText: z.boolean().optional(),
      enabled: z.boolean().optional(),
    }),
    replies: { 200: one },
  },
  'POST /admin/webhooks/:webhookId/rotate': {
    summary:
      'Give a webhook a new secret. For a day, or as many seconds as you say, requests are signed by the old one too.',
    auth: 'server',
    scope: 'webhooks:write',
    params,
    body: fields({
      graceSeconds: z
        .int()
        .min(0)
        .max(7 * 24 * 3600)
        .optional(),
    }),
    replies: { 200: withSecret },
  },
  'DELETE /admin/webhooks/:webhookId': {
    summary: 'Remove a webhook, with all that waits for it.',
    auth: 'server',
    scope: 'webhooks:write',
    params,
    replies: { 204: null },
  },
  'POST /admin/webhooks/:webhookId/test': {
    summary: 'Send a `webhook.test` event; its delivery tells what came of it.',
    auth: 'server',
    scope: 'webhooks:write',
    params,
    replies: { 202: z.object({ delivery: webhookDelivery }) },
  },
  'GET /admin/webhooks/:webhookId/deliveries': {
    summary: 'What the webhook was told in the last days and is yet to be told, newest first.',
    auth: 'server',
    scope: 'webhooks:read',
    params,
    query: fields({ ...adminPage, state: webhookDelivery.shape.state.optional() }),
    replies: { 200: z.object({ deliveries: z.array(webhookDelivery), nextCursor: z.string().optional() }) },
  },
});
