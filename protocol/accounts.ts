import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { fields } from './primitives.ts';
import { password, refreshIn } from './sessions.ts';
import { email } from './users.ts';

/** What a link in a mail carries: 256 random bits, in base64url. Another form is no token of ours, which is said when it is looked for. */
const linkToken = z.string().min(1).max(512);

const done = z.object({});

export const accountEndpoints = defineEndpoints({
  'POST /auth/password/forgot': {
    summary:
      'Have a link mailed by which a new password can be set. The answer is the same whether or not somebody has the address. 404 where the server sends no mail.',
    auth: 'anonymous',
    body: fields({ email }),
    replies: { 202: done },
  },
  'POST /auth/password/reset': {
    summary: 'Set a new password by the token of such a link. Ends all sessions of the account and opens none.',
    auth: 'anonymous',
    body: fields({ token: linkToken, password }),
    replies: { 204: null },
  },
  'POST /auth/email/confirm': {
    summary: 'Show by the token of a link in a mail that the address is yours. From then on it is that of the account.',
    auth: 'anonymous',
    body: fields({ token: linkToken }),
    replies: { 204: null },
  },
  'PUT /me/password': {
    summary: 'Change your password. Ends all your other sessions; this one gets a new refresh token.',
    auth: 'session',
    refuses: ['guest', 'bot'],
    body: fields({ currentPassword: password, newPassword: password, refreshIn }),
    replies: { 200: z.object({ refreshToken: z.string().optional() }) },
  },
  'PUT /me/email': {
    summary:
      'Change your e-mail address: it becomes yours by the link in the mail that is sent there. The answer is the same whether or not somebody has it. 404 where the server sends no mail.',
    auth: 'session',
    refuses: ['guest', 'bot'],
    body: fields({ currentPassword: password, email }),
    replies: { 202: done },
  },
});
