import { createHash, createHmac, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { GuestChallenge } from '../../../protocol/guests.ts';
import { Problem } from '../../problem.ts';

/** How long somebody may work on a challenge. In seconds. */
export const challengeSeconds = 5 * 60;

/** A challenge that was solved; whoever keeps its nonce keeps it from being used again. */
export interface SolvedChallenge {
  readonly nonce: Buffer;
  readonly expiresAt: Date;
}

// Expiry (4 bytes), difficulty (1), nonce (12), the first half of an HMAC (16): 44 characters, so that with a solution
// of up to eleven digits they are one block for SHA-256.
const [nonceAt, macAt, length] = [5, 17, 33];

/** Makes a challenge for a site. Nothing is kept of it: the key and the site's id are in its signature. */
export const makeChallenge = (key: KeyObject, siteId: string, difficulty: number, now = Date.now()): GuestChallenge => {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32BE(Math.floor(now / 1000) + challengeSeconds, 0);
  bytes.writeUInt8(difficulty, 4);
  randomBytes(macAt - nonceAt).copy(bytes, nonceAt);
  macOf(key, siteId, bytes).copy(bytes, macAt);
  return { challenge: bytes.toString('base64url'), difficulty, expiresIn: challengeSeconds };
};

/** Looks at a solution. Throws `challenge_failed` for one that is wrong or to no challenge of this site, `challenge_expired` for one that took too long. */
export const checkSolution = (
  key: KeyObject,
  siteId: string,
  { challenge, solution }: { readonly challenge: string; readonly solution: string },
  now = Date.now(),
): SolvedChallenge => {
  const bytes = Buffer.from(challenge, 'base64url');
  const known =
    bytes.length === length &&
    bytes.toString('base64url') === challenge &&
    timingSafeEqual(bytes.subarray(macAt), macOf(key, siteId, bytes));
  if (!known) throw failed('challenge', 'must be one that this server made for this site');
  const expiresAt = new Date(bytes.readUInt32BE(0) * 1000);
  if (expiresAt.getTime() <= now) {
    throw new Problem('challenge_expired', 'unable to let the guest in; the challenge is too old, ask for another one');
  }
  const digest = createHash('sha256')
    .update(challenge + solution)
    .digest();
  const difficulty = bytes.readUInt8(4);
  if (leadingZeroBits(digest) < difficulty) throw failed('solution', `must give ${difficulty} leading zero bits`);
  return { nonce: bytes.subarray(nonceAt, macAt), expiresAt };
};

/** The zero bits that a digest begins with, as far as its first 32 bits. */
export const leadingZeroBits = (digest: Buffer): number => Math.clz32(digest.readUInt32BE(0));

const macOf = (key: KeyObject, siteId: string, bytes: Buffer): Buffer =>
  createHmac('sha256', key)
    .update(siteId)
    .update(bytes.subarray(0, macAt))
    .digest()
    .subarray(0, length - macAt);

const failed = (path: string, message: string): Problem =>
  new Problem('challenge_failed', 'unable to let the guest in; the proof of work is wrong', {
    issues: [{ path, message }],
  });
