import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SiteKey } from './keys.ts';
import { longestTokenSeconds, signOnAudience } from './read-token.ts';

/** Signs a token as a site's back end would; it is good for ten minutes, once. */
export const mintSignOnToken = (
  { kid, algorithm, key }: SiteKey,
  person: {
    readonly site: string;
    readonly externalId: string;
    readonly name: string;
    email?: string;
    picture?: string;
  },
): Promise<string> => {
  const { site, externalId, ...claims } = person;
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: algorithm, kid })
    .setIssuer(site)
    .setAudience(signOnAudience)
    .setSubject(externalId)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${longestTokenSeconds}s`)
    .sign(key);
};
