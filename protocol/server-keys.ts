import { z } from 'zod';

/** What a server key may be allowed to do. */
export const serverScope = z.enum([
  'users:read',
  'users:write',
  'sessions:read',
  'sessions:write',
  'conversations:read',
  'conversations:write',
  'messages:read',
  'messages:write',
  'bots:read',
  'bots:write',
  'webhooks:read',
  'webhooks:write',
  'reports:read',
  'reports:write',
  'site:read',
  'site:write',
  'usage:read',
  'audit:read',
]);
/** What a server key may be allowed to do. */
export type ServerScope = z.infer<typeof serverScope>;

/** What a key was given: scopes, or `*` for all, those of later versions included. */
export const grantedScope = z.union([z.literal('*'), serverScope]);
/** What a key was given. */
export type GrantedScope = z.infer<typeof grantedScope>;
