import type { Call, Participant } from '../../../protocol/calls.ts';
import type { User } from '../../../protocol/users.ts';
import type { CallLeg } from './call-leg.ts';
import type { CallEndReason, CallParticipant, CallView, CallViewState } from './types.ts';

/** What a view is drawn from. */
export interface ViewSource {
  readonly meId: string;
  user(userId: string): User;
}

const idle = {
  devices: { microphones: [], cameras: [], speakers: [] },
  rejoin: false,
  muted: false,
  cameraOn: false,
  sharing: false,
  soundBlocked: false,
} as const;

/** A call that one is in here. */
export const viewOfLeg = (source: ViewSource, leg: CallLeg): CallView => {
  const { call, local, devices, speakerId, problem, loudspeaker } = leg;
  const { microphoneId, cameraId } = local;
  const own = ownPart(source, leg);
  const others = (call?.participants ?? [])
    .filter(({ userId }) => userId !== source.meId)
    .map((each) => otherPart(source, leg, each));
  return {
    id: call?.id ?? '',
    conversationId: leg.conversationId,
    kind: call?.kind ?? leg.kind,
    state: stateOf(leg, others),
    rejoin: false,
    ...(call && { caller: source.user(call.startedBy) }),
    ...startOf(call),
    participants: [own, ...others],
    devices,
    ...(microphoneId !== undefined && { microphoneId }),
    ...(cameraId !== undefined && { cameraId }),
    ...(speakerId !== undefined && { speakerId }),
    muted: local.muted,
    cameraOn: local.cameraOn,
    sharing: local.sharing,
    soundBlocked: loudspeaker.blocked,
    ...(problem && { problem }),
  };
};

/** A call that one is not in here: it rings, or is on elsewhere. */
export const viewOfOther = (
  source: ViewSource,
  call: Call,
  state: 'incoming' | 'elsewhere',
  rejoin: boolean,
): CallView => {
  const me = call.participants.find(({ userId }) => userId === source.meId);
  return {
    ...idle,
    id: call.id,
    conversationId: call.conversationId,
    kind: call.kind,
    state,
    rejoin,
    caller: source.user(call.startedBy),
    ...startOf(call),
    participants: [...(me ? [me] : []), ...call.participants.filter((each) => each !== me)].map((each) =>
      plainPart(source, each),
    ),
  };
};

/** The last that is shown of a call: nobody's media is left in it. */
export const endedView = (view: CallView, reason: CallEndReason): CallView => ({
  ...view,
  ...idle,
  devices: view.devices,
  state: 'ended',
  reason,
  participants: view.participants.map(({ stream: _, ...rest }) => ({ ...rest, speaking: false, quality: 0 })),
});

/** Whether two views show the same; streams are the same when their ids are. */
export const sameView = (one: CallView | undefined, other: CallView | undefined): boolean =>
  JSON.stringify(one, byId) === JSON.stringify(other, byId);

const byId = (_: string, value: unknown): unknown =>
  typeof MediaStream !== 'undefined' && value instanceof MediaStream ? value.id : value;

const stateOf = ({ call, answers, connected }: CallLeg, others: readonly CallParticipant[]): CallViewState => {
  if (!call) return answers ? 'connecting' : 'outgoing';
  if (call.state === 'ringing') return 'outgoing';
  const present = others.filter(({ state }) => isIn(state));
  if (present.some(({ state }) => state === 'connected')) return 'connected';
  if (present.length === 0) return 'outgoing';
  return connected ? 'reconnecting' : 'connecting';
};

const isIn = (state: CallParticipant['state']): boolean =>
  state === 'connected' || state === 'connecting' || state === 'reconnecting';

const startOf = (call: Call | undefined): { startedAt?: number } =>
  call?.acceptedAt === undefined ? {} : { startedAt: Date.parse(call.acceptedAt) };

const ownPart = ({ meId, user }: ViewSource, { call, local, media, speaking }: CallLeg): CallParticipant => {
  const links = (call?.participants ?? []).flatMap(({ userId }) => media?.remote(userId) ?? []);
  const linked = links.filter(({ state }) => state === 'connected');
  const quality =
    linked.length === 0
      ? 0
      : linked.reduce<0 | 1 | 2 | 3>((least, each) => (each.quality < least ? each.quality : least), 3);
  return {
    user: user(meId),
    own: true,
    state: 'connected',
    audio: !local.muted,
    video: local.cameraOn,
    screen: local.sharing,
    speaking: speaking.has(meId),
    quality,
    videoPaused: false,
    ...(local.picture && { stream: local.picture }),
  };
};

const otherPart = (source: ViewSource, { media, speaking }: CallLeg, them: Participant): CallParticipant => {
  const remote = them.state === 'joined' ? media?.remote(them.userId) : undefined;
  const shows = them.video || them.screen;
  return {
    ...plainPart(source, them),
    ...(them.state === 'joined' && { state: remote?.state ?? 'connecting' }),
    speaking: speaking.has(them.userId),
    quality: remote?.quality ?? 0,
    // A screen that stands still sends nothing either.
    videoPaused: them.video && !them.screen && (remote?.videoPaused ?? false),
    ...(shows && remote?.picture && { stream: remote.picture }),
  };
};

const plainPart = (
  { meId, user }: ViewSource,
  { userId, state, audio, video, screen }: Participant,
): CallParticipant => ({
  user: user(userId),
  own: userId === meId,
  state: state === 'joined' ? 'connected' : state,
  audio,
  video,
  screen,
  speaking: false,
  quality: 0,
  videoPaused: false,
});
