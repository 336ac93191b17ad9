import { checked, type Check } from './diagnosis.ts';

/** Only Chromium tells, by the former name of W3C "Permissions Policy". */
interface PolicyDocument {
  readonly featurePolicy?: { allowsFeature(name: string): boolean };
}

/** Whether a call could have the device, without asking the person and without switching anything on. */
export async function checkDevice(device: 'microphone' | 'camera'): Promise<Check> {
  const fail = (code: string, fix: string): Check => checked(device, code, code, fix);
  if (!isSecureContext) return fail('insecure', 'Serve the page by https.');
  if ((document as PolicyDocument).featurePolicy?.allowsFeature(device) === false)
    return fail('policy', `Set allow="${device}" on the iframe, or the header Permissions-Policy: ${device}=(self).`);
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (!devices.some(({ kind }) => kind === (device === 'camera' ? 'videoinput' : 'audioinput')))
    return fail('missing', 'Connect one.');
  // Not every browser knows these names.
  const answer = await navigator.permissions.query({ name: device as PermissionName }).catch(() => undefined);
  const state = answer?.state ?? 'unknown';
  return state === 'denied'
    ? fail(state, 'Allow it in the site settings of the browser.')
    : checked(device, state, state);
}
