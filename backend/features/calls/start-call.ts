import { uuidv7 } from 'uuidv7';
import type { CallKind } from '../../../protocol/calls.ts';
import type { Deps, Session } from '../../feature.ts';
import { createLimit } from '../../http/rate-limits.ts';
import { Problem } from '../../problem.ts';
import { lockAsMember, refuseClosed, type Lanes, type LockedConversation } from '../messages/index.ts';
import type { KeepCall } from './change-call.ts';
import { readCallPolicy } from '../sites/index.ts';
import { mustRelay } from './policy.ts';
import { beginCall, joinCall, type CallRecord, type Place } from './state.ts';
import { findOn, findOwn, lockCall, readAsked, readClock, type Asked } from './store.ts';

/** Calls everybody in a conversation, or comes into the call that is on there. */
export type StartCall = (
  session: Session,
  wish: { conversationId: string; kind: CallKind; connectionId?: string },
) => Promise<{ call: CallRecord; peerId: string; created: boolean }>;

/** How many people of a large group ring; the others see the call and can come in. */
const mostRung = 50;

/** Makes the use case behind both doors. */
export const createStartCall = ({ config, hub }: Deps, lanes: Lanes, keepCall: KeepCall): StartCall => {
  const limit = createLimit(config.limits.callsPerMinute, 60);

  /** Those who are connected first, then those who were lately. */
  const ranked = (asked: readonly Asked[]): readonly Asked[] => {
    const here = hub.presenceOf(asked.map(({ userId }) => userId));
    const lastHere = ({ userId, lastSeenAt }: Asked): number =>
      (here.get(userId)?.presence ?? 'offline') === 'offline' ? (lastSeenAt?.getTime() ?? 0) : Infinity;
    return [...asked].sort((one, other) => (lastHere(one) === lastHere(other) ? 0 : lastHere(other) - lastHere(one)));
  };

  return async (session, { conversationId, kind, connectionId }) => {
    refuseOff(config);
    await limit(session.userId);
    const { userId, siteId, sessionId } = session;
    const peerId = uuidv7();
    let created = false;
    const call = await lanes
      .run(conversationId, async (transaction) => {
        const conversation = await lockAsMember(transaction, session, conversationId);
        refuseBlocked(conversation);
        refuseClosed(conversation, 'call');
        const policy = await readCallPolicy(transaction, config.calls, siteId);
        const on = await findOn(transaction, conversationId);
        const before = on === undefined ? undefined : await lockCall(transaction, conversationId, on);
        const now = await readClock(transaction);
        const own = await findOwn(transaction, userId);
        if (own && own.callId !== on) throw elsewhere();
        const about = { conversationId, userId, ...(on !== undefined && { callId: on }) };
        const relay = await mustRelay(transaction, policy, config.calls, about);
        const place: Place = { userId, sessionId, connectionId, peerId, relay };
        if (before) {
          const joining = structuredClone(before);
          joinCall(joining, place, { kind, takeOver: false, caps: config.calls, now });
          joining.version += 1;
          return keepCall(transaction, joining, before);
        }
        const { whoMayCall } = policy;
        const there = await readAsked(transaction, { conversationId, userId, whoMayCall });
        if (there.length === 0) throw new Problem('conflict', 'unable to call; there is nobody here who could answer');
        const asked = ranked(there.filter(({ willing }) => willing)).slice(0, mostRung);
        if (asked.length === 0) throw new Problem('calls_not_allowed', 'unable to call; they take no calls from you');
        created = true;
        const direct = conversation.kind === 'dm';
        const beginning = beginCall({ id: uuidv7(), siteId, conversationId, direct, kind, asked }, place, now);
        return keepCall(transaction, beginning, undefined);
      })
      .catch(rejectTaken);
    return { call, peerId, created };
  };
};

/** The refusal for who is in another call. */
export const elsewhere = (): Problem =>
  new Problem('conflict', 'unable to go into the call; you are in another one: leave it first');

/** Makes the refusal of what the database says when somebody goes into two calls at once. */
export const rejectTaken = (error: unknown): never => {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  throw code === '23505' && constraint === 'call_participants_joined' ? elsewhere() : error;
};

/** Throws `blocked` for a direct message with a block. */
export const refuseBlocked = (conversation: LockedConversation | undefined): void => {
  if (conversation?.kind === 'dm' && conversation.blocked)
    throw new Problem('blocked', 'unable to call; one of you has blocked the other');
};

/** Throws `forbidden` where calls are switched off. */
export const refuseOff = ({ calls }: Pick<Deps['config'], 'calls'>): void => {
  if (!calls.enabled) throw new Problem('forbidden', 'unable to call; calls are switched off on this server');
};
