import { z } from 'zod';
import { defineCommands, defineEvents } from './contract.ts';
import { fields, id } from './primitives.ts';

const data = fields({ conversationId: id });
const reply = z.object({});

export const typingCommands = defineCommands({
  'typing.start': {
    bots: ['typing:write'],
    summary:
      'You are writing. Passed on at most once in 3 s; repeat it while it lasts, others forget it after 6 s. Unknown conversations get the same answer.',
    data,
    reply,
  },
  'typing.stop': { bots: ['typing:write'], summary: 'You stopped writing.', data, reply },
});

export const typingEvents = defineEvents({
  'typing.changed': {
    summary: 'Somebody started or stopped writing.',
    scope: 'conversation',
    data: z.object({ userId: id, typing: z.boolean() }),
  },
});
