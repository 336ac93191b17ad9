import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { message, messageParams, messageText } from './messages.ts';
import { conversationParams, fields, id, queryNumber, storableText } from './primitives.ts';

const sent = z.object({ message, replayed: z.boolean() });

export const adminMessageEndpoints = defineEndpoints({
  'GET /admin/conversations/:conversationId/messages': {
    summary:
      'A page of the timeline, oldest first. `before` and `after` are exclusive `seq` bounds; without either, the newest page.',
    auth: 'server',
    scope: 'messages:read',
    params: conversationParams,
    query: fields({
      before: queryNumber.optional(),
      after: queryNumber.optional(),
      limit: queryNumber.pipe(z.int().min(1).max(100)).optional(),
    }),
    replies: { 200: z.object({ messages: z.array(message), hasMore: z.boolean() }) },
  },
  'POST /admin/conversations/:conversationId/messages': {
    summary:
      'Say something as the site itself, or on behalf of a member, by `senderId` or `senderExternalId`. A repeated `clientId` with the same body answers 200 with the first message; with another body 422 `idempotency_key_reused`.',
    auth: 'server',
    scope: 'messages:write',
    params: conversationParams,
    body: fields({
      clientId: id,
      text: messageText,
      senderId: id.optional(),
      senderExternalId: z.string().min(1).max(128).optional(),
      replyTo: id.optional(),
    }).refine((body) => body.senderId === undefined || body.senderExternalId === undefined, {
      path: ['senderExternalId'],
      message: 'must not come with senderId',
    }),
    replies: { 201: sent, 200: sent },
  },
  'DELETE /admin/conversations/:conversationId/messages/:messageId': {
    summary:
      'Delete a message, its files included. It stays as a tombstone; deleting it again changes nothing. The audit log keeps the reason.',
    auth: 'server',
    scope: 'messages:write',
    params: messageParams,
    query: fields({ reason: storableText.trim().min(1).max(200).optional() }),
    replies: { 200: z.object({ message }) },
  },
});
