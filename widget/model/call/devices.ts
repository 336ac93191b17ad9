import type { Device, DeviceFault, DeviceKind, DeviceProblem, Devices } from './types.ts';

/** What came of asking for devices: the tracks that there are, and why the others are not. */
export interface OpenedDevices {
  readonly microphone?: MediaStreamTrack | undefined;
  readonly camera?: MediaStreamTrack | undefined;
  readonly problems: readonly DeviceProblem[];
}

/** Which devices are wanted: one by its id, any (`true`), or none. */
export interface DeviceWish {
  readonly microphone?: string | boolean | undefined;
  readonly camera?: string | boolean | undefined;
}

/** A browser that has no access to devices, as on pages without https. */
const mediaDevices = (): MediaDevices | undefined => navigator.mediaDevices as MediaDevices | undefined;

/** Opens devices, with one question to the person where possible. Never rejects. */
export const openDevices = async ({ microphone = false, camera = false }: DeviceWish): Promise<OpenedDevices> => {
  if (microphone === false && camera === false) return { problems: [] };
  try {
    const stream = await request({ microphone, camera });
    return { microphone: stream.getAudioTracks()[0], camera: stream.getVideoTracks()[0], problems: [] };
  } catch (error) {
    // One that is missing or denied fails both.
    if (microphone !== false && camera !== false) {
      const sound = await openDevices({ microphone });
      const picture = await openDevices({ camera });
      return {
        microphone: sound.microphone,
        camera: picture.camera,
        problems: [...sound.problems, ...picture.problems],
      };
    }
    const device = microphone === false ? 'camera' : 'microphone';
    // What was chosen once may be unplugged: any other will do.
    if (typeof (microphone || camera) === 'string' && isMissing(error))
      return openDevices(device === 'camera' ? { camera: true } : { microphone: true });
    return { problems: [{ device, reason: faultOf(error, device) }] };
  }
};

/** Asks for a screen, window or tab, with its sound where the browser has it. `undefined` when the person thought better of it. */
export const openScreen = async (): Promise<MediaStream | DeviceProblem | undefined> => {
  try {
    const devices = mediaDevices();
    if (!devices?.getDisplayMedia) return { device: 'screen', reason: isSecureContext ? 'missing' : 'insecure' };
    return await devices.getDisplayMedia({ video: { frameRate: 15 }, audio: true });
  } catch (error) {
    const reason = faultOf(error, 'screen');
    // Browsers give one answer to who cancels and to who is not let; the first is by far the more common.
    return reason === 'denied' ? undefined : { device: 'screen', reason };
  }
};

/** What there is to choose from. */
export const listDevices = async (): Promise<Devices> => {
  const all =
    (await mediaDevices()
      ?.enumerateDevices()
      .catch(() => [])) ?? [];
  const of = (kind: MediaDeviceKind): Device[] =>
    all.filter((each) => each.kind === kind && each.deviceId !== '').map(({ deviceId: id, label }) => ({ id, label }));
  const choosable = 'setSinkId' in HTMLMediaElement.prototype;
  return { microphones: of('audioinput'), cameras: of('videoinput'), speakers: choosable ? of('audiooutput') : [] };
};

/** Calls back whenever a device comes or goes, until the returned function is called. */
export const onDeviceChange = (changed: () => void): (() => void) => {
  const devices = mediaDevices();
  devices?.addEventListener('devicechange', changed);
  return () => devices?.removeEventListener('devicechange', changed);
};

/** The id of the device that a track comes from. */
export const deviceOf = (track: MediaStreamTrack | undefined): string | undefined => track?.getSettings().deviceId;

const request = ({ microphone, camera }: Required<DeviceWish>): Promise<MediaStream> => {
  const devices = mediaDevices();
  if (!devices) throw new DOMException('no access to devices', isSecureContext ? 'NotFoundError' : 'SecurityError');
  return devices.getUserMedia({
    audio: microphone !== false && { ...exactly(microphone), echoCancellation: true, noiseSuppression: true },
    video: camera !== false && {
      ...exactly(camera),
      ...(camera === true && { facingMode: 'user' }),
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30, max: 30 },
    },
  });
};

const exactly = (choice: string | boolean | undefined): MediaTrackConstraints =>
  typeof choice === 'string' ? { deviceId: { exact: choice } } : {};

const isMissing = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'OverconstrainedError' || error.name === 'NotFoundError');

const features = { microphone: 'microphone', camera: 'camera', screen: 'display-capture' } as const;

/** Why a device was not had, by the error's name (W3C "Media Capture and Streams", `getUserMedia`) and the page's Permissions-Policy. */
const faultOf = (error: unknown, device: DeviceKind): DeviceFault => {
  if (!isSecureContext) return 'insecure';
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    // Only Chromium tells.
    const { featurePolicy } = document as { featurePolicy?: { allowsFeature(feature: string): boolean } };
    return featurePolicy?.allowsFeature(features[device]) === false ? 'blocked' : 'denied';
  }
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return name === 'NotReadableError' || name === 'AbortError' ? 'in-use' : 'failed';
};
