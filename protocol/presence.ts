import { z } from 'zod';
import { defineCommands, defineEvents } from './contract.ts';
import { fields, id, time } from './primitives.ts';
import { presenceState } from './users.ts';

/** Where somebody is now; `lastSeenAt` is set when they are offline. */
export const userPresence = z.object({ userId: id, presence: presenceState, lastSeenAt: time.optional() });
/** Where somebody is now. */
export type UserPresence = z.infer<typeof userPresence>;

export const presenceCommands = defineCommands({
  'presence.set': {
    summary:
      'Say whether this device is in use. Somebody is online while any device is, away while all that are left idle, offline with none.',
    data: fields({ presence: z.enum(['online', 'away']) }),
    reply: z.object({}),
  },
  'conversation.watch': {
    summary:
      'A page opened a conversation: presence of its members comes as events, and its head in each pong. At most 20 at a time.',
    data: fields({ conversationId: id }),
    reply: z.object({ presence: z.array(userPresence) }),
  },
  'conversation.unwatch': { summary: 'The page left it.', data: fields({ conversationId: id }), reply: z.object({}) },
});

export const presenceEvents = defineEvents({
  'presence.changed': {
    summary: 'Somebody came or went: of direct messages always, of groups while one is watched.',
    scope: 'user',
    data: userPresence,
  },
});
