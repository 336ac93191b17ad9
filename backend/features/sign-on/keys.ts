import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Queries } from '../../database/transaction.ts';
import { Problem } from '../../problem.ts';
import { openSeal, seal } from '../../seal.ts';
import type { Tokens } from '../../tokens.ts';

/** How a site may sign: by a secret that both know, or by a key of which TeaTime knows the public half (RFC 7518 §3.1, RFC 8037). */
export const keyAlgorithms = ['HS256', 'ES256', 'EdDSA', 'RS256'] as const;
/** How a site may sign. */
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

/** A key of a site. Tokens are checked by its algorithm alone, whatever their header says. */
export interface SiteKey {
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  readonly key: KeyObject;
}

/** What is told of a key; never the key itself. */
export interface SiteKeyRow {
  readonly [column: string]: unknown;
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

/** The least length of a secret in bytes: as long as the hash (RFC 7518 §3.2). */
export const leastSecretBytes = 32;

/** Keeps the keys of sites. Secrets are sealed by the installation's own (AES-256-GCM), so that a copy of the database alone signs nothing. */
export const createSiteKeys = (queries: Queries, tokens: Pick<Tokens, 'keyFor'>) => {
  const sealing = tokens.keyFor('site keys');
  const insert = async (
    siteId: string,
    kid: string,
    algorithm: KeyAlgorithm,
    secret: Buffer | null,
    publicKey: Buffer | null,
  ): Promise<void> => {
    const rows = await queries.query(
      'sign_on_insert_key',
      `insert into site_keys (id, site_id, kid, algorithm, sealed_secret, public_key) values ($1, $2, $3, $4, $5, $6)
       on conflict (site_id, kid) do nothing returning kid`,
      [uuidv7(), siteId, kid, algorithm, secret, publicKey],
    );
    if (rows.length === 0) throw new Problem('conflict', `unable to add the key; the site has one named ${kid}`);
  };

  return {
    /** Adds a secret. */
    async addSecret(siteId: string, kid: string, secret: Uint8Array): Promise<void> {
      if (secret.length < leastSecretBytes)
        throw new Problem('validation_failed', `unable to add the key; a secret needs ${leastSecretBytes} bytes`);
      await insert(siteId, kid, 'HS256', seal(sealing, `${siteId} ${kid}`, secret), null);
    },

    /** Adds a public key in PEM form; says which algorithm it is for. */
    async addPublicKey(siteId: string, kid: string, pem: string): Promise<KeyAlgorithm> {
      const key = readPublicKey(pem);
      const algorithm = algorithmOf(key);
      await insert(siteId, kid, algorithm, null, key.export({ type: 'spki', format: 'der' }));
      return algorithm;
    },

    /** The key of a site by which tokens may be signed now. */
    async find(siteId: string, kid: string): Promise<SiteKey | undefined> {
      const [row] = await queries.query<{
        algorithm: KeyAlgorithm;
        sealed_secret: Buffer | null;
        public_key: Buffer | null;
      }>(
        'sign_on_find_key',
        'select algorithm, sealed_secret, public_key from site_keys where site_id = $1 and kid = $2 and revoked_at is null',
        [siteId, kid],
      );
      if (!row) return undefined;
      const { algorithm, sealed_secret: sealed, public_key: der } = row;
      if (sealed) return { kid, algorithm, key: createSecretKey(openSeal(sealing, `${siteId} ${kid}`, sealed)) };
      return der ? { kid, algorithm, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) } : undefined;
    },

    /** The secret that was added last, of those in use. */
    async newestSecret(siteId: string): Promise<SiteKey | undefined> {
      const [row] = await queries.query<{ kid: string }>(
        'sign_on_newest_secret',
        `select kid from site_keys where site_id = $1 and algorithm = 'HS256' and revoked_at is null
         order by created_at desc, id desc limit 1`,
        [siteId],
      );
      return row && this.find(siteId, row.kid);
    },

    /** All keys of a site, those that were revoked included. */
    list(siteId: string): Promise<SiteKeyRow[]> {
      return queries.query<SiteKeyRow>(
        'sign_on_list_keys',
        'select kid, algorithm, created_at, revoked_at from site_keys where site_id = $1 order by created_at, kid',
        [siteId],
      );
    },

    /** Makes a key useless; false when there is no such key in use. */
    async revoke(siteId: string, kid: string): Promise<boolean> {
      const rows = await queries.query(
        'sign_on_revoke_key',
        'update site_keys set revoked_at = now() where site_id = $1 and kid = $2 and revoked_at is null returning kid',
        [siteId, kid],
      );
      return rows.length > 0;
    },
  };
};

/** The keys of sites. */
export type SiteKeys = ReturnType<typeof createSiteKeys>;

const readPublicKey = (pem: string): KeyObject => {
  if (/PRIVATE KEY/.test(pem))
    throw new Problem('validation_failed', 'unable to add the key; it is a private one, which stays with the site');
  try {
    return createPublicKey(pem);
  } catch {
    throw new Problem('validation_failed', 'unable to add the key; it is not a public key in PEM form');
  }
};

/** How a public key signs: by one algorithm, whatever is asked of it. Throws `validation_failed` for other kinds and for RSA below 2,048 bits. */
export const algorithmOf = (key: KeyObject): KeyAlgorithm => {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return 'EdDSA';
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  // RFC 7518 §3.3 asks for 2048 bits at least.
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= 2048) return 'RS256';
  throw new Problem(
    'validation_failed',
    'unable to add the key; it has to be Ed25519, EC on P-256, or RSA of at least 2,048 bits',
  );
};
