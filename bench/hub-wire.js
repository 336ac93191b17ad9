/** What servers and load generator of `hub.js` agree on. */

const uuid = (head, at) => `${head}-0000-7000-8000-${String(at).padStart(12, '0')}`;

/** The conversation of all. */
export const roomId = uuid('00000001', 0);
/** The conversation of a pair: sockets 0 and 1, 2 and 3, … */
export const conversationOf = (at) => uuid('00000002', at >> 1);
/** The user of a socket, who is their own token. */
export const userOf = (at) => uuid('00000003', at);
/** The event that everybody gets; of the same size whoever sends it. */
export const eventFrame = (conversationId, at) =>
  JSON.stringify({ type: 'typing.changed', conversationId, data: { userId: userOf(at), typing: true } });
