import { z } from 'zod';
import { adminPage } from './admin.ts';
import { defineEndpoints } from './contract.ts';
import { conversation, member, role } from './conversations.ts';
import { conversationParams, fields, id, nameText } from './primitives.ts';

/** Somebody of the site: by our id, or by who they are to the site's own product. */
export const personRef = { userId: id.optional(), externalId: z.string().min(1).max(128).optional() };
/** Somebody of the site, by one of the two. */
export type PersonRef = z.output<z.ZodObject<typeof personRef>>;

const namesOne = (ref: PersonRef): boolean => (ref.userId === undefined) !== (ref.externalId === undefined);
const newMember = fields({ ...personRef, role: role.optional() }).refine(
  namesOne,
  'must have either userId or externalId',
);
const newMembers = z.array(newMember).min(1).max(1000);

/** A member as the site sees them. */
export const adminMember = member.extend({ externalId: z.string().optional() });
/** A member as the site sees them. */
export type AdminMember = z.infer<typeof adminMember>;

/** A conversation as the site sees it. In lists `members` holds the first 20; `memberCount` counts all. */
export const adminConversation = conversation
  .omit({ unread: true, muted: true, pinned: true, members: true })
  .extend({ members: z.array(adminMember) });
/** A conversation as the site sees it. */
export type AdminConversation = z.infer<typeof adminConversation>;

const one = z.object({ conversation: adminConversation });
const memberParams = conversationParams.extend({ userId: id });

export const adminConversationEndpoints = defineEndpoints({
  'POST /admin/conversations': {
    summary:
      'Open the direct message of two people (200 when it exists already), or make a group with members and their roles.',
    auth: 'server',
    scope: 'conversations:write',
    body: fields({
      kind: z.enum(['dm', 'group']),
      title: nameText(100).optional(),
      members: newMembers,
    }).superRefine((body, check) => {
      const wrong = (path: string, message: string) => check.addIssue({ code: 'custom', path: [path], message });
      if (body.kind === 'group') {
        if (body.title === undefined) wrong('title', 'is needed for a group');
        return;
      }
      if (body.title !== undefined) wrong('title', 'a direct message has none');
      if (body.members.length !== 2) wrong('members', 'must be two for a direct message');
      if (body.members.some((each) => each.role !== undefined)) wrong('members', 'have no roles in a direct message');
    }),
    replies: { 201: one, 200: one },
  },
  'GET /admin/conversations': {
    summary: 'Conversations of the site, newest first; those of one person with `userId` or `externalId`.',
    auth: 'server',
    scope: 'conversations:read',
    query: fields({ ...adminPage, ...personRef }).refine((query) => !(query.userId && query.externalId), {
      path: ['externalId'],
      message: 'must not come with userId',
    }),
    replies: { 200: z.object({ conversations: z.array(adminConversation), nextCursor: z.string().optional() }) },
  },
  'GET /admin/conversations/:conversationId': {
    summary: 'One conversation, with all its members.',
    auth: 'server',
    scope: 'conversations:read',
    params: conversationParams,
    replies: { 200: one },
  },
  'PATCH /admin/conversations/:conversationId': {
    summary:
      'Rename a group; close a conversation, so that everybody can read it and nobody can write there (403 `conversation_closed`), or open it again.',
    auth: 'server',
    scope: 'conversations:write',
    params: conversationParams,
    body: fields({ title: nameText(100).optional(), closed: z.boolean().optional() }),
    replies: { 200: one },
  },
  'POST /admin/conversations/:conversationId/members': {
    summary: 'Add people or bots to a group. Who is in already stays, with another role if one is given.',
    auth: 'server',
    scope: 'conversations:write',
    params: conversationParams,
    body: fields({ members: newMembers }),
    replies: { 200: one },
  },
  'PATCH /admin/conversations/:conversationId/members/:userId': {
    summary: 'Give a member another role.',
    auth: 'server',
    scope: 'conversations:write',
    params: memberParams,
    body: fields({ role }),
    replies: { 200: one },
  },
  'DELETE /admin/conversations/:conversationId/members/:userId': {
    summary: 'Remove a member of a group.',
    auth: 'server',
    scope: 'conversations:write',
    params: memberParams,
    replies: { 204: null },
  },
});
