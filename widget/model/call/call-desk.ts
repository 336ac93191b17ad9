import { atom } from 'nanostores';
import type { Call } from '../../../protocol/calls.ts';
import type { Conversation } from '../../../protocol/conversations.ts';
import { ChatError, failureOf, isPassing } from '../../client/failure.ts';
import type { PersonOptions } from '../person.ts';
import type { Request } from '../sync.ts';
import { createCallLeg, loadMesh, type CallLeg, type CallLegOptions } from './call-leg.ts';
import { endedView, sameView, viewOfLeg, viewOfOther } from './call-view.ts';
import { createKnownCalls } from './known-calls.ts';
import { withOwnServers } from './own-ice-servers.ts';
import { openPreview } from './preview.ts';
import { createRing } from './ring.ts';
import type { CallEndReason, CallHandle, CallView, CallWish } from './types.ts';

/** The calls of one person, on this page. */
export interface CallDesk extends CallHandle {
  heard(call: Call): void;
  /** The line to the server is there again. */
  opened(): void;
  /** Leaves the call and lets go of everything. */
  close(): void;
}

/** What the desk is made of. */
export interface CallDeskOptions extends Pick<
  PersonOptions,
  'options' | 'socket' | 'people' | '$conversations' | '$call' | '$calls' | 'config' | 'notice'
> {
  readonly meId: string;
  readonly scope: string;
  readonly request: Request;
  renew(conversation: Conversation): void;
}

/** How long the end of a call is shown. */
const endedMs = 6000;

