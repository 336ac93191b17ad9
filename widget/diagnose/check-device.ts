import { checked, type Check } from './diagnosis.ts';
import { allows } from './check-permissions.ts';

type Device = 'microphone' | 'camera';

/** Whether a call could have the device: without asking the person and without switching anything on, unless it is `opened` to be sure. */
export async function checkDevice(device: Device, opened: boolean): Promise<Check> {
  const fail = (code: string, fix: string): Check => checked(device, code, code, fix);
  if (!isSecureContext) return fail('insecure', 'Serve the page by https.');
  if (allows(device) === false)
    return fail('policy', `Set allow="${device}" on the iframe, or the header Permissions-Policy: ${device}=(self).`);
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (!devices.some(({ kind }) => kind === (device === 'camera' ? 'videoinput' : 'audioinput')))
    return fail('missing', 'Connect one.');
  // Not every browser knows these names.
  const answer = await navigator.permissions.query({ name: device as PermissionName }).catch(() => undefined);
  const state = answer?.state ?? 'unknown';
  if (state === 'denied') return fail(state, denied(device));
  return opened ? open(device) : checked(device, state, state);
}

/** Browsers that do not tell what a frame is allowed say so of the person's answer. */
const denied = (device: Device): string =>
  'Allow it in the site settings of the browser' +
  (self === top || allows(device) ? '.' : `, and set allow="${device}" on the iframe.`);

async function open(device: Device): Promise<Check> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ [device === 'camera' ? 'video' : 'audio']: true });
    for (const track of stream.getTracks()) track.stop();
    return checked(device, 'granted', 'granted, and it runs');
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    // By the names of W3C "Media Capture and Streams", `getUserMedia`.
    if (name === 'NotAllowedError') return checked(device, 'denied', name, denied(device));
    if (name === 'NotFoundError') return checked(device, 'missing', name, 'Connect one.');
    const fix = 'Close other programs and pages that use it, plug it in again, or restart the browser.';
    return checked(device, 'busy', String(error), fix);
  }
}
