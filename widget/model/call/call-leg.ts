import type { Admission, Call, CallKind } from '../../../protocol/calls.ts';
import type { CommandInput, CommandReply, CommandType } from '../../../protocol/index.ts';
import type { Failure } from '../../client/failure.ts';
import { failureOf } from '../../client/failure.ts';
import { fetched } from '../fetched.ts';
import { listDevices, onDeviceChange } from './devices.ts';
import { createLocalMedia, type LocalMedia } from './local-media.ts';
import { createLoudspeaker, type Loudspeaker } from './loudspeaker.ts';
import type { CallMedia } from './media.ts';
import type { CallEndReason, CallWish, DeviceProblem, Devices } from './types.ts';
import { listenToVoices, type Voices } from './voices.ts';

/** One's own part in a call on this page, from the wish to the end. */
export interface CallLeg {
  readonly conversationId: string;
  readonly kind: CallKind;
  /** One answers or comes into a call that is on; otherwise one calls. */
  readonly answers: boolean;
  /** Missing until the server has let one in. */
  readonly call: Call | undefined;
  readonly local: LocalMedia;
  readonly loudspeaker: Loudspeaker;
  readonly media: CallMedia | undefined;
  readonly devices: Devices;
  readonly speakerId: string | undefined;
  readonly problem: DeviceProblem | undefined;
  /** Media of somebody has arrived at some time. */
  readonly connected: boolean;
  /** Users whose voices are heard now. */
  readonly speaking: ReadonlySet<string>;
  /** Goes into the call; rejects, and is over, when the server does not let one in. */
  begin(): Promise<void>;
  heard(call: Call): void;
  /** The line to the server is there again. */
  lineOpened(): void;
  setSpeaker(id: string): Promise<void>;
  /** Forgets what could not be had before something else is asked for. */
  clearProblem(): void;
  /** Lets go of everything here, at once. The server is not told. */
  close(): void;
}

/** What a leg is made of, and whom it tells. */
export interface CallLegOptions {
  readonly meId: string;
  readonly conversationId: string;
  readonly kind: CallKind;
  readonly answers: boolean;
  readonly wish: CallWish;
  enter(): Promise<{ readonly call: Call; readonly admission: Admission }>;
  signalling(): Promise<URL>;
  command<T extends CommandType>(type: T, data: CommandInput<T>): Promise<CommandReply<T>>;
  /** Takes in what an answer says of the call. */
  note(call: Call): void;
  /** Asks how the call stands; the answer comes by `note`. Rejects when the server cannot be asked. */
  look(callId: string): Promise<void>;
  /** Whether so many are in the call that this may be why one is not let in. */
  full(): boolean;
  changed(): void;
  level(level: number): void;
  problem(problem: DeviceProblem): void;
  failed(failure: Failure): void;
  over(reason: CallEndReason): void;
}

const nobody: ReadonlySet<string> = new Set();

/** Fetches what carries the media. Call it as soon as somebody rings: it is there when they are answered then. */
export const loadMesh = (): Promise<typeof import('./mesh-media.ts')> => fetched(import('./mesh-media.ts'));

