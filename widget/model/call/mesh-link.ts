import type { MediaConnection } from 'peerjs';
import { prepareIceRestart } from './ice-restart.ts';
import type { LocalTracks, RemoteMedia } from './media.ts';
import { budgetFor, createVideoGate, qualityOf } from './quality.ts';
import { createStatsReader } from './stats.ts';

/** Media to and from one other participant, by one connection after another. */
export interface MeshLink extends RemoteMedia {
  readonly peerId: string;
  /** Calls, if it is the one that does. */
  begin(): void;
  answer(connection: MediaConnection): void;
  /** The signalling socket is open, for the first time or again. */
  lineOpened(): void;
  /** The other one cannot be reached by signalling now. */
  absent(): void;
  /** The tracks, or how many share the line, have changed. */
  publish(): void;
  /** Measures the link. Call it every two seconds. */
  look(): Promise<void>;
  close(): void;
}

/** What a link is made of. */
export interface MeshLinkOptions {
  readonly peerId: string;
  /** Of two, one calls, at first and whenever the link breaks; the other answers. */
  readonly calls: boolean;
  tracks(): LocalTracks;
  others(): number;
  /** `undefined` while the signalling socket is not open. */
  dial(): MediaConnection | undefined;
  accept(connection: MediaConnection): void;
  /** The ICE servers of now. */
  configuration(): RTCConfiguration;
  /** Whether the signalling socket is open. */
  ready(): boolean;
  /** Hands a description to the other side of a connection that is there. */
  tell(connection: MediaConnection, description: RTCSessionDescription): void;
  changed(): void;
  arrived(): void;
  lost(): void;
}

const answerMs = 10_000;
/** From a link that says nothing for so long another way is looked for; shorter pauses heal by themselves. */
const patienceMs = 1000;
/** If that has not been found by then, all begins anew. */
const restartMs = 8000;
const longestWaitMs = 4000;
/** Of a link that stays broken it is told at each third look. */
const lostEvery = 3;
/** Looks without anything arriving after which somebody may be gone. */
const quietLooks = 2;

