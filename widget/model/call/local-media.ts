import { deviceOf, openDevices, openScreen } from './devices.ts';
import { createLevelMeter, type LevelMeter } from './level.ts';
import type { LocalTracks } from './media.ts';
import type { CallWish, DeviceProblem } from './types.ts';

/** One's own microphone, camera and screen in a call. */
export interface LocalMedia {
  readonly tracks: LocalTracks;
  readonly muted: boolean;
  readonly cameraOn: boolean;
  readonly sharing: boolean;
  readonly microphoneId: string | undefined;
  readonly cameraId: string | undefined;
  /** What one sees of oneself. */
  readonly picture: MediaStream | undefined;
  /** Loudness of the microphone, 0 to 1, muted or not. */
  level(): number;
  begin(wish: CallWish): Promise<void>;
  setMuted(muted: boolean): Promise<void>;
  setCamera(choice: boolean | string): Promise<void>;
  setMicrophone(id: string): Promise<void>;
  share(on: boolean): Promise<void>;
  /** Lets go of all devices, at once; what is still being opened is closed as it comes. */
  close(): void;
}

/** Makes it; no device is touched before `begin`. `changed` tells of new tracks and of what `problem` said before. */
export const createLocalMedia = (options: { changed(): void; problem(problem: DeviceProblem): void }): LocalMedia => {
  let microphone: MediaStreamTrack | undefined;
  let camera: MediaStreamTrack | undefined;
  let screen: MediaStream | undefined;
  let mixed: { readonly track: MediaStreamTrack | undefined; readonly context: AudioContext } | undefined;
  let meter: LevelMeter | undefined;
  let picture: MediaStream | undefined;
  let muted = false;
  let lastCamera: string | undefined;
  // Rises with each wish for the camera, so that an earlier one that is answered later loses.
  let cameraEra = 0;
  let closed = false;

  const shown = () => screen?.getVideoTracks()[0] ?? camera;
  const changed = () => {
    if (closed) return;
    const track = shown();
    if (picture?.getVideoTracks()[0] !== track) picture = track && new MediaStream([track]);
    options.changed();
  };

  const useMicrophone = (track: MediaStreamTrack) => {
    meter?.close();
    microphone?.stop();
    microphone = track;
    track.enabled = !muted;
    meter = createLevelMeter(track);
    track.onended = () => {
      if (microphone === track) void setMicrophone();
    };
    mix();
  };
  const useCamera = (track: MediaStreamTrack | undefined) => {
    camera?.stop();
    camera = track;
    if (!track) return;
    lastCamera = deviceOf(track);
    track.contentHint = 'motion';
    track.onended = () => {
      if (camera !== track) return;
      camera = undefined;
      options.problem({ device: 'camera', reason: 'missing' });
      changed();
    };
  };

  /** What a shared tab sounds like goes with one's own voice, on one track. */
  const mix = () => {
    void mixed?.context.close();
    mixed = undefined;
    const [sound] = screen?.getAudioTracks() ?? [];
    if (!sound) return;
    const context = new AudioContext();
    const out = context.createMediaStreamDestination();
    for (const track of [sound, microphone])
      if (track) context.createMediaStreamSource(new MediaStream([track])).connect(out);
    mixed = { track: out.stream.getAudioTracks()[0], context };
  };

  const setMicrophone = async (id?: string) => {
    const opened = await openDevices({ microphone: id ?? true });
    if (closed) return opened.microphone?.stop();
    if (opened.microphone) useMicrophone(opened.microphone);
    opened.problems.forEach(options.problem);
    changed();
  };

  const setCamera = async (choice: boolean | string) => {
    const mine = ++cameraEra;
    if (choice === false) {
      useCamera(undefined);
      return changed();
    }
    // Many telephones open one camera at a time.
    if (typeof choice === 'string') useCamera(undefined);
    const opened = await openDevices({ camera: choice === true ? (lastCamera ?? true) : choice });
    if (closed || mine !== cameraEra) return opened.camera?.stop();
    if (opened.camera) useCamera(opened.camera);
    opened.problems.forEach(options.problem);
    changed();
  };

  const stopSharing = () => {
    for (const track of screen?.getTracks() ?? []) track.stop();
    screen = undefined;
    mix();
  };

  return {
    get tracks() {
      return { sound: mixed?.track ?? microphone, picture: shown(), screen: screen !== undefined };
    },
    get muted() {
      return muted || !microphone;
    },
    get cameraOn() {
      return camera !== undefined;
    },
    get sharing() {
      return screen !== undefined;
    },
    get microphoneId() {
      return deviceOf(microphone);
    },
    get cameraId() {
      return deviceOf(camera) ?? lastCamera;
    },
    get picture() {
      return picture;
    },
    level: () => meter?.read() ?? 0,
    async begin(wish) {
      muted = wish.muted ?? false;
      const mine = ++cameraEra;
      const opened = await openDevices({
        microphone: wish.microphoneId ?? true,
        camera: wish.video && (wish.cameraId ?? true),
      });
      if (closed) {
        opened.microphone?.stop();
        opened.camera?.stop();
        return;
      }
      if (opened.microphone) useMicrophone(opened.microphone);
      if (mine === cameraEra && opened.camera) useCamera(opened.camera);
      else opened.camera?.stop();
      opened.problems.forEach(options.problem);
      changed();
    },
    async setMuted(next) {
      muted = next;
      if (microphone) microphone.enabled = !next;
      else if (!next) await setMicrophone();
      changed();
    },
    setCamera,
    setMicrophone,
    async share(on) {
      if (on === (screen !== undefined)) return;
      if (!on) {
        stopSharing();
        return changed();
      }
      const opened = await openScreen();
      if (!opened) return;
      if (!(opened instanceof MediaStream)) return options.problem(opened);
      if (closed) return opened.getTracks().forEach((track) => track.stop());
      screen = opened;
      const [track] = opened.getVideoTracks();
      if (track) {
        track.contentHint = 'detail';
        // The browser has a button of its own to end it.
        track.onended = () => {
          if (screen !== opened) return;
          stopSharing();
          changed();
        };
      }
      mix();
      changed();
    },
    close() {
      closed = true;
      meter?.close();
      microphone?.stop();
      camera?.stop();
      stopSharing();
      microphone = camera = meter = undefined;
    },
  };
};
