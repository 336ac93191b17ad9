import type { ReadableAtom } from 'nanostores';
import type { CallKind, CallOutcome, IceServers } from '../../../protocol/calls.ts';
import type { User } from '../../../protocol/users.ts';

/**
 * Where the call stands for this page. `incoming` rings here; `outgoing` rings elsewhere; `connecting`: answered, media is on its way; `reconnecting`:
 * media of everybody has stopped and is being brought back; `elsewhere`: one is in it in another tab or on another device, or was before a reload;
 * `ended`: shown for a few seconds, or until `dismiss`.
 */
export type CallViewState =
  'incoming' | 'outgoing' | 'connecting' | 'connected' | 'reconnecting' | 'elsewhere' | 'ended';

/**
 * Why a call is `ended` here: the call's own outcome; `left`: one has left a call of others, which goes on; `moved`: one has taken it to another tab or
 * device; `full`: nobody else is let in; `unavailable`: the server could not be asked or refused.
 */
export type CallEndReason = CallOutcome | 'left' | 'moved' | 'full' | 'unavailable';

/**
 * Why a device cannot be used: `denied` by the person or the browser's settings; `missing`: there is none; `in-use` by another program; `blocked` by
 * the page's Permissions-Policy (the frame lacks `allow`); `insecure`: the page is not served over https; `failed`: anything else.
 */
export type DeviceFault = 'denied' | 'missing' | 'in-use' | 'blocked' | 'insecure' | 'failed';

/** What a fault is about. */
export type DeviceKind = 'microphone' | 'camera' | 'screen';

/** A device that cannot be used, and why. */
export interface DeviceProblem {
  readonly device: DeviceKind;
  readonly reason: DeviceFault;
}

/** A microphone, camera or loudspeaker. Without permission browsers tell neither label nor id. */
export interface Device {
  readonly id: string;
  readonly label: string;
}

/** What there is to choose from. `speakers` is empty where the browser lets nobody choose. */
export interface Devices {
  readonly microphones: readonly Device[];
  readonly cameras: readonly Device[];
  readonly speakers: readonly Device[];
}

/** Somebody in the call, oneself (`own`) first. */
export interface CallParticipant {
  readonly user: User;
  readonly own: boolean;
  /** `connecting` and `reconnecting`: they are in, and their media is on its way, or is being brought back. */
  readonly state: 'ringing' | 'connecting' | 'connected' | 'reconnecting' | 'declined' | 'busy' | 'left';
  /** Their microphone is on. */
  readonly audio: boolean;
  /** Their camera is on. */
  readonly video: boolean;
  /** They show their screen, in place of the camera. */
  readonly screen: boolean;
  readonly speaking: boolean;
  /** How well their media gets here, of oneself how well one's own gets away: 0 none, 1 poor, 2 fair, 3 good. */
  readonly quality: 0 | 1 | 2 | 3;
  /** Video is held back because the link is too poor for it; it comes back by itself. */
  readonly videoPaused: boolean;
  /** The picture, for `srcObject` of a muted video: sound is played by the model. Missing while there is none. */
  readonly stream?: MediaStream;
}

/** The call that concerns this page. */
export interface CallView {
  /** Empty until the server knows of it. */
  readonly id: string;
  readonly conversationId: string;
  readonly kind: CallKind;
  readonly state: CallViewState;
  readonly reason?: CallEndReason;
  /** In `elsewhere`: it was here, before a reload. */
  readonly rejoin: boolean;
  /** Who called; missing until the server knows of the call. */
  readonly caller?: User;
  /** When it was answered, in epoch milliseconds. */
  readonly startedAt?: number;
  readonly participants: readonly CallParticipant[];
  readonly devices: Devices;
  readonly microphoneId?: string;
  readonly cameraId?: string;
  readonly speakerId?: string;
  readonly muted: boolean;
  readonly cameraOn: boolean;
  /** One's own screen is shown. */
  readonly sharing: boolean;
  /** Sound cannot be played until the page is clicked: call `unlockSound` then. */
  readonly soundBlocked: boolean;
  /** What one asked for last and could not have. */
  readonly problem?: DeviceProblem;
}

/** Which devices to begin with; the defaults otherwise. */
export interface CallWish {
  readonly video: boolean;
  readonly microphoneId?: string;
  readonly cameraId?: string;
  readonly muted?: boolean;
}

/** How the camera and the microphone do, before a call. */
export interface DeviceCheck {
  /** The camera's picture. */
  readonly stream?: MediaStream;
  readonly devices: Devices;
  readonly microphoneId?: string;
  readonly cameraId?: string;
  readonly problems: readonly DeviceProblem[];
  readonly ready: boolean;
}

/** A look at one's devices; nothing is sent. Let go of it, and their lights go out at once. */
export interface DevicePreview {
  readonly $check: ReadableAtom<DeviceCheck>;
  /** Loudness of the microphone, 0 to 1, several times a second. */
  readonly $level: ReadableAtom<number>;
  setMicrophone(id: string): Promise<void>;
  /** Another camera, or none. */
  setCamera(choice: boolean | string): Promise<void>;
  release(): void;
}

/** What one does in calls. Obtain it by `Chat.calls`; it acts on the call in `Chat.$call`. */
export interface CallHandle {
  /** Loudness of one's own microphone, 0 to 1, several times a second while in a call; also when muted, to say so. */
  readonly $level: ReadableAtom<number>;
  /**
   * Calls everybody in a conversation, or comes into the call that is on there. Resolves when the server has taken it; devices come meanwhile. Rejects
   * with `conflict` when one is in another call here, and with `not_found`, `blocked`, `rate_limited` and so on as the server says.
   */
  start(target: string | { readonly userId: string }, wish: CallWish): Promise<void>;
  /** Answers, and in `elsewhere` brings the call here. */
  accept(wish: CallWish): Promise<void>;
  decline(): Promise<void>;
  /** Hangs up, in `elsewhere` there. Devices are let go of at once, before the server has answered. */
  leave(): Promise<void>;
  setMuted(muted: boolean): Promise<void>;
  /** On, off, or another one. */
  setCamera(choice: boolean | string): Promise<void>;
  /** The next camera, such as the front one of a telephone. */
  switchCamera(): Promise<void>;
  setMicrophone(id: string): Promise<void>;
  setSpeaker(id: string): Promise<void>;
  /** Shows one's screen, window or tab, with its sound where the browser has it. Call it in a click. */
  share(on: boolean): Promise<void>;
  /** Plays what the browser held back. Call it in a click. */
  unlockSound(): void;
  /** Stops the ring tone here; the call goes on ringing. */
  silence(): void;
  /** Takes the ended call out of `Chat.$call`. */
  dismiss(): void;
  /** Opens microphone and, with `video`, camera to look at them. */
  previewDevices(wish: CallWish): Promise<DevicePreview>;
  /** The STUN and TURN servers that calls go by, with credentials. */
  iceServers(): Promise<IceServers>;
}