/** Makes a link; nothing goes out before `begin` or `answer`. */
export const createMeshLink = (options: MeshLinkOptions): MeshLink => {
  const { peerId, calls } = options;
  const gate = createVideoGate();
  let connection: MediaConnection | undefined;
  let pc: RTCPeerConnection | undefined;
  /** There once media has come by this connection: it can find another way. */
  let restart: (() => Promise<void>) | undefined;
  let senders: { readonly sound: RTCRtpSender | undefined; readonly picture: RTCRtpSender | undefined } | undefined;
  let receiver: RTCRtpReceiver | undefined;
  let stats = createStatsReader();
  let state: RemoteMedia['state'] = 'connecting';
  let sound: MediaStream | undefined;
  let picture: MediaStream | undefined;
  let quality: RemoteMedia['quality'] = 0;
  let stalled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let looks = 0;
  let quiet = 0;
  /** The next try is already due. */
  let resting = false;
  /** Another way is being looked for. */
  let mending = false;
  let closed = false;

  const retryIn = (ms: number, how: () => void) => {
    clearTimeout(timer);
    mending = false;
    if (!calls || closed) return;
    resting = true;
    timer = setTimeout(how, ms);
  };
  const backOff = () => retryIn(Math.min(longestWaitMs, 300 * 2 ** tries++), dial);

  const letGo = () => {
    clearTimeout(timer);
    resting = mending = false;
    const old = connection;
    connection = pc = senders = receiver = restart = undefined;
    old?.close();
  };

  /** Looks for another way, by the same connection if it ever had one. */
  const mend = () => {
    const again = restart;
    if (!again) return dial();
    // Without a socket nobody can be asked: `lineOpened` comes, and meanwhile the way may heal by itself.
    if (!options.ready()) return;
    retryIn(restartMs, dial);
    mending = true;
    again().catch(() => restart === again && dial());
  };

  const dial = () => {
    if (closed) return;
    letGo();
    const made = options.dial();
    // Without a socket there is nothing to say it by: `lineOpened` comes.
    if (!made) return;
    use(made);
    // On a slow machine haste would end each try before it can succeed.
    timer = setTimeout(backOff, answerMs * Math.min(3, 1 + tries));
  };

  const use = (made: MediaConnection) => {
    connection = made;
    const mine = made.peerConnection;
    pc = mine;
    stats = createStatsReader();
    const again = prepareIceRestart(mine, {
      configuration: options.configuration,
      tell: (description) => options.tell(made, description),
    });
    const own = mine.getSenders();
    senders = {
      sound: own.find(({ track }) => track?.kind === 'audio'),
      picture: own.find(({ track }) => track?.kind === 'video'),
    };
    mine.addEventListener('track', ({ track, receiver: from }) => {
      if (pc !== mine) return;
      if (track.kind === 'audio') {
        receiver = from;
        sound = new MediaStream([track]);
      } else picture = new MediaStream([track]);
      options.changed();
    });
    mine.addEventListener('connectionstatechange', () => {
      if (pc !== mine) return;
      if (mine.connectionState === 'connected') restart = again;
      follow(mine.connectionState);
    });
    made.on('close', () => {
      if (connection === made) follow('closed');
    });
    // PeerJS closes what failed, at times before it was open, and says so by an error alone.
    made.on('error', () => {
      if (connection === made) follow('failed');
    });
    publish();
  };

  const follow = (now: RTCPeerConnectionState) => {
    if (closed) return;
    if (now === 'connected') {
      clearTimeout(timer);
      resting = mending = false;
      tries = 0;
      const news = state !== 'connected';
      state = 'connected';
      quality = quality || 3;
      publish();
      if (news) options.arrived();
    } else if (now === 'disconnected') {
      broken();
      if (!mending) retryIn(patienceMs, mend);
    } else if (now === 'failed' || now === 'closed') {
      broken();
      // What failed is the way. Otherwise it is the encryption, or there is nobody: no way helps.
      if (restart && !mending && pc?.iceConnectionState === 'failed') mend();
      else backOff();
    }
    options.changed();
  };

  const broken = () => {
    if (state !== 'connected') return;
    state = 'reconnecting';
    quality = 0;
    options.lost();
  };

  const publish = () => {
    if (!senders) return;
    const { sound: mine, picture: shown, screen } = options.tracks();
    const video = shown && gate.open ? shown : null;
    if (mine && senders.sound?.track !== mine) void senders.sound?.replaceTrack(mine).catch(() => {});
    const { picture: sender } = senders;
    if (!sender) return;
    if (sender.track !== video) void sender.replaceTrack(video).catch(() => {});
    if (state === 'connected') void limit(sender, screen);
  };

  const limit = async (sender: RTCRtpSender, screen: boolean) => {
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings ?? [];
    if (!encoding) return;
    const budget = budgetFor(options.others(), screen);
    if (encoding.maxBitrate === budget.maxBitrate && encoding.scaleResolutionDownBy === budget.scaleResolutionDownBy)
      return;
    Object.assign(encoding, budget);
    parameters.degradationPreference = screen ? 'maintain-resolution' : 'balanced';
    // What a browser does not know it refuses as a whole; the call goes on without the limit.
    await sender.setParameters(parameters).catch(() => {});
  };

  return {
    peerId,
    get state() {
      return state;
    },
    get sound() {
      return sound;
    },
    get picture() {
      return picture;
    },
    get quality() {
      return quality;
    },
    get videoPaused() {
      return stalled || !gate.open;
    },
    level: () => receiver?.getSynchronizationSources()[0]?.audioLevel ?? 0,
    begin() {
      if (calls) dial();
    },
    answer(made) {
      if (closed) return made.close();
      letGo();
      options.accept(made);
      use(made);
    },
    lineOpened() {
      if (calls && state !== 'connected') mend();
    },
    absent() {
      // This is told of each candidate, too, and may be of the try before.
      if (calls && state !== 'connected' && !resting && !pc?.remoteDescription) backOff();
    },
    publish,
    async look() {
      if (state === 'reconnecting') return void (++looks % lostEvery === 0 && options.lost());
      const mine = pc;
      if (!mine || state !== 'connected') return;
      const sample = stats(await mine.getStats());
      if (pc !== mine || state !== 'connected' || !sample) return;
      // Browsers see late, on a busy machine too late, that nobody is there any more. Who merely says nothing is still heard by the server.
      quiet = sample.silent ? quiet + 1 : 0;
      if (quiet >= quietLooks && (quiet - quietLooks) % lostEvery === 0) options.lost();
      const before = `${quality}${stalled}${gate.open}`;
      quality = qualityOf(sample);
      stalled = sample.stalled;
      if (options.tracks().picture) gate.take(sample, Date.now());
      if (before === `${quality}${stalled}${gate.open}`) return;
      publish();
      options.changed();
    },
    close() {
      if (closed) return;
      closed = true;
      letGo();
    },
  };
};
