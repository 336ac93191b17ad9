import { checked, type Check } from './diagnosis.ts';

/** Only Chromium tells, by the former name of W3C "Permissions Policy". */
interface PolicyDocument {
  readonly featurePolicy?: { allowsFeature(name: string): boolean };
}

/** Whether the page may use something, by the page's header and the frame's `allow`; `undefined` where the browser does not tell. */
export const allows = (feature: string): boolean | undefined =>
  (document as PolicyDocument).featurePolicy?.allowsFeature(feature);

/** What the chat uses, and cannot do without in calls. */
const features = { microphone: true, camera: true, 'display-capture': false } as const;

/** Whether the page may use what calls need: the one line for all that it may not. */
export function checkPermissions(): Check {
  const all = Object.keys(features) as (keyof typeof features)[];
  if (allows('camera') === undefined) {
    return checked('permissions-policy', 'unknown', 'this browser does not tell', '', 'skip');
  }
  const missing = all.filter((feature) => !allows(feature));
  if (missing.length === 0) return checked('permissions-policy', 'ok', all.join(', '));
  const header = `Permissions-Policy: ${missing.map((feature) => `${feature}=(self)`).join(', ')}`;
  return checked(
    'permissions-policy',
    'blocked',
    `this page may not use ${missing.join(', ')}`,
    self === top
      ? `Send the header ${header}.`
      : `Set allow="${missing.join('; ')}" on the iframe; if that is there, the page in it sends the wrong header: ${header}.`,
    missing.some((feature) => features[feature]) ? 'fail' : 'warn',
  );
}
