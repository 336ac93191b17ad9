import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { userKind } from '../protocol/users.ts';
import type { Config } from './config.ts';
import type { Session } from './feature.ts';
import { Problem } from './problem.ts';

/** Life of an access token in seconds. */
export const accessTokenSeconds = 10 * 60;

/** What access tokens are signed and checked with: one algorithm, whatever a token's header says. */
export const accessTokenRules = { algorithm: 'HS256', issuer: 'teatime', audience: 'teatime' } as const;

/** A verified access token: whose it is, and when it ends in epoch seconds. */
export interface VerifiedToken extends Session {
  readonly expiresAt: number;
}

/** Makes and checks tokens. Keys are derived from the token secret, one for each use (HKDF, RFC 5869). */
export interface Tokens {
  /** Signs an access token. `expiresIn` is in seconds. */
  issue(session: Session): Promise<{ accessToken: string; expiresIn: number }>;
  /** Throws `token_expired` or `token_invalid`. Whether its session goes on, the caller asks the database. */
  verify(token: string): Promise<VerifiedToken>;
  /** The claims of a token whose signature was checked elsewhere; throws `token_invalid` when they are not those of an access token, or its session is refused. */
  read(claims: unknown): VerifiedToken;
  /** From now on `read` refuses access tokens of these sessions, for as long as any could still be good. */
  refuse(sessionIds: readonly string[]): void;
  /** The key of access tokens. */
  readonly key: KeyObject;
  /** A key for something else that is signed, of which a token of another use says nothing. */
  keyFor(use: string): KeyObject;
  /** The refresh token that follows this one: always the same, yet not to be guessed without the secret. */
  successorOf(refreshToken: string): string;
}

const claimsOfAccess = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  site: z.uuid(),
  typ: z.literal('access'),
  kind: userKind.optional(),
  exp: z.int(),
});

/** Makes the tokens of an installation from its secret. */
export const createTokens = (config: Pick<Config, 'tokenSecret'>): Tokens => {
  const derive = (use: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', config.tokenSecret, '', `teatime ${use}`, 32)));
  const key = derive('access token');
  const refreshKey = derive('refresh token');
  const { algorithm, issuer, audience } = accessTokenRules;

  const refused = new Map<string, number>();
  const refuse = (sessionIds: readonly string[]): void => {
    const now = Date.now();
    for (const [id, until] of refused) if (until < now) refused.delete(id);
    for (const id of sessionIds) refused.set(id, now + accessTokenSeconds * 1000);
  };

  const parse = (claims: unknown): VerifiedToken => {
    const checked = claimsOfAccess.safeParse(claims);
    if (!checked.success) throw new Problem('token_invalid', 'unable to accept the access token; it is not one');
    const { sub, sid, site, kind, exp } = checked.data;
    return { userId: sub, sessionId: sid, siteId: site, expiresAt: exp, ...(kind && { kind }) };
  };

  return {
    key,
    keyFor: derive,
    read(claims) {
      const token = parse(claims);
      if (!refused.has(token.sessionId)) return token;
      throw new Problem('token_invalid', 'unable to accept the access token; its session has ended');
    },
    refuse,
    async issue({ userId, siteId, sessionId, kind }) {
      const accessToken = await new SignJWT({ sid: sessionId, site: siteId, typ: 'access', ...(kind && { kind }) })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(`${accessTokenSeconds}s`)
        .sign(key);
      return { accessToken, expiresIn: accessTokenSeconds };
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: [algorithm], issuer, audience });
        return parse(payload);
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw tokenExpired();
        throw error instanceof Problem ? error : tokenInvalid();
      }
    },
    successorOf: (refreshToken) => createHmac('sha256', refreshKey).update(refreshToken).digest('base64url'),
  };
};

/** The refusal of an access token that has ended. */
export const tokenExpired = (): Problem =>
  new Problem('token_expired', 'unable to accept the access token; it has expired');

/** The refusal of an access token that is none of ours. */
export const tokenInvalid = (): Problem =>
  new Problem('token_invalid', 'unable to accept the access token; it is not valid');
