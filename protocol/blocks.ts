import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { fields, id } from './primitives.ts';
import { user } from './users.ts';

const params = fields({ userId: id });

export const blockEndpoints = defineEndpoints({
  'GET /blocks': {
    summary: 'The people whom you have blocked.',
    auth: 'session',
    replies: { 200: z.object({ users: z.array(user) }) },
  },
  'PUT /blocks/:userId': {
    summary:
      'Block somebody: neither of you can write to the other directly, and neither sees the other’s presence, typing or receipts there.',
    auth: 'session',
    params,
    replies: { 204: null },
  },
  'DELETE /blocks/:userId': {
    summary: 'Lift your block of somebody.',
    auth: 'session',
    params,
    replies: { 204: null },
  },
});
