import { uuidv7 } from 'uuidv7';
import type { Deps, Session } from '../../feature.ts';
import { createLimit } from '../../http/rate-limits.ts';
import { notFound } from '../../problem.ts';
import type { ChangeCall } from './change-call.ts';
import { markLost, markPlace, readGone } from './sightings.ts';
import { readCallPolicy } from '../sites/index.ts';
import { mustRelay } from './policy.ts';
import { elsewhere, refuseBlocked, refuseOff, rejectTaken } from './start-call.ts';
import {
  connectCall,
  declineCall,
  joinCall,
  joined,
  leaveCall,
  presentIn,
  updateMedia,
  type CallRecord,
  type Place,
} from './state.ts';
import { findConversation, findOwn } from './store.ts';

type Act<Details = unknown> = (session: Session, data: { callId: string } & Details) => Promise<CallRecord>;
type Come<Details = unknown> = (
  session: Session,
  data: { callId: string; connectionId: string } & Details,
) => Promise<{ call: CallRecord; peerId: string }>;

/** What somebody does in a call that is there. Each throws `not_found` for who is no member of the conversation. */
export interface TakePart {
  readonly join: Come<{ takeOver?: boolean | undefined }>;
  readonly decline: Act;
  readonly leave: Act;
  readonly update: Act<{ audio: boolean; video: boolean; screen: boolean }>;
  readonly connected: Act;
  readonly lost: Act<{ userId: string }>;
  /** Comes back to one's own place in it. */
  readonly back: Come;
}

/** In another call, which may be left for this one. */
class InAnotherCall extends Error {
  readonly callId: string;

  constructor(callId: string) {
    super('unable to go into the call; there is another one');
    this.callId = callId;
  }
}

/** Makes the use cases behind the commands. */
export const createTakePart = ({ config, db }: Deps, changeCall: ChangeCall): TakePart => {
  // Each is told to the whole conversation. Nobody is kept from hanging up.
  const limit = createLimit(config.limits.callChangesPerMinute, 60);
  const change = async (session: Session, callId: string, work: Parameters<ChangeCall>[1]): Promise<CallRecord> => {
    const conversationId = await findConversation(db, session, callId);
    if (conversationId === undefined) throw notFound('call');
    return changeCall({ conversationId, callId, session }, work);
  };

  const leave: TakePart['leave'] = (session, { callId }) =>
    change(session, callId, (call, { now }) => {
      const me = call.participants.find(({ userId }) => userId === session.userId);
      if (me?.state === 'ringing') declineCall(call, session.userId, now);
      else leaveCall(call, [session.userId], now);
    });

  const join: TakePart['join'] = async (session, { callId, takeOver = false, connectionId }) => {
    refuseOff(config);
    await limit(session.userId);
    const { userId, sessionId } = session;
    const peerId = uuidv7();
    const tryIt = (): Promise<CallRecord> =>
      change(session, callId, async (call, { now, conversation, transaction }) => {
        refuseBlocked(conversation);
        const { conversationId } = call;
        const policy = await readCallPolicy(transaction, config.calls, session.siteId);
        const relay = await mustRelay(transaction, policy, config.calls, { conversationId, userId, callId });
        const place: Place = { userId, sessionId, connectionId, peerId, relay };
        joinCall(call, place, { kind: call.kind, takeOver, caps: config.calls, now });
        // Last, so that nobody leaves one call for another that they cannot go into.
        const own = await findOwn(transaction, userId);
        if (own && own.callId !== callId) throw new InAnotherCall(own.callId);
      }).catch(rejectTaken);
    const call = await tryIt().catch(async (error: unknown) => {
      if (!(error instanceof InAnotherCall)) throw error;
      if (!takeOver) throw elsewhere();
      await leave(session, { callId: error.callId });
      return tryIt();
    });
    return { call, peerId };
  };

  return {
    join,
    leave,
    decline: (session, { callId }) =>
      change(session, callId, (call, { now }) => declineCall(call, session.userId, now)),
    async update(session, { callId, ...media }) {
      await limit(session.userId);
      return change(session, callId, (call) =>
        updateMedia(call, presentIn(call, session.userId, session.sessionId), media, config.calls),
      );
    },
    connected: (session, { callId }) =>
      change(session, callId, (call, { now }) => {
        presentIn(call, session.userId, session.sessionId);
        if (joined(call).length > 1) connectCall(call, now);
      }),
    lost: (session, { callId, userId }) =>
      change(session, callId, async (call, { now, transaction }) => {
        presentIn(call, session.userId, session.sessionId);
        if (userId === session.userId) return;
        await markLost(transaction, callId, userId);
        leaveCall(call, await readGone(transaction, callId), now);
      }),
    async back(session, { callId, connectionId }) {
      let peerId = '';
      const call = await change(session, callId, async (found, { transaction }) => {
        peerId = presentIn(found, session.userId, session.sessionId).peerId ?? '';
        await markPlace(transaction, callId, session.userId, connectionId);
      });
      return { call, peerId };
    },
  };
};
