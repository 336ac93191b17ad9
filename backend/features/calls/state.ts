import type { Call, CallEntry, CallKind, CallOutcome, CallState, Participant } from '../../../protocol/calls.ts';
import type { CallsConfig } from '../../config.ts';
import { Problem } from '../../problem.ts';

/** How long a call rings, in milliseconds. */
export const ringMs = 45_000;

/** Where somebody is in a call: on one device, by an address of this joining alone. */
export interface Place {
  readonly userId: string;
  readonly peerId: string;
  readonly sessionId: string;
  readonly connectionId: string | undefined;
  /** Nobody in the call may learn where they are. */
  readonly relay: boolean;
}

/** Somebody in a call, as it is kept. Times are epoch milliseconds; null is what SQL has for what is not there. */
export interface ParticipantRecord {
  readonly userId: string;
  state: Participant['state'];
  peerId: string | null;
  sessionId: string | null;
  connectionId: string | null;
  audio: boolean;
  video: boolean;
  screen: boolean;
  relay: boolean;
  joinedAt: number | null;
}

/** A call, as it is kept. What changes it below changes it in place. */
export interface CallRecord {
  readonly id: string;
  readonly siteId: string;
  readonly conversationId: string;
  /** In a direct message. */
  readonly direct: boolean;
  readonly kind: CallKind;
  readonly startedBy: string;
  readonly createdAt: number;
  state: CallState;
  version: number;
  participants: ParticipantRecord[];
  acceptedAt: number | null;
  connectedAt: number | null;
  endedAt: number | null;
  outcome: CallOutcome | null;
}

/** What a call is begun with. `asked` are those whom it may ring; who is in another call is `busy`. */
export interface Beginning extends Pick<CallRecord, 'id' | 'siteId' | 'conversationId' | 'direct' | 'kind'> {
  readonly asked: readonly { readonly userId: string; readonly busy: boolean }[];
}

type Caps = Pick<CallsConfig, 'videoParticipants' | 'audioParticipants'>;
type Media = Pick<Participant, 'audio' | 'video' | 'screen'>;

/** A new call, which rings, or is over at once when nobody can answer. */
export const beginCall = ({ asked, ...beginning }: Beginning, caller: Place, now: number): CallRecord => {
  const call: CallRecord = {
    ...beginning,
    startedBy: caller.userId,
    createdAt: now,
    state: 'ringing',
    version: 1,
    participants: asked.map(({ userId, busy }) => outside(userId, busy ? 'busy' : 'ringing')),
    acceptedAt: null,
    connectedAt: null,
    endedAt: null,
    outcome: null,
  };
  enter(call, caller, beginning.kind, now);
  settle(call, now);
  return call;
};

/** Lets somebody in, or, with `takeOver`, moves them to another device. The second one who is in has answered. */
export const joinCall = (
  call: CallRecord,
  place: Place,
  { kind, takeOver, caps, now }: { kind: CallKind; takeOver: boolean; caps: Caps; now: number },
): void => {
  if (call.state === 'ended') throw new Problem('conflict', 'unable to join the call; it is over');
  const me = find(call, place.userId);
  if (me?.state === 'joined') {
    if (!takeOver) throw new Problem('conflict', 'unable to join the call; you are in it already, elsewhere');
    const { peerId, sessionId, connectionId = null, relay } = place;
    Object.assign(me, { peerId, sessionId, connectionId, relay });
    return;
  }
  const people = joined(call).length + 1;
  const shows = call.kind === 'video' || joined(call).some(({ video, screen }) => video || screen);
  refuseFull(people, shows, caps);
  enter(call, place, people > caps.videoParticipants ? 'audio' : kind, now);
  if (call.state === 'ringing' && joined(call).length > 1) {
    call.state = 'accepted';
    call.acceptedAt = now;
  }
};

/** Stops ringing for somebody. What has been answered elsewhere is not declined. */
export const declineCall = (call: CallRecord, userId: string, now: number): void => {
  const me = find(call, userId);
  if (call.state !== 'ended' && me?.state === 'joined')
    throw new Problem('conflict', 'unable to decline the call; you have answered it');
  if (me?.state === 'ringing') me.state = 'declined';
  settle(call, now);
};

/** Takes people out: who hung up, and who is gone. */
export const leaveCall = (call: CallRecord, userIds: readonly string[], now: number): void => {
  for (const userId of userIds) {
    const them = find(call, userId);
    if (them?.state === 'joined' || them?.state === 'ringing') putOut(them);
  }
  settle(call, now);
};

/** Stops what has rung for long enough. */
export const stopRinging = (call: CallRecord, now: number): void => {
  if (now - call.createdAt < ringMs) return;
  leaveCall(
    call,
    call.participants.filter(({ state }) => state === 'ringing').map(({ userId }) => userId),
    now,
  );
};

