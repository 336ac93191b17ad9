/** The microphone and the camera that were chosen last. */
export interface ChosenDevices {
  readonly microphoneId?: string;
  readonly cameraId?: string;
}

const key = 'teatime:devices';

let chosen: ChosenDevices = {};
let kept: Storage | undefined;

/** Says where the choice outlives the page; nowhere without `storage`. */
export function keepDevicesIn(storage: () => Storage | undefined): void {
  try {
    kept = storage();
    chosen = { ...(JSON.parse(kept?.getItem(key) ?? '{}') as ChosenDevices), ...chosen };
  } catch {
    // Some pages may not store anything; then the choice lasts as long as the page.
    kept = undefined;
  }
}

/** Which devices a call begins with, if they are still there. */
export function lastDevices(): ChosenDevices {
  return chosen;
}

/** Forgets what was chosen. */
export function forgetDevices(): void {
  chosen = {};
  kept?.removeItem(key);
}

/** Notes which devices were chosen. */
export function rememberDevices(changes: ChosenDevices): void {
  chosen = { ...chosen, ...changes };
  try {
    kept?.setItem(key, JSON.stringify(chosen));
  } catch {
    kept = undefined;
  }
}
