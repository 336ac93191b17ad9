import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a signed request carries beside its body. */
export interface SignedHeaders {
  /** Names what is told: the same each time that it is sent. */
  readonly id: string;
  /** When it was sent, in epoch seconds. */
  readonly timestamp: number;
}

/** How far the clocks of two servers may be apart, in seconds. */
export const signatureWindowSeconds = 5 * 60;

const secretPrefix = 'whsec_';
const secretBytes = 32;

/** Makes a secret: 256 bits of chance. */
export const newWebhookSecret = (): Buffer => randomBytes(secretBytes);

/** A secret as it is shown: base64 behind `whsec_`, the form that libraries for Standard Webhooks take. */
export const showSecret = (secret: Uint8Array): string => secretPrefix + Buffer.from(secret).toString('base64');

/** The signature of a body as Standard Webhooks has it: `v1,` and the base64 of an HMAC-SHA256 of id, timestamp and body with dots between. */
export const signWebhook = (secret: Uint8Array, { id, timestamp }: SignedHeaders, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;

/** True when one of the signatures, which stand in a row with spaces between, is right and the time is within the window of `now`, in epoch seconds. */
export const checkWebhook = (
  secret: Uint8Array,
  signed: SignedHeaders & { readonly signatures: string },
  body: string,
  now: number,
): boolean => {
  if (!(Math.abs(now - signed.timestamp) <= signatureWindowSeconds)) return false;
  const expected = Buffer.from(signWebhook(secret, signed, body));
  return signed.signatures
    .split(' ', 10)
    .map((text) => Buffer.from(text))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
};
