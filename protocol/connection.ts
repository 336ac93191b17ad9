import { z } from 'zod';
import { defineCommands, defineEvents } from './contract.ts';
import { fields, id, seq } from './primitives.ts';
import { userPresence } from './presence.ts';
import { me } from './users.ts';

const heads = z.record(id, seq);

export const connectionCommands = defineCommands({
  auth: {
    summary:
      'The first frame, within 5 s; again later to renew the token for the same user. Its reply frame is also marked `"type": "auth.success"`. `version` is the socket protocol’s. `heads` names all of one’s conversations; of the people of one’s direct messages who are not in `presence`, all are offline.',
    data: fields({ token: z.string().max(4096), version: z.int().optional() }),
    reply: z.object({
      user: me,
      connectionId: id,
      heartbeatMs: z.int(),
      heads,
      presence: z.array(userPresence),
      epoch: z.string(),
    }),
  },
  ping: {
    summary:
      'The heartbeat, every `heartbeatMs`. The answer carries the heads of the watched conversations, and where the people of direct messages and of these are, 500 at most.',
    data: fields({}),
    reply: z.object({ heads, presence: z.array(userPresence) }),
  },
});

export const connectionEvents = defineEvents({
  'token.expiring': {
    summary: 'The access token ends soon: send `auth` with a new one, or the socket closes with 4004.',
    scope: 'user',
    data: z.object({ expiresInMs: z.int() }),
  },
  goodbye: {
    summary: 'The server is going down: reconnect after this long.',
    scope: 'user',
    data: z.object({ retryAfterMs: z.int() }),
  },
});

/** A command's answer that says it was not done. */
export const commandError = z.object({ code: z.string(), message: z.string(), retryAfterMs: z.int().optional() });
/** A command's answer that says it was not done. */
export type CommandError = z.infer<typeof commandError>;
