import type { TeatimePermissionNeededEvent } from '../../file-events.ts';
import type { Strings } from '../../locales/strings.ts';
import { browser } from '../browser.ts';
import { recordingType } from './recording.ts';

/** Why the microphone cannot be had. */
export type MicrophoneReason = TeatimePermissionNeededEvent['detail']['reason'];

/** What is known to stand in the way before the microphone is asked for. */
export function obstacle(): MicrophoneReason | undefined {
  if (!window.isSecureContext) return 'insecure';
  if (!navigator.mediaDevices || !recordingType()) return 'unsupported';
  return isBlockedByPolicy() ? 'policy' : undefined;
}

/** Why the browser did not hand out the microphone (Media Capture and Streams §10.2). */
export function reasonOf(error: unknown): MicrophoneReason {
  const { name = '', message = '' } = error instanceof DOMException ? error : {};
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      if (isBlockedByPolicy()) return 'policy';
      if (/dismissed/i.test(message)) return 'dismissed';
      return /system/i.test(message) ? 'system' : 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
      return 'busy';
    case 'NotSupportedError':
      return 'unsupported';
    default:
      return 'failed';
  }
}

/** What the person can do about it, in words. */
export function microphoneText(reason: MicrophoneReason, words: Strings['recorder']): string {
  return reason === 'denied' ? words.denied[browser()] : words[reason];
}

/** Only Chromium tells. */
function isBlockedByPolicy(): boolean {
  const { featurePolicy } = document as Document & { featurePolicy?: { allowsFeature(name: string): boolean } };
  return featurePolicy?.allowsFeature('microphone') === false;
}
