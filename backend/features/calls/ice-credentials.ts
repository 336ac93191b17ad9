import { createHmac } from 'node:crypto';

/** The longest life of TURN credentials in seconds: who takes some away can use them for no longer. */
export const maxIceSeconds = 60 * 60;

/** What a TURN server is told by one user, and until when it lets them in (ISO 8601). */
export interface IceCredentials {
  readonly username: string;
  readonly credential: string;
  readonly expiresAt: string;
}

/**
 * Makes credentials that coturn checks by the secret alone, without knowing the user: the user name is `<end in epoch seconds>:<user id>`, the password
 * the HMAC-SHA1 of it in base64. "A REST API For Access To TURN Services", draft-uberti-behave-turn-rest-00, section 2.2; coturn: `use-auth-secret`.
 * Throws a `RangeError` for a life of more than an hour, or none.
 */
export const iceCredentials = (given: {
  readonly userId: string;
  /** coturn's `static-auth-secret`. */
  readonly secret: string;
  readonly ttlSeconds: number;
  /** Epoch milliseconds. */
  readonly now: number;
}): IceCredentials => {
  const { userId, secret, ttlSeconds, now } = given;
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > maxIceSeconds)
    throw new RangeError(`unable to make TURN credentials for ${ttlSeconds} s; they live 1 to ${maxIceSeconds} s`);
  const end = Math.floor(now / 1000) + ttlSeconds;
  const username = `${end}:${userId}`;
  return {
    username,
    credential: createHmac('sha1', secret).update(username).digest('base64'),
    expiresAt: new Date(end * 1000).toISOString(),
  };
};
