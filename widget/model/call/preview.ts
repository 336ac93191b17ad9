import { atom } from 'nanostores';
import { listDevices, onDeviceChange } from './devices.ts';
import { createLocalMedia } from './local-media.ts';
import type { CallWish, DeviceCheck, DeviceKind, DevicePreview, DeviceProblem } from './types.ts';

const levelMs = 100;

/** Opens microphone and camera to look at them; nothing is sent anywhere. */
export const openPreview = async (wish: CallWish, denied: (problem: DeviceProblem) => void): Promise<DevicePreview> => {
  const $check = atom<DeviceCheck>({ devices: await listDevices(), problems: [], ready: false });
  const $level = atom(0);
  const problems = new Map<DeviceKind, DeviceProblem>();
  let devices = $check.get().devices;
  let ready = false;
  let released = false;

  const show = () => {
    if (released) return;
    const { picture, microphoneId, cameraId } = local;
    $check.set({
      devices,
      problems: [...problems.values()],
      ready,
      ...(picture && { stream: picture }),
      ...(microphoneId !== undefined && { microphoneId }),
      ...(cameraId !== undefined && { cameraId }),
    });
  };
  const look = async () => {
    devices = await listDevices();
    show();
  };
  const local = createLocalMedia({
    changed: show,
    problem(problem) {
      problems.set(problem.device, problem);
      denied(problem);
    },
  });
  const unfollow = onDeviceChange(() => void look());
  const timer = setInterval(() => $level.set(local.level()), levelMs);

  void local.begin(wish).then(() => {
    ready = true;
    // Their names are told only now.
    return look();
  });

  return {
    $check,
    $level,
    async setMicrophone(id) {
      problems.delete('microphone');
      await local.setMicrophone(id);
      show();
    },
    async setCamera(choice) {
      problems.delete('camera');
      await local.setCamera(choice);
      show();
    },
    release() {
      if (released) return;
      local.close();
      released = true;
      clearInterval(timer);
      unfollow();
    },
  };
};
