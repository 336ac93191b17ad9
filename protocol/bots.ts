import { z } from 'zod';
import { adminPage } from './admin.ts';
import { defineEndpoints } from './contract.ts';
import { fields, id, time } from './primitives.ts';
import { displayName, user } from './users.ts';

/** What a bot may be allowed to do, in the conversations that it is a member of. */
export const botScope = z.enum(['messages:read', 'messages:write', 'reactions:write', 'typing:write']);
/** What a bot may be allowed to do. */
export type BotScope = z.infer<typeof botScope>;

/** A bot as the site sees it. */
export const bot = z.object({
  user,
  scopes: z.array(botScope),
  createdAt: time,
  /** When its token was made; left out while it has none. */
  tokenCreatedAt: time.optional(),
});
/** A bot as the site sees it. */
export type Bot = z.infer<typeof bot>;

const scopes = z
  .array(botScope)
  .min(1)
  .refine((all) => new Set(all).size === all.length, 'must not name anything twice');
/** Where people's browsers load a picture from. */
const pictureUrl = z.url({ protocol: /^https$/ }).max(2048);
const botParams = fields({ botId: id });
const one = z.object({ bot });
/** The token is shown in this answer and never again. */
const withToken = one.extend({ token: z.string() });

export const botEndpoints = defineEndpoints({
  'POST /admin/bots': {
    summary:
      'Make a bot. Its token is shown this once. It takes part in no conversation until somebody adds it, as they would a person. Without `scopes` it may do all that bots can.',
    auth: 'server',
    scope: 'bots:write',
    body: fields({ name: displayName, pictureUrl: pictureUrl.optional(), scopes: scopes.optional() }),
    replies: { 201: withToken },
  },
  'GET /admin/bots': {
    summary: 'The bots of the site, newest first.',
    auth: 'server',
    scope: 'bots:read',
    query: fields(adminPage),
    replies: { 200: z.object({ bots: z.array(bot), nextCursor: z.string().optional() }) },
  },
  'GET /admin/bots/:botId': {
    summary: 'One bot.',
    auth: 'server',
    scope: 'bots:read',
    params: botParams,
    replies: { 200: one },
  },
  'PATCH /admin/bots/:botId': {
    summary:
      'Change a bot; what is left out stays. Other scopes hold from the next request on, and its sockets reconnect.',
    auth: 'server',
    scope: 'bots:write',
    params: botParams,
    body: fields({
      name: displayName.optional(),
      pictureUrl: pictureUrl.nullable().optional(),
      scopes: scopes.optional(),
    }),
    replies: { 200: one },
  },
  'POST /admin/bots/:botId/token': {
    summary: 'Give a bot a new token, shown this once. The one before is useless at once, and its sockets are closed.',
    auth: 'server',
    scope: 'bots:write',
    params: botParams,
    replies: { 200: withToken },
  },
  'DELETE /admin/bots/:botId/token': {
    summary: 'Revoke the token of a bot: it is useless at once, and its sockets are closed. The bot stays where it is.',
    auth: 'server',
    scope: 'bots:write',
    params: botParams,
    replies: { 204: null },
  },
  'DELETE /admin/bots/:botId': {
    summary: 'Delete a bot: it leaves its groups, and its token is useless at once. What it said stays.',
    auth: 'server',
    scope: 'bots:write',
    params: botParams,
    replies: { 204: null },
  },
});
