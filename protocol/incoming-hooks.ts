import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { messageText } from './messages.ts';
import { conversationParams, fields, id, seq, time } from './primitives.ts';
import { displayName, user } from './users.ts';

/** A way by which another program posts into one conversation, as a bot of its own. */
export const incomingHook = z.object({
  id,
  conversationId: id,
  /** Whom its messages are from. */
  user,
  /** Where requests go. It is no secret: what counts is how they are signed. */
  url: z.string(),
  createdAt: time,
});
/** A way by which another program posts into one conversation. */
export type IncomingHook = z.infer<typeof incomingHook>;

const params = fields({ hookId: id });
const withSecret = z.object({ hook: incomingHook, secret: z.string() });

export const incomingHookEndpoints = defineEndpoints({
  'GET /admin/conversations/:conversationId/hooks': {
    summary: 'The incoming hooks of a conversation.',
    auth: 'server',
    scope: 'webhooks:read',
    params: conversationParams,
    replies: { 200: z.object({ hooks: z.array(incomingHook) }) },
  },
  'POST /admin/conversations/:conversationId/hooks': {
    summary: 'Let another program post into a group, under this name. The secret that it signs by is shown this once.',
    auth: 'server',
    scope: 'webhooks:write',
    params: conversationParams,
    body: fields({ name: displayName }),
    replies: { 201: withSecret },
  },
  'POST /admin/hooks/:hookId/rotate': {
    summary: 'Give an incoming hook a new secret; the one before counts no more.',
    auth: 'server',
    scope: 'webhooks:write',
    params,
    body: fields({}),
    replies: { 200: withSecret },
  },
  'DELETE /admin/hooks/:hookId': {
    summary: 'Remove an incoming hook, and its bot from the conversation. What it said stays.',
    auth: 'server',
    scope: 'webhooks:write',
    params,
    replies: { 204: null },
  },
  'POST /hooks/:hookId': {
    summary:
      'Post into the conversation of an incoming hook, signed as Standard Webhooks has it by `webhook-id`, `webhook-timestamp` (at most five minutes off) and `webhook-signature`. An id is taken once.',
    auth: 'anonymous',
    params,
    body: fields({ text: messageText }),
    replies: { 201: z.object({ message: z.object({ id, conversationId: id, seq, createdAt: time }) }) },
  },
});