/** Keeps what somebody sends. */
export const updateMedia = (
  call: CallRecord,
  me: ParticipantRecord,
  { audio, video, screen }: Media,
  caps: Caps,
): void => {
  const shownBefore = me.video || me.screen;
  if ((video || screen) && !shownBefore) refuseFull(joined(call).length, true, caps);
  Object.assign(me, { audio, video, screen });
};

/** Media of somebody else has arrived somewhere. */
export const connectCall = (call: CallRecord, now: number): void => {
  if (call.state !== 'accepted') return;
  call.state = 'connected';
  call.connectedAt = now;
};

/** The participant of a session that is in the call; throws `conflict` for everybody else. */
export const presentIn = (call: CallRecord, userId: string, sessionId: string): ParticipantRecord => {
  const me = find(call, userId);
  if (me?.state === 'joined' && me.sessionId === sessionId) return me;
  throw new Problem('conflict', 'unable to go on with the call; you are not in it on this device');
};

/** Who is in the call. */
export const joined = (call: CallRecord): ParticipantRecord[] =>
  call.participants.filter(({ state }) => state === 'joined');

/** A record as the protocol writes it. */
export const toCall = (record: CallRecord): Call => ({
  id: record.id,
  conversationId: record.conversationId,
  kind: record.kind,
  state: record.state,
  startedBy: record.startedBy,
  version: record.version,
  participants: record.participants.map((each) => ({
    userId: each.userId,
    state: each.state,
    ...(each.peerId !== null && { peerId: each.peerId }),
    audio: each.audio,
    video: each.video,
    screen: each.screen,
    ...(each.relay && { relay: true as const }),
    ...(each.joinedAt !== null && { joinedAt: iso(each.joinedAt) }),
  })),
  createdAt: iso(record.createdAt),
  ...(record.acceptedAt !== null && { acceptedAt: iso(record.acceptedAt) }),
  ...(record.connectedAt !== null && { connectedAt: iso(record.connectedAt) }),
  ...(record.endedAt !== null && { endedAt: iso(record.endedAt) }),
  ...(record.outcome !== null && { outcome: record.outcome }),
});

/** What the timeline says of a call; `undefined` while it is on. */
export const toEntry = ({ id, kind, outcome, acceptedAt, endedAt }: CallRecord): CallEntry | undefined =>
  outcome === null || endedAt === null
    ? undefined
    : { callId: id, kind, outcome, durationMs: acceptedAt === null ? 0 : Math.max(0, endedAt - acceptedAt) };

const iso = (at: number): string => new Date(at).toISOString();

const find = (call: CallRecord, userId: string): ParticipantRecord | undefined =>
  call.participants.find((each) => each.userId === userId);

const outside = (userId: string, state: ParticipantRecord['state']): ParticipantRecord => ({
  userId,
  state,
  peerId: null,
  sessionId: null,
  connectionId: null,
  audio: false,
  video: false,
  screen: false,
  relay: false,
  joinedAt: null,
});

const enter = (call: CallRecord, place: Place, kind: CallKind, now: number): void => {
  const { userId, peerId, sessionId, connectionId, relay } = place;
  let me = find(call, userId);
  if (!me) {
    me = outside(userId, 'joined');
    call.participants.push(me);
  }
  Object.assign(me, {
    state: 'joined',
    peerId,
    sessionId,
    connectionId: connectionId ?? null,
    audio: true,
    video: kind === 'video',
    screen: false,
    relay,
    joinedAt: now,
  });
};

const putOut = (them: ParticipantRecord): void => {
  Object.assign(them, { ...outside(them.userId, 'left'), joinedAt: them.joinedAt });
};

const refuseFull = (people: number, shows: boolean, caps: Caps): void => {
  const most = shows ? caps.videoParticipants : caps.audioParticipants;
  if (people <= most) return;
  const what = shows ? 'with cameras or screens' : 'with sound only';
  throw new Problem('conflict', `unable to let more people in; a call ${what} has at most ${most}`);
};

/** Ends the call when nobody is left to talk with, or to wait for. */
const settle = (call: CallRecord, now: number): void => {
  if (call.state === 'ended') return;
  const present = joined(call).length;
  const rings = call.participants.some(({ state }) => state === 'ringing');
  const answered = call.state !== 'ringing';
  const callerIsIn = find(call, call.startedBy)?.state === 'joined';
  const goesOn = answered ? present > 1 || (present === 1 && rings && !call.direct) : callerIsIn && rings;
  if (goesOn) return;
  call.outcome = outcomeOf(call, callerIsIn);
  call.state = 'ended';
  call.endedAt = now;
  for (const each of call.participants) if (each.state === 'joined' || each.state === 'ringing') putOut(each);
};

const outcomeOf = (call: CallRecord, callerIsIn: boolean): CallOutcome => {
  if (call.state === 'connected') return 'completed';
  if (call.state === 'accepted') return 'failed';
  if (!callerIsIn) return 'cancelled';
  const said = new Set(call.participants.map(({ state }) => state));
  if (said.has('left')) return 'missed';
  return said.has('declined') ? 'declined' : 'busy';
};
