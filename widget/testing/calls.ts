import { atom, type WritableAtom } from 'nanostores';
import type { CallHandle, CallParticipant, CallView, DeviceCheck, DevicePreview } from '../model/types.ts';
import { aMe, aUser } from './states.ts';

/** Somebody in a call: Mia, with her microphone on, unless said otherwise. */
export function aParticipant(changes: Partial<CallParticipant> = {}): CallParticipant {
  return {
    user: changes.own ? aMe() : aUser(),
    own: false,
    state: 'connected',
    audio: true,
    video: false,
    screen: false,
    speaking: false,
    quality: 3,
    videoPaused: false,
    ...changes,
  };
}

/** A video call of Noor, who is at the screen, and Mia, who called. */
export function aCall(changes: Partial<CallView> = {}): CallView {
  return {
    id: 'call-1',
    conversationId: 'conversation-mia',
    kind: 'video',
    state: 'connected',
    rejoin: false,
    caller: aUser(),
    startedAt: Date.now() - 61_000,
    participants: [aParticipant({ own: true }), aParticipant()],
    devices: someDevices,
    microphoneId: 'microphone-1',
    cameraId: 'camera-1',
    muted: false,
    cameraOn: true,
    sharing: false,
    soundBlocked: false,
    ...changes,
  };
}

/** Two microphones, two cameras, a loudspeaker. */
export const someDevices = {
  microphones: [
    { id: 'microphone-1', label: 'Built-in' },
    { id: 'microphone-2', label: 'Headset' },
  ],
  cameras: [
    { id: 'camera-1', label: 'Front' },
    { id: 'camera-2', label: '' },
  ],
  speakers: [{ id: 'speaker-1', label: 'Speakers' }],
};

/** What one does in calls, of which everything is noted in `done`; `methods` are what it does besides. */
export interface CallHandleState {
  readonly handle: CallHandle;
  readonly done: (readonly [method: string, ...args: readonly unknown[]])[];
  /** What a look at the devices shows. */
  readonly $check: WritableAtom<DeviceCheck>;
}

/** A handle that does nothing but note what it is told. */
export function aCallHandle(methods: Partial<CallHandle> = {}): CallHandleState {
  const done: [string, ...unknown[]][] = [];
  const note =
    (method: string) =>
    async (...args: unknown[]): Promise<void> =>
      void done.push([method, ...args]);
  const $check = atom<DeviceCheck>({ devices: someDevices, microphoneId: 'microphone-1', problems: [], ready: true });
  const preview: DevicePreview = {
    $check,
    $level: atom(0.5),
    setMicrophone: note('preview.setMicrophone'),
    setCamera: note('preview.setCamera'),
    release: () => void done.push(['preview.release']),
  };
  const handle: CallHandle = {
    $level: atom(0),
    start: note('start'),
    accept: note('accept'),
    decline: note('decline'),
    leave: note('leave'),
    setMuted: note('setMuted'),
    setCamera: note('setCamera'),
    switchCamera: note('switchCamera'),
    setMicrophone: note('setMicrophone'),
    setSpeaker: note('setSpeaker'),
    share: note('share'),
    unlockSound: () => void done.push(['unlockSound']),
    silence: () => void done.push(['silence']),
    dismiss: () => void done.push(['dismiss']),
    async previewDevices(wish) {
      done.push(['previewDevices', wish]);
      return preview;
    },
    iceServers: async () => ({ iceServers: [], policy: 'all' }),
    ...methods,
  };
  return { handle, done, $check };
}

/** A moving picture, as a camera would make it. */
export function aPicture(): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d')!.fillRect(0, 0, 1, 1);
  return canvas.captureStream(10);
}
