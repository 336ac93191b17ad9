import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Tokens } from '../../tokens.ts';

/** How long a ticket opens the signalling socket, in seconds. */
export const ticketSeconds = 60;

/** Whom a ticket is for. */
export interface TicketHolder {
  readonly peerId: string;
  readonly callId: string;
  readonly userId: string;
  readonly sessionId: string;
}

/** Makes and reads the tickets that open the signalling socket: signed, with a key of their own. */
export interface Tickets {
  issue(holder: TicketHolder): Promise<string>;
  /** `undefined` for what is none of ours, or too old. */
  read(ticket: string): Promise<TicketHolder | undefined>;
}

const rules = { algorithm: 'HS256', issuer: 'teatime', audience: 'teatime signalling' } as const;
const claimsOfTicket = z.object({ sub: z.uuid(), sid: z.uuid(), peer: z.uuid(), call: z.uuid(), exp: z.int() });

/** Makes the tickets of an installation. */
export const createTickets = (tokens: Pick<Tokens, 'keyFor'>): Tickets => {
  const key = tokens.keyFor('call ticket');
  const { algorithm, issuer, audience } = rules;
  return {
    issue: ({ peerId, callId, userId, sessionId }) =>
      new SignJWT({ sid: sessionId, peer: peerId, call: callId })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime(`${ticketSeconds}s`)
        .sign(key),
    async read(ticket) {
      const verified = await jwtVerify(ticket, key, { algorithms: [algorithm], issuer, audience }).catch(
        () => undefined,
      );
      const claims = claimsOfTicket.safeParse(verified?.payload);
      if (!claims.success) return undefined;
      const { sub, sid, peer, call } = claims.data;
      return { peerId: peer, callId: call, userId: sub, sessionId: sid };
    },
  };
};
