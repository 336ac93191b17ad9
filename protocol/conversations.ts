import { z } from 'zod';
import { defineEndpoints, defineEvents } from './contract.ts';
import { message } from './messages.ts';
import { conversationParams, fields, id, nameText, queryNumber, seq, time } from './primitives.ts';
import { user } from './users.ts';

/** What a member may do: an owner everything, an admin all but touching owners, a member talk. */
export const role = z.enum(['owner', 'admin', 'member']);
/** What a member may do. */
export type Role = z.infer<typeof role>;

/** A user in a conversation, with their receipts. `removed` marks somebody who has left or was removed. */
export const member = z.object({
  userId: id,
  role,
  joinedSeq: seq,
  changedSeq: seq,
  deliveredSeq: seq,
  readSeq: seq,
  removed: z.literal(true).optional(),
  user,
});
/** A user in a conversation, with their receipts. */
export type Member = z.infer<typeof member>;

/** The kinds of conversation that exist so far. */
export const conversationKind = z.enum(['dm', 'group']);
/** The kinds of conversation that exist so far. */
export type ConversationKind = z.infer<typeof conversationKind>;

/**
 * A conversation as the caller sees it. `head` is its change counter; `unread` counts others' messages after the
 * caller's `readSeq`, up to 999. In lists `members` holds the caller and the first others, 20 in all; `memberCount` counts all.
 */
export const conversation = z.object({
  id,
  kind: conversationKind,
  title: z.string().optional(),
  avatarUrl: z.string().optional(),
  head: seq,
  changedSeq: seq,
  unread: z.int().min(0),
  members: z.array(member),
  memberCount: z.int().min(0),
  lastMessage: message.optional(),
  lastActivityAt: time,
  /** The site has closed it: nobody can write there until it is opened again. */
  closedAt: time.optional(),
  muted: z.boolean(),
  pinned: z.boolean(),
  createdAt: time,
});
/** A conversation as the caller sees it. */
export type Conversation = z.infer<typeof conversation>;

/** What all members see alike of a conversation; travels in `conversation.changed`. */
export const conversationSummary = conversation.pick({
  id: true,
  kind: true,
  title: true,
  avatarUrl: true,
  head: true,
  changedSeq: true,
  closedAt: true,
});
/** What all members see alike of a conversation. */
export type ConversationSummary = z.infer<typeof conversationSummary>;

const title = nameText(100);
const one = z.object({ conversation });
const userIds = z
  .array(id)
  .max(999)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name anybody twice');
const memberParams = conversationParams.extend({ userId: id });

export const conversationEndpoints = defineEndpoints({
  'GET /conversations': {
    summary: 'Your conversations by last activity, newest first. `cursor` is the `nextCursor` of the page before.',
    auth: 'session',
    bots: ['messages:read'],
    query: fields({
      cursor: z.string().max(200).optional(),
      limit: queryNumber.pipe(z.int().min(1).max(100)).optional(),
    }),
    replies: { 200: z.object({ conversations: z.array(conversation), nextCursor: z.string().optional() }) },
  },
  'POST /conversations': {
    summary: 'Open a direct message (200 when it exists already) or make a group, of which you become the owner.',
    auth: 'session',
    body: fields({
      kind: conversationKind,
      userId: id.optional(),
      title: title.optional(),
      userIds: userIds.optional(),
    }).superRefine((body, check) => {
      const wrong = (path: string, message: string) => check.addIssue({ code: 'custom', path: [path], message });
      if (body.kind === 'dm') {
        if (body.userId === undefined) wrong('userId', 'is needed for a direct message');
        if (body.title !== undefined) wrong('title', 'a direct message has none');
        if (body.userIds !== undefined) wrong('userIds', 'a direct message takes userId');
      } else {
        if (body.title === undefined) wrong('title', 'is needed for a group');
        if (body.userId !== undefined) wrong('userId', 'a group takes userIds');
        if (body.userIds === undefined) wrong('userIds', 'is needed for a group');
      }
    }),
    replies: { 201: one, 200: one },
  },
  'GET /conversations/:conversationId': {
    summary: 'One of your conversations, with all its members.',
    auth: 'session',
    bots: ['messages:read'],
    params: conversationParams,
    replies: { 200: one },
  },
  'PATCH /conversations/:conversationId': {
    summary: 'Rename a group (owner or admin); mute or pin any conversation for yourself.',
    auth: 'session',
    params: conversationParams,
    body: fields({ title: title.optional(), muted: z.boolean().optional(), pinned: z.boolean().optional() }),
    replies: { 200: one },
  },
  'PUT /conversations/:conversationId/avatar': {
    summary: 'Give a group a picture (owner or admin) that you uploaded for the purpose `avatar`.',
    auth: 'session',
    refuses: ['guest'],
    params: conversationParams,
    body: fields({ fileId: id }),
    replies: { 200: one },
  },
  'DELETE /conversations/:conversationId/avatar': {
    summary: 'Take the picture of a group away (owner or admin).',
    auth: 'session',
    refuses: ['guest'],
    params: conversationParams,
    replies: { 200: one },
  },
  'POST /conversations/:conversationId/members': {
    summary: 'Add people to a group (owner or admin). Who is in already stays as they are.',
    auth: 'session',
    refuses: ['guest'],
    params: conversationParams,
    body: fields({ userIds: userIds.min(1) }),
    replies: { 200: one },
  },
  'PATCH /conversations/:conversationId/members/:userId': {
    summary: 'Give a member another role (owner). The last owner cannot step down.',
    auth: 'session',
    params: memberParams,
    body: fields({ role }),
    replies: { 200: z.object({ member }) },
  },
  'DELETE /conversations/:conversationId/members/:userId': {
    summary:
      'Remove a member (owner; admins remove members), or leave by naming yourself. The last owner hands over first, unless nobody else is left.',
    auth: 'session',
    params: memberParams,
    replies: { 204: null },
  },
  'GET /conversations/:conversationId/changes': {
    summary:
      'The current state of everything that changed after `after`, in pages by `changedSeq`: continue from `next` while `hasMore`.',
    auth: 'session',
    bots: ['messages:read'],
    params: conversationParams,
    query: fields({ after: queryNumber, limit: queryNumber.pipe(z.int().min(1).max(500)).optional() }),
    replies: {
      200: z.object({
        messages: z.array(message),
        members: z.array(member),
        conversation: conversationSummary.optional(),
        head: seq,
        next: seq,
        hasMore: z.boolean(),
        epoch: z.string(),
      }),
    },
  },
});

export const conversationEvents = defineEvents({
  'conversation.created': {
    summary: 'You are in a conversation that you were not in before.',
    scope: 'user',
    data: one,
  },
  'conversation.changed': {
    summary: 'A conversation was renamed, has another picture, was closed or opened again.',
    scope: 'durable',
    data: z.object({ conversation: conversationSummary }),
  },
  'conversation.updated': {
    summary: 'You muted or pinned a conversation on another device.',
    scope: 'user',
    data: z.object({ conversationId: id, muted: z.boolean(), pinned: z.boolean() }),
  },
  'conversation.removed': {
    summary: 'You are no longer in a conversation.',
    scope: 'user',
    data: z.object({ conversationId: id }),
  },
  'member.changed': {
    summary: 'Somebody came, went or got another role.',
    scope: 'durable',
    data: z.object({ member }),
  },
});
