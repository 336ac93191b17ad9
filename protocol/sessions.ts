import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { fields, id, time } from './primitives.ts';
import { displayName, email, me, phone, username } from './users.ts';

const encoder = new TextEncoder();

/** A password: 8 characters to 1,024 bytes after NFKC normalisation; nothing is trimmed or cut. */
export const password = z
  .string()
  .refine((text) => text.isWellFormed(), 'must not contain half of a surrogate pair')
  .overwrite((text) => (text.length > 4096 ? text : text.normalize('NFKC')))
  .refine((text) => text.length >= 8, 'must have at least 8 characters')
  .refine((text) => text.length <= 1024 && encoder.encode(text).length <= 1024, 'must have at most 1,024 bytes');

/** Where the refresh token travels: in an HttpOnly cookie (default), or in the reply for clients that are no browsers. */
export const refreshIn = z.enum(['cookie', 'body']).optional();

/** A session's tokens. `expiresIn` is the access token's life in seconds. */
export const sessionTokens = z.object({
  accessToken: z.string(),
  expiresIn: z.int(),
  refreshToken: z.string().optional(),
});
/** A session's tokens. */
export type SessionTokens = z.infer<typeof sessionTokens>;

const sessionReply = sessionTokens.extend({ user: me });

export const sessionEndpoints = defineEndpoints({
  'POST /auth/register': {
    summary: 'Open an account and a session.',
    auth: 'anonymous',
    body: fields({ username, displayName, password, email: email.optional(), phone: phone.optional(), refreshIn }),
    replies: { 201: sessionReply },
  },
  'POST /auth/login': {
    summary: 'Open a session by user name, e-mail address or phone number.',
    auth: 'anonymous',
    body: fields({ identifier: z.string().trim().min(1).max(254), password, refreshIn }),
    replies: { 200: sessionReply },
  },
  'POST /auth/exchange': {
    summary:
      'Open a session by a token that the site signed for one of its own people, who is created or updated by it. Each token works once. With the access token of a session of that person, that session goes on instead.',
    auth: 'anonymous',
    body: fields({
      token: z.string().max(8192),
      accessToken: z.string().max(4096).optional(),
      refreshIn: z.enum(['cookie', 'body', 'none']).optional(),
    }),
    replies: { 200: sessionReply },
  },
  'POST /auth/refresh': {
    summary:
      'Trade a refresh token for new tokens. Each refresh token works once; using one again revokes the session. 204 when there is none: nobody is signed in.',
    auth: 'refresh',
    body: fields({ refreshToken: z.string().max(512).optional() }),
    replies: { 200: sessionReply, 204: null },
  },
  'POST /auth/logout': {
    summary: 'End the session of the refresh token, its sockets included.',
    auth: 'refresh',
    body: fields({ refreshToken: z.string().max(512).optional() }),
    replies: { 204: null },
  },
  'GET /auth/me': {
    summary: 'Oneself and the session in use.',
    auth: 'session',
    bots: [],
    replies: { 200: z.object({ user: me, session: z.object({ id, createdAt: time }) }) },
  },
});
