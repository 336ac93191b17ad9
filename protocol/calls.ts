import { z } from 'zod';
import { defineCommands, defineEndpoints, defineEvents } from './contract.ts';
import { conversationParams, fields, id, queryNumber, time } from './primitives.ts';

/** What a call began as: in a video call cameras are on from the start. Either can turn a camera on later. */
export const callKind = z.enum(['audio', 'video']);
/** What a call began as. */
export type CallKind = z.infer<typeof callKind>;

/**
 * Where a call stands. `ringing`: nobody has answered yet; `accepted`: two are in, and their media is on its way; `connected`: media has flowed;
 * `ended` is for ever.
 */
export const callState = z.enum(['ringing', 'accepted', 'connected', 'ended']);
/** Where a call stands. */
export type CallState = z.infer<typeof callState>;

/**
 * How a call ended. `completed`: people talked; `missed`: nobody answered in 45 seconds; `declined`: everybody asked said no; `cancelled`: the caller hung
 * up first; `busy`: the other one was in another call; `failed`: it was answered, but media never flowed or everybody vanished before it did.
 */
export const callOutcome = z.enum(['completed', 'missed', 'declined', 'cancelled', 'busy', 'failed']);
/** How a call ended. */
export type CallOutcome = z.infer<typeof callOutcome>;

/**
 * Somebody in a call. `ringing` is asked and has not answered; `joined` has media, by `peerId`, which the server makes for each joining and which is
 * their address on the signalling socket. `left` includes those who vanished. With `relay` nobody in the call may learn where they are: media to and
 * from them goes through TURN on both sides.
 */
export const participant = z.object({
  userId: id,
  state: z.enum(['ringing', 'joined', 'declined', 'busy', 'left']),
  peerId: id.optional(),
  audio: z.boolean(),
  video: z.boolean(),
  screen: z.boolean(),
  relay: z.literal(true).optional(),
  joinedAt: time.optional(),
});
/** Somebody in a call. */
export type Participant = z.infer<typeof participant>;

/** A call. `version` counts its changes: of two states that arrive, the one with the higher version is true. */
export const call = z.object({
  id,
  conversationId: id,
  kind: callKind,
  state: callState,
  startedBy: id,
  version: z.int(),
  participants: z.array(participant),
  createdAt: time,
  acceptedAt: time.optional(),
  connectedAt: time.optional(),
  endedAt: time.optional(),
  outcome: callOutcome.optional(),
});
/** A call. */
export type Call = z.infer<typeof call>;

/** A server that helps two browsers to find a way to each other (W3C WebRTC, `RTCIceServer`). */
export const iceServer = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
});
/** A server that helps two browsers to find a way to each other. */
export type IceServer = z.infer<typeof iceServer>;

/** ICE servers with what they are good for. `relay`: media must go through them, so that nobody learns the other's address. */
export const iceServers = z.object({
  iceServers: z.array(iceServer),
  policy: z.enum(['all', 'relay']),
  /** When the credentials end: ask again before. */
  expiresAt: time.optional(),
});
/** ICE servers with what they are good for. */
export type IceServers = z.infer<typeof iceServers>;

/** The way into a call: one's own address on the signalling socket, and a ticket that opens it within a minute. */
export const admission = z.object({ peerId: id, ticket: z.string() }).extend(iceServers.shape);
/** The way into a call. */
export type Admission = z.infer<typeof admission>;

/** What the timeline says of a call that is over. */
export const callEntry = z.object({
  callId: id,
  kind: callKind,
  outcome: callOutcome,
  /** From the answer to the end; 0 when nobody answered. */
  durationMs: z.int().min(0),
});
/** What the timeline says of a call that is over. */
export type CallEntry = z.infer<typeof callEntry>;

const onCall = { callId: id };
const one = z.object({ call });
const joined = z.object({ call, admission });

export const callEndpoints = defineEndpoints({
  'GET /calls/ice-servers': {
    summary:
      'STUN and TURN servers with credentials of your own for at most an hour. Empty when the server has none: then media goes directly or not at all.',
    auth: 'session',
    replies: { 200: iceServers },
  },
  'GET /calls': {
    summary: 'Calls that are on in your conversations: what a page that was opened late must ring for or can join.',
    auth: 'session',
    replies: { 200: z.object({ calls: z.array(call) }) },
  },
  'GET /conversations/:conversationId/calls': {
    summary: 'The calls of a conversation, newest first. `cursor` is the `nextCursor` of the page before.',
    auth: 'session',
    params: conversationParams,
    query: fields({
      cursor: z.string().max(200).optional(),
      limit: queryNumber.pipe(z.int().min(1).max(100)).optional(),
    }),
    replies: { 200: z.object({ calls: z.array(call), nextCursor: z.string().optional() }) },
  },
  'POST /conversations/:conversationId/calls': {
    summary:
      'Call everybody in the conversation. When a call is on already, yours becomes the same one (200), so that two who call each other meet.',
    auth: 'session',
    params: conversationParams,
    body: fields({ kind: callKind }),
    replies: { 201: joined, 200: joined },
  },
});

export const callCommands = defineCommands({
  'call.start': {
    summary: 'As `POST /conversations/:conversationId/calls`.',
    data: fields({ conversationId: id, kind: callKind }),
    reply: joined,
  },
  'call.join': {
    summary:
      'Answer, or come into a call that is on. Of several devices the first one wins; the others get `conflict`, unless they say `takeOver`, which moves the call here (also after a reload).',
    data: fields({ ...onCall, takeOver: z.boolean().optional() }),
    reply: joined,
  },
  'call.decline': { summary: 'Stop ringing on all your devices.', data: fields(onCall), reply: one },
  'call.leave': {
    summary:
      'Hang up. A direct call ends with it; so does one that rings when its caller leaves, and one that has nobody left to talk with.',
    data: fields(onCall),
    reply: one,
  },
  'call.update': {
    summary: 'Tell the others that your microphone, camera or screen went on or off.',
    data: fields({ ...onCall, audio: z.boolean(), video: z.boolean(), screen: z.boolean() }),
    reply: one,
  },
  'call.connected': { summary: 'Media of somebody else has arrived here.', data: fields(onCall), reply: one },
  'call.lost': {
    summary:
      'Media of somebody has stopped arriving. Who is gone from the signalling socket too is taken out of the call.',
    data: fields({ ...onCall, userId: id }),
    reply: one,
  },
  'call.ticket': {
    summary: 'A new ticket for your address in a call, to open the signalling socket again, with fresh ICE servers.',
    data: fields(onCall),
    reply: joined,
  },
});

export const callEvents = defineEvents({
  'call.changed': {
    summary: 'A call began, somebody came, went or muted, or it ended. Sent to all members of the conversation.',
    scope: 'conversation',
    data: one,
  },
});
