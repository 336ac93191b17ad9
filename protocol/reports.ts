import { z } from 'zod';
import { adminPage } from './admin.ts';
import { defineEndpoints } from './contract.ts';
import { message, messageParams } from './messages.ts';
import { fields, id, storableText, time } from './primitives.ts';
import { user } from './users.ts';

/** What is wrong with a message. */
export const reportReason = z.enum(['spam', 'harassment', 'hate', 'violence', 'sexual', 'other']);
/** What is wrong with a message. */
export type ReportReason = z.infer<typeof reportReason>;

const words = storableText.trim().min(1).max(1000);

/** A report as the site sees it. `message` is as it was when it was reported. */
export const report = z.object({
  id,
  conversationId: id,
  messageId: id,
  reporter: user,
  sender: user,
  reason: reportReason,
  comment: z.string().optional(),
  message,
  createdAt: time,
  /** Left out while it is open. `deleted`: so was the message. */
  resolution: z.enum(['dismissed', 'deleted']).optional(),
  resolvedAt: time.optional(),
  /** The name of the server key that did it. */
  resolvedBy: z.string().optional(),
  note: z.string().optional(),
});
/** A report as the site sees it. */
export type Report = z.infer<typeof report>;

const made = z.object({ report: z.object({ id, reason: reportReason, createdAt: time }) });
const reportParams = fields({ reportId: id });

export const reportEndpoints = defineEndpoints({
  'POST /conversations/:conversationId/messages/:messageId/reports': {
    summary:
      'Report what somebody said to those who run the site, who see it as it is now. Once for each message: later ones answer 200 with the first.',
    auth: 'session',
    params: messageParams,
    body: fields({ reason: reportReason, comment: words.optional() }),
    replies: { 201: made, 200: made },
  },
  'GET /admin/reports': {
    summary: 'What people reported, newest first: what is open, or what was resolved.',
    auth: 'server',
    scope: 'reports:read',
    query: fields({ ...adminPage, state: z.enum(['open', 'resolved']).optional() }),
    replies: { 200: z.object({ reports: z.array(report), nextCursor: z.string().optional() }) },
  },
  'GET /admin/reports/:reportId': {
    summary: 'One report.',
    auth: 'server',
    scope: 'reports:read',
    params: reportParams,
    replies: { 200: z.object({ report }) },
  },
  'POST /admin/reports/:reportId/resolve': {
    summary:
      'Dismiss a report, or delete the message, its files included, which resolves every open report of it. 409 when the report was resolved before.',
    auth: 'server',
    scope: 'reports:write',
    params: reportParams,
    body: fields({ action: z.enum(['dismiss', 'delete']), note: words.optional() }),
    replies: { 200: z.object({ report }) },
  },
});