/** Makes a leg; nothing is opened before `begin`. */
export const createCallLeg = (options: CallLegOptions): CallLeg => {
  const { meId, command } = options;
  let call: Call | undefined;
  let peerId = '';
  let media: CallMedia | undefined;
  let devices: Devices = { microphones: [], cameras: [], speakers: [] };
  let speakerId: string | undefined;
  let problem: DeviceProblem | undefined;
  let connected = false;
  let begun = false;
  let closed = false;
  let telling = false;
  let voices: Voices | undefined;

  const changed = () => {
    if (closed) return;
    for (const { userId } of others()) loudspeaker.play(userId, media?.remote(userId)?.sound);
    options.changed();
  };
  const loudspeaker = createLoudspeaker(changed);
  const local = createLocalMedia({
    changed() {
      media?.publish(local.tracks);
      void tell();
      changed();
    },
    problem(news) {
      problem = news;
      options.problem(news);
    },
  });
  const others = () =>
    (call?.participants ?? []).flatMap((each) =>
      each.userId !== meId && each.state === 'joined' && each.peerId !== undefined
        ? [{ userId: each.userId, peerId: each.peerId, relay: each.relay === true }]
        : [],
    );

  /** Tells the others what is on, until what they were told is so. */
  const tell = async () => {
    if (telling) return;
    telling = true;
    try {
      for (;;) {
        const me = call?.participants.find(({ userId }) => userId === meId);
        const { muted = false, video } = options.wish;
        // Until devices have been asked for, what is wished for is the best guess.
        const now = begun
          ? { audio: !local.muted, video: local.cameraOn, screen: local.sharing }
          : { audio: !muted, video, screen: false };
        if (closed || !call || me?.state !== 'joined') return;
        if (me.audio === now.audio && me.video === now.video && me.screen === now.screen) return;
        options.note((await command('call.update', { callId: call.id, ...now })).call);
      }
    } catch (error) {
      const failure = failureOf(error);
      if (closed) return;
      // Without a line, `lineOpened` tells again.
      if (failure.retryAfterMs !== undefined) setTimeout(() => void tell(), failure.retryAfterMs);
      if (failure.code !== 'conflict') return;
      // Too many are in for pictures.
      options.failed(failure);
      await local.share(false);
      await local.setCamera(false);
    } finally {
      telling = false;
    }
  };

  const readmit = async (): Promise<Admission> => {
    if (!call) throw new Error('unable to go back into the call; it has not begun');
    try {
      const { call: now, admission } = await command('call.ticket', { callId: call.id });
      options.note(now);
      return admission;
    } catch (error) {
      const { code } = failureOf(error);
      if (code === 'conflict' || code === 'not_found') {
        await options.look(call.id);
        // Still on, but not for this page.
        if (!closed) over('moved');
      }
      throw error;
    }
  };

  const over = (reason: CallEndReason) => {
    close();
    options.over(reason);
  };

  const arrived = () => {
    connected = true;
    if (call?.state === 'accepted')
      command('call.connected', { callId: call.id }).then(
        ({ call: now }) => options.note(now),
        () => {},
      );
  };

  const heard = (now: Call) => {
    if (closed) return;
    call = now;
    const me = now.participants.find(({ userId }) => userId === meId);
    if (now.state === 'ended') return over(now.outcome ?? 'completed');
    if (me?.state !== 'joined') return over('left');
    if (me.peerId !== peerId) return over('moved');
    const there = others();
    for (const { userId } of now.participants)
      if (!there.some((other) => other.userId === userId)) loudspeaker.play(userId, undefined);
    media?.follow(there);
    changed();
  };

  let unfollow: (() => void) | undefined;

  const look = async () => {
    devices = await listDevices();
    changed();
  };

  const close = () => {
    if (closed) return;
    closed = true;
    local.close();
    loudspeaker.close();
    media?.close();
    voices?.close();
    unfollow?.();
    options.level(0);
  };

  return {
    conversationId: options.conversationId,
    kind: options.kind,
    answers: options.answers,
    get call() {
      return call;
    },
    local,
    loudspeaker,
    get media() {
      return media;
    },
    get devices() {
      return devices;
    },
    get speakerId() {
      return speakerId;
    },
    get problem() {
      return problem;
    },
    get connected() {
      return connected;
    },
    get speaking() {
      return voices?.speaking ?? nobody;
    },
    async begin() {
      // Devices come meanwhile: who is called need not wait for them.
      const opening = local.begin(options.wish);
      unfollow = onDeviceChange(() => void look());
      voices = listenToVoices({
        meId,
        own: local,
        others: () => others().map(({ userId }) => userId),
        levelOf: (userId) => media?.remote(userId)?.level() ?? 0,
        level: options.level,
        changed,
      });
      try {
        const entering = options.enter();
        const [{ call: now, admission }, signalling, { createMeshMedia }] = await Promise.all([
          entering,
          options.signalling(),
          loadMesh(),
        ]).catch((error: unknown) => {
          // Let in, but not able to take part.
          entering.then(({ call: { id } }) => command('call.leave', { callId: id })).catch(() => {});
          throw error;
        });
        // Hung up before the server had answered.
        if (closed) return void command('call.leave', { callId: now.id }).catch(() => {});
        peerId = admission.peerId;
        media = createMeshMedia({
          admission,
          signalling,
          tracks: local.tracks,
          readmit,
          changed,
          arrived,
          lost: (userId) => {
            if (call)
              command('call.lost', { callId: call.id, userId }).then(
                ({ call: at }) => options.note(at),
                () => {},
              );
          },
        });
        call = now;
        options.note(now);
        void tell();
      } catch (error) {
        if (!closed) over(failureOf(error).code === 'conflict' && options.full() ? 'full' : 'unavailable');
        throw error;
      }
      void opening.then(() => {
        begun = true;
        void tell();
        return look();
      });
    },
    heard,
    lineOpened() {
      if (!media) return;
      readmit().then(
        (admission) => {
          media?.renew(admission);
          void tell();
        },
        () => {},
      );
    },
    async setSpeaker(id) {
      await loudspeaker.setSpeaker(id);
      speakerId = id;
      changed();
    },
    clearProblem() {
      problem = undefined;
    },
    close,
  };
};
