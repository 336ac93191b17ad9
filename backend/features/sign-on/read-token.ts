import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import { z } from 'zod';
import { customFields, displayName, email, type CustomFields } from '../../../protocol/users.ts';
import { Problem } from '../../problem.ts';
import type { SiteKey } from './keys.ts';

/** The audience that a site's tokens name. */
export const signOnAudience = 'teatime';
/** How long before its end a token may be presented, in seconds, whatever the site says. */
export const longestTokenSeconds = 10 * 60;
/** How far the clocks of a site and of this server may be apart, in seconds. */
export const clockSkewSeconds = 60;

/** Whom a site vouches for. */
export interface VouchedPerson {
  /** Who this is to the site's own product. */
  readonly externalId: string;
  readonly name: string;
  readonly email: string | undefined;
  readonly pictureUrl: string | undefined;
  readonly custom: CustomFields;
}

/** What a token says. */
export interface SignOnToken {
  readonly person: VouchedPerson;
  readonly jti: string;
  /** In epoch seconds. */
  readonly expiresAt: number;
}

const claims = z.object({
  iss: z.string(),
  aud: z.literal(signOnAudience),
  sub: z.string().min(1).max(128),
  jti: z.string().min(1).max(128),
  exp: z.number(),
  iat: z.number().optional(),
  nbf: z.number().optional(),
  name: displayName,
  email: email.optional(),
  picture: z
    .url({ protocol: /^https$/ })
    .max(2048)
    .optional(),
  custom: customFields.optional(),
});

/** Every claim that is read. */
export const signOnClaims: readonly string[] = Object.keys(claims.shape);

// As identity providers name theirs, which need not look like ours.
const kidForm = /^[\x21-\x7e]{1,255}$/;

/**
 * Reads a token that a site has signed. Whoever holds none of the site's keys is told only that; what else is wrong, a developer whose signature is
 * good is told exactly. `cause` of the thrown problem says in every case what it was, for the log.
 */
export const readSignOnToken = async (
  token: string,
  site: { readonly key: string },
  findKey: (kid: string) => Promise<SiteKey | undefined>,
  now = Math.floor(Date.now() / 1000),
): Promise<SignOnToken> => {
  const payload = await verified(token, site.key, findKey);
  const invalid = (reason: string) => new Problem('token_invalid', `unable to accept the sign-on token; ${reason}`);
  const { data, error } = claims.safeParse(payload);
  if (!data) throw invalid(error.issues.map(({ path, message }) => `"${path.join('.')}" ${message}`).join('; '));
  if (data.iss !== site.key) throw invalid(`its "iss" must be the key of the site, ${site.key}`);
  const { exp, nbf = 0, iat = 0 } = data;
  const look = 'check the clock of the server that signs';
  if (exp <= now - clockSkewSeconds) {
    throw new Problem('token_expired', `unable to accept the sign-on token; it expired ${ago(now - exp)} ago: ${look}`);
  }
  if (exp > now + longestTokenSeconds + clockSkewSeconds)
    throw invalid(`it ends in ${ago(exp - now)}, more than the ${ago(longestTokenSeconds)} that are allowed`);
  if (Math.max(nbf, iat) > now + clockSkewSeconds)
    throw invalid(`it is meant for ${ago(Math.max(nbf, iat) - now)} from now: ${look}`);
  return {
    jti: data.jti,
    expiresAt: exp,
    person: {
      externalId: data.sub,
      name: data.name,
      email: data.email,
      pictureUrl: data.picture,
      custom: data.custom ?? {},
    },
  };
};

const verified = async (
  token: string,
  siteKey: string,
  findKey: (kid: string) => Promise<SiteKey | undefined>,
): Promise<unknown> => {
  const refused = (cause: string) =>
    new Problem(
      'token_invalid',
      `unable to accept the sign-on token; it is not signed by a key that site ${siteKey} lists`,
      { cause: new Error(cause) },
    );
  let kid: unknown;
  try {
    ({ kid } = decodeProtectedHeader(token));
  } catch {
    throw refused('it is no signed JWT');
  }
  if (typeof kid !== 'string' || !kidForm.test(kid)) throw refused('its header names no key ("kid")');
  const known = await findKey(kid);
  if (!known) throw refused(`the site has no key named ${kid} in use`);
  try {
    const { payload } = await compactVerify(token, known.key, { algorithms: [known.algorithm] });
    return JSON.parse(new TextDecoder().decode(payload)) as unknown;
  } catch (error) {
    if (error instanceof errors.JOSEAlgNotAllowed) throw refused(`key ${kid} signs by ${known.algorithm} alone`);
    if (error instanceof errors.JWSSignatureVerificationFailed)
      throw refused(`the signature is not that of key ${kid}`);
    throw refused(error instanceof Error ? error.message : 'it cannot be read');
  }
};

const ago = (seconds: number): string => {
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const) {
    const count = Math.floor(seconds / size);
    if (count > 0) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return `${seconds} seconds`;
};
