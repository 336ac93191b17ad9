import { z } from 'zod';
import { adminPage } from './admin.ts';
import { defineEndpoints } from './contract.ts';
import { fields, id, storableText, time } from './primitives.ts';
import { customFields, displayName, email, me } from './users.ts';

/** What the path of somebody begins with who is named by the id that the site knows them by. */
export const externalPrefix = 'external:';

/** Who somebody is to the site's own product. */
export const externalId = storableText.min(1).max(128);

/** Somebody of the site in a path: by our id, or by `external:` and the id that the site knows them by. */
export const userRef = z.union([
  id,
  storableText.regex(/^external:[^]{1,128}$/, 'must be a UUID, or external: and up to 128 characters'),
]);

/** Somebody as the site sees them. */
export const adminUser = me.omit({ presence: true }).extend({
  externalId: z.string().optional(),
  createdAt: time,
  /** Since when they are kept out. */
  disabledAt: time.optional(),
});
/** Somebody as the site sees them. */
export type AdminUser = z.infer<typeof adminUser>;

/** A login on one device. */
export const adminSession = z.object({
  id,
  userAgent: z.string().optional(),
  createdAt: time,
  lastUsedAt: time,
  expiresAt: time,
  revokedAt: time.optional(),
});
/** A login on one device. */
export type AdminSession = z.infer<typeof adminSession>;

const anything = z.record(z.string(), z.unknown());

/** All that is kept of somebody. Messages, files and reactions are at most 100,000 of each, the newest. */
export const userExport = z.object({
  exportedAt: time,
  profile: adminUser,
  settings: anything,
  sessions: z.array(adminSession),
  blocks: z.array(z.object({ userId: id, createdAt: time })),
  conversations: z.array(anything),
  messages: z.array(anything),
  files: z.array(anything),
  reactions: z.array(anything),
  calls: z.array(anything),
  /** What they reported, not what was said of them. */
  reports: z.array(anything),
});
/** All that is kept of somebody. */
export type UserExport = z.infer<typeof userExport>;

const params = fields({ userId: userRef });
const one = z.object({ user: adminUser });

export const adminUserEndpoints = defineEndpoints({
  'GET /admin/users': {
    summary:
      'People of the site, newest first. `search` finds them by the beginnings of words of their names, or by an exact user name, e-mail address, phone number or id of the site’s own.',
    auth: 'server',
    scope: 'users:read',
    query: fields({
      ...adminPage,
      search: storableText.trim().min(1).max(254).optional(),
      state: z.enum(['active', 'disabled']).optional(),
    }),
    replies: { 200: z.object({ users: z.array(adminUser), nextCursor: z.string().optional() }) },
  },
  'PUT /admin/users/:userId': {
    summary:
      'Create or replace the profile of somebody by the id that the site knows them by (`external:…`), as signing on does. What is left out is taken away.',
    auth: 'server',
    scope: 'users:write',
    params: fields({
      userId: storableText.regex(/^external:[^]{1,128}$/, 'must be external: and the id that the site knows them by'),
    }),
    body: fields({
      displayName,
      email: email.optional(),
      pictureUrl: z
        .url({ protocol: /^https$/ })
        .max(2048)
        .optional(),
      custom: customFields.optional(),
    }),
    replies: { 200: one, 201: one },
  },
  'GET /admin/users/:userId': {
    summary: 'Somebody of the site.',
    auth: 'server',
    scope: 'users:read',
    params,
    replies: { 200: one },
  },
  'POST /admin/users/:userId/disable': {
    summary: 'Keep somebody out: their sessions end, their sockets close within a second, and they cannot sign in.',
    auth: 'server',
    scope: 'users:write',
    params,
    body: fields({ reason: storableText.max(200).optional() }),
    replies: { 200: one },
  },
  'POST /admin/users/:userId/enable': {
    summary: 'Let somebody in again. They sign in anew.',
    auth: 'server',
    scope: 'users:write',
    params,
    body: fields({}),
    replies: { 200: one },
  },
  'DELETE /admin/users/:userId': {
    summary:
      'Erase somebody for good: profile, sign-in, sessions, settings, blocks and pictures go, they leave all groups, and what they said stays under “Deleted person” or becomes tombstones (`messages=delete`). Their id of the site’s own is free: whoever has it next is somebody else. `finished` is false while a long history is still being worked on.',
    auth: 'server',
    scope: 'users:write',
    params,
    query: fields({ messages: z.enum(['keep', 'delete']).optional() }),
    replies: { 200: z.object({ userId: id, finished: z.boolean() }) },
  },
  'GET /admin/users/:userId/export': {
    summary: 'All that is kept of somebody, to hand it to them.',
    auth: 'server',
    scope: 'users:read',
    params,
    replies: { 200: userExport },
  },
  'GET /admin/users/:userId/sessions': {
    summary: 'Where somebody is signed in, the newest first.',
    auth: 'server',
    scope: 'sessions:read',
    params,
    replies: { 200: z.object({ sessions: z.array(adminSession) }) },
  },
  'DELETE /admin/users/:userId/sessions': {
    summary: 'Sign somebody out everywhere.',
    auth: 'server',
    scope: 'sessions:write',
    params,
    replies: { 200: z.object({ revoked: z.int().min(0) }) },
  },
  'DELETE /admin/users/:userId/sessions/:sessionId': {
    summary: 'Sign somebody out on one device.',
    auth: 'server',
    scope: 'sessions:write',
    params: fields({ userId: userRef, sessionId: id }),
    replies: { 204: null },
  },
});
