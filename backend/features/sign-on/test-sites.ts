import { createHmac, randomBytes, randomUUID, sign, type KeyObject } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { createTokens } from '../../tokens.ts';
import type { TestBackend } from '../../testing/index.ts';
import { createSiteKeys, type SiteKeys } from './index.ts';

/** A site of a test, with a secret. */
export interface TestSite {
  readonly id: string;
  readonly key: string;
  readonly keys: SiteKeys;
  readonly kid: string;
  readonly secret: Buffer;
  /** A token by the secret; `undefined` leaves a claim out. */
  mint(claims?: object, header?: object): string;
}

/** Makes a site whose own back end signs its people on. */
export const aSite = async (server: TestBackend, allowedOrigins: readonly string[] = []): Promise<TestSite> => {
  const id = uuidv7();
  const key = `site-${randomUUID().slice(0, 8)}`;
  await server.db.query('test_site', 'insert into sites (id, key, name, allowed_origins) values ($1, $2, $2, $3)', [
    id,
    key,
    allowedOrigins,
  ]);
  const keys = createSiteKeys(server.db, createTokens(server.config));
  const [kid, secret] = ['main', randomBytes(32)];
  await keys.addSecret(id, kid, secret);
  return {
    id,
    key,
    keys,
    kid,
    secret,
    mint: (claims, header) =>
      jwt({ alg: 'HS256', kid, ...header }, claimsFor(key, claims), (text) =>
        createHmac('sha256', secret).update(text).digest(),
      ),
  };
};

/** Good claims for a site, with others in their place. */
export const claimsFor = (siteKey: string, others: object = {}): object => ({
  iss: siteKey,
  aud: 'teatime',
  sub: 'person-1',
  name: 'Ada Byron',
  jti: randomUUID(),
  exp: Math.floor(Date.now() / 1000) + 300,
  ...others,
});

/** A token as anybody could put it together. */
export const jwt = (header: object, claims: unknown, signature: (text: string) => Uint8Array | string): string => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${Buffer.from(signature(text)).toString('base64url')}`;
};

/** Signs by a private key, as the algorithm of its kind says. */
export const signedBy =
  (key: KeyObject) =>
  (text: string): Buffer =>
    sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from(text), {
      key,
      ...(key.asymmetricKeyType === 'ec' && { dsaEncoding: 'ieee-p1363' }),
    });
