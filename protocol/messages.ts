import { z } from 'zod';
import { callEntry } from './calls.ts';
import { defineCommands, defineEndpoints, defineEvents } from './contract.ts';
import { file } from './files.ts';
import { conversationParams, fields, id, queryNumber, seq, storableText, time } from './primitives.ts';

/** An emoji on a message, with who put it there, first one first. */
export const reaction = z.object({ emoji: z.string(), userIds: z.array(id) });
/** An emoji on a message, with who put it there, first one first. */
export type Reaction = z.infer<typeof reaction>;

/**
 * A message. `seq` is its place in the timeline, `changedSeq` its last change. A deleted message stays as a
 * tombstone: `deletedAt` is set, `text` is empty and mentions, reactions, files and `call` are gone.
 */
export const message = z.object({
  id,
  conversationId: id,
  senderId: id,
  clientId: id,
  seq,
  changedSeq: seq,
  text: z.string(),
  replyTo: id.optional(),
  mentions: z.array(id),
  reactions: z.array(reaction),
  files: z.array(file),
  /** The server wrote it when a call ended, as if who had called said it. Its text is empty and cannot be edited. */
  call: callEntry.optional(),
  createdAt: time,
  editedAt: time.optional(),
  deletedAt: time.optional(),
});
/** A message. */
export type Message = z.infer<typeof message>;

const encoder = new TextEncoder();

/** What is said: 1 to 8,000 code points and at most 32 KiB of UTF-8, not only white space. */
export const messageText = storableText
  .refine((text) => text.trim().length > 0, 'must not be empty')
  .refine((text) => text.length <= 16_000 && [...text].length <= 8_000, 'must have at most 8,000 characters')
  .refine((text) => text.length > 16_000 || encoder.encode(text).length <= 32 * 1024, 'must have at most 32 KiB');

const mentions = z
  .array(id)
  .max(50)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name anybody twice');

/** One emoji: a single grapheme with a pictographic character, a flag, or a key cap (Unicode TR51). */
export const emoji = storableText
  .max(64)
  .refine(
    (text) =>
      /^(?:\p{RI}{2}|[0-9#*]\u{FE0F}?\u{20E3}|(?=.*\p{Extended_Pictographic})[\p{Emoji}\p{EMod}\u{FE0F}\u{200D}\u{E0020}-\u{E007F}\u2640\u2642\u2695]+)$/u.test(
        text,
      ),
    'must be one emoji',
  )
  .refine(
    (text) => [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length === 1,
    'must be one emoji',
  );

const fileIds = z
  .array(id)
  .min(1)
  .max(100)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name a file twice');

/** What is said beside files, which may be nothing. */
const caption = z.union([z.literal(''), messageText]);

const draft = {
  clientId: id,
  text: caption,
  replyTo: id.optional(),
  mentions: mentions.optional(),
  fileIds: fileIds.optional(),
};
const needsContent = (draft: { text: string; fileIds?: readonly string[] | undefined }) =>
  draft.text !== '' || draft.fileIds !== undefined;
const emptyDraft = { path: ['text'], message: 'must not be empty' };
/** Only a message with files may lose its text. */
const edit = { text: caption, mentions: mentions.optional() };
const sent = z.object({ message, replayed: z.boolean() });
const changed = z.object({ message });
/** The path parameters of everything on a message. */
export const messageParams = conversationParams.extend({ messageId: id });
const reactionParams = messageParams.extend({ emoji });
const inConversation = { conversationId: id };
const onMessage = { conversationId: id, messageId: id };

/** What a sender hands over. */
export type MessageDraft = z.output<z.ZodObject<typeof draft>>;

export const messageEndpoints = defineEndpoints({
  'GET /conversations/:conversationId/messages': {
    summary:
      'A page of the timeline, oldest first. `before` and `after` are exclusive `seq` bounds; without either, the newest page.',
    auth: 'session',
    bots: ['messages:read'],
    params: conversationParams,
    query: fields({
      before: queryNumber.optional(),
      after: queryNumber.optional(),
      limit: queryNumber.pipe(z.int().min(1).max(100)).optional(),
    }),
    replies: { 200: z.object({ messages: z.array(message), hasMore: z.boolean() }) },
  },
  'GET /conversations/:conversationId/messages/:messageId': {
    summary: 'One message, such as the one that a reply quotes.',
    auth: 'session',
    bots: ['messages:read'],
    params: messageParams,
    replies: { 200: changed },
  },
  'POST /conversations/:conversationId/messages': {
    summary:
      'Send. A repeated `clientId` with the same body answers 200 with the first message; with another body 422 `idempotency_key_reused`.',
    auth: 'session',
    bots: ['messages:write'],
    params: conversationParams,
    body: fields(draft).refine(needsContent, emptyDraft),
    replies: { 201: sent, 200: sent },
  },
  'PATCH /conversations/:conversationId/messages/:messageId': {
    summary: 'Edit your own message. Mentions that are left out stay.',
    auth: 'session',
    bots: ['messages:write'],
    params: messageParams,
    body: fields(edit),
    replies: { 200: changed },
  },
  'DELETE /conversations/:conversationId/messages/:messageId': {
    summary:
      'Delete your own message, or anybody’s as an owner or admin of a group. It stays as a tombstone; deleting it again changes nothing.',
    auth: 'session',
    bots: ['messages:write'],
    params: messageParams,
    replies: { 200: changed },
  },
  'PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji': {
    summary: 'React. At most 20 different emoji on a message; a reaction that is there already changes nothing.',
    auth: 'session',
    bots: ['messages:read', 'reactions:write'],
    params: reactionParams,
    replies: { 200: changed },
  },
  'DELETE /conversations/:conversationId/messages/:messageId/reactions/:emoji': {
    summary: 'Take your reaction back; one that is not there changes nothing.',
    auth: 'session',
    bots: ['messages:read', 'reactions:write'],
    params: reactionParams,
    replies: { 200: changed },
  },
});

export const messageCommands = defineCommands({
  'message.send': {
    bots: ['messages:write'],
    summary: 'Send.',
    data: fields({ ...inConversation, ...draft }).refine(needsContent, emptyDraft),
    reply: sent,
  },
  'message.edit': {
    bots: ['messages:write'],
    summary: 'Edit your own message.',
    data: fields({ ...onMessage, ...edit }),
    reply: changed,
  },
  'message.delete': { bots: ['messages:write'], summary: 'Delete a message.', data: fields(onMessage), reply: changed },
  'reaction.add': {
    bots: ['messages:read', 'reactions:write'],
    summary: 'React.',
    data: fields({ ...onMessage, emoji }),
    reply: changed,
  },
  'reaction.remove': {
    bots: ['messages:read', 'reactions:write'],
    summary: 'Take your reaction back.',
    data: fields({ ...onMessage, emoji }),
    reply: changed,
  },
});

export const messageEvents = defineEvents({
  'message.created': { summary: 'Somebody said something.', scope: 'durable', data: z.object({ message }) },
  'message.changed': {
    summary: 'A message was edited, deleted, or its reactions changed.',
    scope: 'durable',
    data: z.object({ message }),
  },
});
