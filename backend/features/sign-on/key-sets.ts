import { KeyObject } from 'node:crypto';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { uuidv7 } from 'uuidv7';
import type { Queries } from '../../database/transaction.ts';
import { OutboundFailure, type Outbound } from '../../outbound/outbound.ts';
import { Problem } from '../../problem.ts';
import { algorithmOf, type KeyAlgorithm, type SiteKey } from './keys.ts';

/** A set of public keys that a site publishes (RFC 7517 §5). */
export interface KeySetRow {
  readonly [column: string]: unknown;
  readonly name: string;
  readonly url: string;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

/** A key that is gone from its set signs nothing after so long. */
const freshMs = 10 * 60 * 1000;
/** So often at most is a set read for a key that is not known: whoever makes names up cannot make us ask all the time. */
const cooldownMs = 30 * 1000;
const patienceMs = 5000;
const mostBytes = 128 * 1024;
const mostKept = 1000;

type PublicAlgorithm = Exclude<KeyAlgorithm, 'HS256'>;
const algorithms: readonly PublicAlgorithm[] = ['ES256', 'EdDSA', 'RS256'];

/** Finds keys of sites in the sets that they publish, which are read anew as they change; never at an address inside the network. */
export const createKeySets = (queries: Queries, outbound: Outbound) => {
  const readers = new Map<string, JWTVerifyGetKey>();

  const fetchSet = async (url: string): Promise<Response> => {
    const { status, body, truncated } = await outbound.request({
      url,
      maxBytes: mostBytes,
      timeoutMs: patienceMs,
      headers: { accept: 'application/jwk-set+json, application/json' },
    });
    if (truncated) throw new Error('it is larger than 128 KiB');
    return new Response(status === 200 ? new Uint8Array(body) : null, { status });
  };
  const readerOf = (siteId: string, url: string): JWTVerifyGetKey => {
    const name = `${siteId} ${url}`;
    const known = readers.get(name);
    if (known) return known;
    if (readers.size >= mostKept) readers.clear();
    const reader = createRemoteJWKSet(new URL(url), {
      cacheMaxAge: freshMs,
      cooldownDuration: cooldownMs,
      timeoutDuration: patienceMs,
      [customFetch]: (address) => fetchSet(address),
    });
    readers.set(name, reader);
    return reader;
  };

  return {
    /** Adds a set by its address, which has to be one that can be read. */
    async add(siteId: string, name: string, url: string): Promise<void> {
      const reason = outbound.refusal(url);
      if (reason !== undefined) throw new Problem('validation_failed', `unable to add the key set; ${reason}`);
      const answer = await fetchSet(url).catch((error: unknown) => {
        throw new Problem('validation_failed', `unable to add the key set; ${reasonOf(error)}`);
      });
      const set: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined;
      if (!Array.isArray((set as { keys?: unknown } | undefined)?.keys))
        throw new Problem('validation_failed', 'unable to add the key set; there is none at the address (RFC 7517 §5)');
      const rows = await queries.query(
        'sign_on_insert_key_set',
        `insert into site_key_sets (id, site_id, name, url) values ($1, $2, $3, $4)
         on conflict (site_id, name) do nothing returning name`,
        [uuidv7(), siteId, name, url],
      );
      if (rows.length === 0) throw new Problem('conflict', `unable to add the key set; the site has one named ${name}`);
    },

    /** The key of this name in the sets of a site. Throws `dependency_unavailable` where a set cannot be read that might have it. */
    async find(siteId: string, kid: string): Promise<SiteKey | undefined> {
      const sets = await queries.query<{ url: string }>(
        'sign_on_key_sets_in_use',
        'select url from site_key_sets where site_id = $1 and revoked_at is null order by created_at, id',
        [siteId],
      );
      for (const { url } of sets) {
        const key = await keyIn(readerOf(siteId, url), kid);
        if (key) return key;
      }
      return undefined;
    },

    /** All sets of a site, those that were revoked included. */
    list(siteId: string): Promise<KeySetRow[]> {
      return queries.query<KeySetRow>(
        'sign_on_list_key_sets',
        'select name, url, created_at, revoked_at from site_key_sets where site_id = $1 order by created_at, name',
        [siteId],
      );
    },

    /** Makes the keys of a set useless; false when there is no such set in use. */
    async revoke(siteId: string, name: string): Promise<boolean> {
      const rows = await queries.query(
        'sign_on_revoke_key_set',
        'update site_key_sets set revoked_at = now() where site_id = $1 and name = $2 and revoked_at is null returning name',
        [siteId, name],
      );
      return rows.length > 0;
    },
  };
};

/** The key sets of sites. */
export type KeySets = ReturnType<typeof createKeySets>;

/** A key signs by the algorithm of its kind alone, and only where the set does not say that it is for something else. */
const keyIn = async (read: JWTVerifyGetKey, kid: string): Promise<SiteKey | undefined> => {
  for (const algorithm of algorithms) {
    try {
      const found = await read({ alg: algorithm, kid }, { payload: '', signature: '' });
      const key = KeyObject.from(found as Parameters<typeof KeyObject.from>[0]);
      // Throws for keys that are too short.
      return algorithmOf(key) === algorithm ? { kid, algorithm, key } : undefined;
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) continue;
      if (error instanceof errors.JWKSMultipleMatchingKeys || error instanceof Problem) return undefined;
      throw new Problem(
        'dependency_unavailable',
        'unable to check the sign-on token; the keys that the site publishes cannot be read',
        { cause: new Error(`unable to read the key set; ${reasonOf(error)}`) },
      );
    }
  }
  return undefined;
};

const reasonOf = (error: unknown): string =>
  error instanceof OutboundFailure || error instanceof Error ? error.message : String(error);