/** Opens the desk. */
export const createCallDesk = (from: CallDeskOptions): CallDesk => {
  const { meId, socket, request, people, $call, $calls, notice } = from;
  const source = { meId, user: people.get };
  const $level = atom(0);
  const command: typeof socket.command = async (type, data) => {
    const reply = await socket.command(type, data);
    if (!('admission' in reply)) return reply;
    return { ...reply, admission: withOwnServers(reply.admission, from.options.iceServers) };
  };
  const ring = createRing(from.scope);
  const known = createKnownCalls({ meId, scope: from.scope, remember: from.options.storage !== 'none' });
  const put = new Set<string>();
  /** Calls that one has left while the server could not be told. */
  const unsaid = new Set<string>();
  let leg: CallLeg | undefined;
  let last: CallView | undefined;
  let silenced = '';
  let rings = '';
  /** The call that has no room for one. It rings on, and can be answered again, but first it is said. */
  let refused = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const viewNow = (): CallView | undefined => {
    if (leg) return viewOfLeg(source, leg);
    const incoming = known.ringing();
    if (incoming && incoming.id !== (last && refused)) return viewOfOther(source, incoming, 'incoming', false);
    if (last) return last;
    const elsewhere = known.elsewhere();
    if (elsewhere && !put.has(elsewhere.id) && !unsaid.has(elsewhere.id))
      return viewOfOther(source, elsewhere, 'elsewhere', known.wasHere(elsewhere.id));
    return undefined;
  };

  const sound = (view: CallView | undefined) => {
    const now = view?.state === 'incoming' || view?.state === 'outgoing' ? `${view.state} ${view.id}` : '';
    const wanted = view && view.id === silenced ? '' : now;
    if (wanted === rings) return;
    rings = wanted;
    if (now.startsWith('incoming')) loadMesh().catch(() => {});
    if (wanted.startsWith('incoming')) ring.incoming();
    else if (wanted.startsWith('outgoing') && view?.id) ring.outgoing();
    else ring.stop();
  };

  const changed = () => {
    if (closed) return;
    const view = viewNow();
    sound(view);
    if (!sameView($call.get(), view)) $call.set(view);
    if ($calls.get() !== known.on) $calls.set(known.on);
  };

  const heard = (call: Call) => {
    if (closed || !known.take(call)) return;
    for (const { userId } of call.participants) people.get(userId);
    if (leg?.call?.id === call.id) leg.heard(call);
    changed();
  };

  const showEnd = (view: CallView, reason: CallEndReason) => {
    clearTimeout(timer);
    last = endedView(view, reason);
    timer = setTimeout(dismiss, endedMs);
  };
  const dismiss = () => {
    clearTimeout(timer);
    const elsewhere = known.elsewhere();
    if (!last && elsewhere) put.add(elsewhere.id);
    last = undefined;
    changed();
  };

  const over = (mine: CallLeg, reason: CallEndReason) => {
    if (leg !== mine) return;
    refused = silenced = reason === 'full' ? (known.ringing()?.id ?? '') : '';
    const view = viewOfLeg(source, mine);
    leg = undefined;
    known.leftHere();
    // What is on elsewhere is shown as such at once.
    if (reason !== 'moved') showEnd(view, reason);
    changed();
  };

  const begin = async (options: Pick<CallLegOptions, 'conversationId' | 'kind' | 'answers' | 'wish' | 'enter'>) => {
    // Nobody is to be rung up who could not be talked to.
    if (!('RTCPeerConnection' in globalThis)) throw conflict('unable to call; this browser has no WebRTC');
    clearTimeout(timer);
    last = undefined;
    const mine: CallLeg = createCallLeg({
      ...options,
      meId,
      command,
      signalling,
      note: heard,
      look,
      full: () => !known.elsewhere() && known.crowded(options.conversationId),
      changed,
      level: (level) => $level.set(level),
      problem: (problem) => notice({ type: 'permission', ...problem }),
      failed: (failure) => notice({ type: 'error', failure }),
      over: (reason) => over(mine, reason),
    });
    leg = mine;
    changed();
    await mine.begin();
    const { call } = mine;
    if (leg !== mine || !call) return;
    known.cameHere(call.id);
    // What was heard of it before the answer came, or since.
    mine.heard(known.get(call.id) ?? call);
    changed();
  };

  const signalling = async (): Promise<URL> => {
    const url = new URL((await from.config()).socketUrl, from.options.server);
    url.protocol = url.protocol.replace('http', 'ws');
    url.pathname = url.pathname.replace(/[^/]*$/, 'peerjs');
    url.search = '';
    return url;
  };

  /** Learns how a call of the past or present stands. */
  const look = async (callId: string) => {
    const conversationId = known.get(callId)?.conversationId;
    const { calls } = await request('GET /calls', {});
    calls.forEach(heard);
    if (conversationId === undefined || calls.some(({ id }) => id === callId)) return;
    const input = { params: { conversationId }, query: { limit: 20 } };
    const past = await request('GET /conversations/:conversationId/calls', input);
    past.calls.filter(({ id }) => id === callId).forEach(heard);
  };

  const opened = async () => {
    leg?.lineOpened();
    for (const callId of unsaid) hangUp(callId);
    const before = [...known.on.values()].map(({ id }) => id);
    const { calls } = await request('GET /calls', {});
    calls.forEach(heard);
    for (const id of before) if (!calls.some((call) => call.id === id)) await look(id).catch(() => known.forget(id));
    changed();
  };

  const hangUp = (callId: string) => {
    unsaid.add(callId);
    socket.command('call.leave', { callId }).then(
      ({ call }) => {
        unsaid.delete(callId);
        heard(call);
      },
      (error: unknown) => {
        const failure = failureOf(error);
        // Over already. Without a line it is said when there is one.
        if (!isPassing(failure)) unsaid.delete(callId);
        else if (failure.retryAfterMs !== undefined && !closed) setTimeout(hangUp, failure.retryAfterMs, callId);
      },
    );
  };

  const leave = () => {
    const mine = leg;
    if (!mine) {
      const elsewhere = known.elsewhere();
      return elsewhere && hangUp(elsewhere.id);
    }
    const view = viewOfLeg(source, mine);
    const others = view.participants.filter(({ own, state }) => !own && state !== 'left' && state !== 'declined');
    mine.close();
    leg = undefined;
    known.leftHere();
    if (mine.call) hangUp(mine.call.id);
    const goesOn = others.length > 1 && mine.call?.state !== 'ringing';
    showEnd(view, goesOn ? 'left' : mine.connected ? 'completed' : 'cancelled');
    changed();
  };

  // Names and pictures of people come by the list.
  const unfollow = from.$conversations.listen(changed);

  const present = (): CallLeg => {
    if (!leg) throw conflict('unable to do that; there is no call on here');
    leg.clearProblem();
    return leg;
  };
  const kindOf = ({ video }: CallWish) => (video ? 'video' : 'audio');

  return {
    $level,
    heard,
    opened: () => void opened().catch(() => {}),
    async start(target, wish) {
      if (leg) throw conflict('unable to call; a call is on here already');
      const kind = kindOf(wish);
      let conversationId = target as string;
      if (typeof target !== 'string') {
        const { conversation } = await request('POST /conversations', { body: { kind: 'dm', userId: target.userId } });
        from.renew(conversation);
        conversationId = conversation.id;
        if (leg) throw conflict('unable to call; a call is on here already');
      }
      const enter = () => command('call.start', { conversationId, kind });
      await begin({ conversationId, kind, answers: false, wish, enter });
    },
    async accept(wish) {
      const call = known.ringing() ?? known.elsewhere();
      if (leg || !call) throw conflict('unable to answer; nobody is calling');
      const takeOver = known.ringing() === undefined;
      const enter = () => command('call.join', { callId: call.id, ...(takeOver && { takeOver }) });
      await begin({ conversationId: call.conversationId, kind: call.kind, answers: true, wish, enter });
    },
    async decline() {
      const call = known.ringing();
      if (!call) return;
      silenced = call.id;
      changed();
      heard((await socket.command('call.decline', { callId: call.id })).call);
    },
    leave: async () => leave(),
    setMuted: async (muted) => present().local.setMuted(muted),
    setCamera: async (choice) => present().local.setCamera(choice),
    async switchCamera() {
      const { devices, local } = present();
      const ids = devices.cameras.map(({ id }) => id);
      const next = ids[(ids.indexOf(local.cameraId ?? '') + 1) % ids.length];
      if (next !== undefined) await local.setCamera(next);
    },
    setMicrophone: async (id) => present().local.setMicrophone(id),
    setSpeaker: async (id) => present().setSpeaker(id),
    share: async (on) => present().local.share(on),
    iceServers: async () => withOwnServers(await request('GET /calls/ice-servers', {}), from.options.iceServers),
    unlockSound: () => leg?.loudspeaker.unlock(),
    silence() {
      silenced = known.ringing()?.id ?? '';
      changed();
    },
    dismiss,
    previewDevices: (wish) => openPreview(wish, (problem) => notice({ type: 'permission', ...problem })),
    close() {
      if (closed) return;
      if (leg) leave();
      closed = true;
      clearTimeout(timer);
      unfollow();
      ring.close();
      $call.set(undefined);
      $calls.set(new Map());
    },
  };
};

const conflict = (message: string): ChatError => new ChatError({ code: 'conflict', message });
