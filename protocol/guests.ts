import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { fields } from './primitives.ts';
import { refreshIn, sessionTokens } from './sessions.ts';
import { displayName, me } from './users.ts';

/** What must be worked on before a guest comes in, so that nobody brings in thousands. */
export const guestChallenge = z.object({
  challenge: z.string(),
  /** The SHA-256 of the challenge with the solution behind it must begin with so many zero bits. */
  difficulty: z.int().min(1).max(32),
  /** Seconds until the challenge is too old. */
  expiresIn: z.int(),
});
/** What must be worked on before a guest comes in. */
export type GuestChallenge = z.infer<typeof guestChallenge>;

export const guestEndpoints = defineEndpoints({
  'POST /auth/guest/challenge': {
    summary:
      'A proof of work for somebody who wants to come in as a guest: find a decimal number so that the SHA-256 of the challenge with the number behind it begins with `difficulty` zero bits. Each works once. 403 where the site takes no guests.',
    auth: 'anonymous',
    replies: { 200: guestChallenge },
  },
  'POST /auth/guest': {
    summary:
      'Open a session for a guest, who gives a name and a solved challenge and nothing else. Guests cannot search people, make groups or show a picture. A later sign-on from the same browser can take over what a guest has.',
    auth: 'anonymous',
    body: fields({
      displayName,
      challenge: z.string().max(200),
      solution: z.string().regex(/^\d{1,15}$/, 'must be a decimal number of at most 15 digits'),
      refreshIn,
    }),
    replies: { 201: sessionTokens.extend({ user: me }) },
  },
});
