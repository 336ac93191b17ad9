import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { fields, id, queryNumber, time } from './primitives.ts';

/** How many rows a page has, when the query does not say. */
export const adminPageSize = 50;

/** What pages of the server API are asked for: how many rows, and after which one. */
export const adminPage = {
  limit: queryNumber.pipe(z.int().min(1).max(200)).optional(),
  cursor: z.string().max(200).optional(),
};

const count = z.int().min(0);

/** How much of everything a site has. */
export const usage = z.object({
  users: z.object({
    /** Not counting those who were erased. */
    people: count,
    guests: count,
    bots: count,
    disabled: count,
    /** Seen in the last 24 hours, and in the last 30 days; bots left out. */
    activeDay: count,
    activeMonth: count,
  }),
  conversations: count,
  /** Those that were deleted left out. */
  messages: count,
  messagesDay: count,
  files: count,
  fileBytes: count,
  calls: count,
  /** Of those that were answered and are over. */
  callSeconds: count,
});
/** How much of everything a site has. */
export type Usage = z.infer<typeof usage>;

/** What came of an act. `started`: the process ended before it could tell. */
export const auditOutcome = z.enum(['started', 'done', 'refused', 'failed']);
/** What came of an act. */
export type AuditOutcome = z.infer<typeof auditOutcome>;

/** Somebody did something to a site, or tried to. */
export const auditEntry = z.object({
  id,
  at: time,
  /** Who: a server key by its id and name, or the command line of the machine. */
  by: z.object({ kind: z.enum(['server key', 'command line']), id: id.optional(), name: z.string() }),
  /** What was asked for: a route, or a command. */
  act: z.string(),
  /** What it was done to. */
  target: z.string().optional(),
  outcome: auditOutcome,
  /** The error code of what was refused. */
  code: z.string().optional(),
  ip: z.string().optional(),
  requestId: z.string().optional(),
  /** Never secrets, never what people wrote. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
/** Somebody did something to a site, or tried to. */
export type AuditEntry = z.infer<typeof auditEntry>;

export const adminEndpoints = defineEndpoints({
  'GET /admin/usage': {
    summary: 'How much of everything the site has.',
    auth: 'server',
    scope: 'usage:read',
    replies: { 200: z.object({ usage }) },
  },
  'GET /admin/audit': {
    summary:
      'Who did what to the site by server keys and on the command line, newest first: every write, and every try to reach what is not there.',
    auth: 'server',
    scope: 'audit:read',
    query: fields({ ...adminPage, target: z.string().max(200).optional() }),
    replies: { 200: z.object({ entries: z.array(auditEntry), nextCursor: z.string().optional() }) },
  },
});
