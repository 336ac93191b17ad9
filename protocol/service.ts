import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { fileLimits } from './files.ts';
import { fields } from './primitives.ts';
import { sessionTokens } from './sessions.ts';
import { branding, whoMayStart } from './sites.ts';
import { me } from './users.ts';

/** What a client must know of the server before it signs in. */
export const serviceConfig = z.object({
  site: z.object({
    key: z.string(),
    name: z.string(),
    /** How it looks. Left out where it looks like any other. */
    branding: z.object(branding.shape).optional(),
  }),
  socketUrl: z.string(),
  features: z.array(z.string()),
  limits: z.object({
    messageCharacters: z.int(),
    frameBytes: z.int(),
    groupMembers: z.int(),
    reactionsPerMessage: z.int(),
  }),
  /** By which doors people come in, besides tokens of the site. */
  accounts: z.object({
    registration: z.boolean(),
    passwordSignIn: z.boolean(),
    guests: z.boolean(),
    /** The page for who has forgotten their password. Left out where nobody can have a new one mailed. */
    forgotUrl: z.string().optional(),
  }),
  /** Who may begin conversations. */
  conversations: z.object({ whoMayStartDirect: whoMayStart, whoMayStartGroups: whoMayStart }),
  /** Left out where files are switched off. */
  files: fileLimits.optional(),
  /** How many can be in a call. Left out where calls are switched off. */
  calls: z.object({ videoParticipants: z.int(), audioParticipants: z.int() }).optional(),
  protocolVersion: z.int(),
});
/** What a client must know of the server before it signs in. */
export type ServiceConfig = z.infer<typeof serviceConfig>;

export const serviceEndpoints = defineEndpoints({
  'GET /config': {
    summary: 'Socket URL, features, limits and branding of the site named by the `TeaTime-Site` header.',
    auth: 'anonymous',
    replies: { 200: serviceConfig },
  },
  'GET /openapi.json': {
    summary: 'This description.',
    auth: 'anonymous',
    replies: { 200: z.record(z.string(), z.unknown()) },
  },
  'POST /demo/sessions': {
    summary:
      'A session of one of the demo people, for the examples gallery. Answers 404 unless the server runs on its embedded defaults.',
    auth: 'anonymous',
    body: fields({ username: z.enum(['mia', 'noor']) }),
    replies: { 200: sessionTokens.extend({ user: me }) },
  },
});

/** The body of every error answer: RFC 9457, with a stable `code` and the request's id. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  requestId: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
/** The body of every error answer. */
export type Problem = z.infer<typeof problem>;
