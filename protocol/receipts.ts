import { z } from 'zod';
import { defineCommands, defineEndpoints, defineEvents } from './contract.ts';
import { conversationParams, fields, id, seq } from './primitives.ts';

const marks = { deliveredSeq: seq.optional(), readSeq: seq.optional() };
const receipt = z.object({ deliveredSeq: seq, readSeq: seq });

/** How far somebody has received and read a conversation. Reading implies delivery; neither ever goes back. */
export const memberReceipt = receipt.extend({ userId: id });
/** How far somebody has received and read a conversation. */
export type MemberReceipt = z.infer<typeof memberReceipt>;

export const receiptEndpoints = defineEndpoints({
  'PUT /conversations/:conversationId/receipt': {
    summary:
      'Say how far you have received and read. Lower values than before change nothing; higher ones than the head count as the head.',
    auth: 'session',
    bots: ['messages:read'],
    params: conversationParams,
    body: fields(marks),
    replies: { 200: receipt },
  },
});

export const receiptCommands = defineCommands({
  'receipt.update': {
    bots: ['messages:read'],
    summary: 'Say how far you have received and read.',
    data: fields({ conversationId: id, ...marks }),
    reply: receipt,
  },
});

export const receiptEvents = defineEvents({
  'receipt.updated': { summary: 'Somebody has received or read more.', scope: 'conversation', data: memberReceipt },
});
