import type { Config } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { acrossSites } from '../database/wall.ts';
import type { Site } from '../feature.ts';
import { normaliseAllowedOrigin, normaliseOrigin, siteAllowsOrigin, wildcardOf } from './origin.ts';

/** The sites of this server, as requests need them. */
export interface Sites {
  byKey(key: string): Promise<KnownSite | undefined>;
  byId(id: string): Promise<KnownSite | undefined>;
  /** Whether any site may be embedded by pages of this origin: all that can be asked while the site is not known. */
  anyAllows(origin: string): Promise<boolean>;
}

/** A site, also one that is switched off. */
export interface KnownSite extends Site {
  readonly enabled: boolean;
}

interface SiteRow {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly allowed_origins: string[];
  readonly enabled: boolean;
}

/** Reads sites from the database and keeps them for a second. */
export const createSites = (db: Database, config: Pick<Config, 'demo'>): Sites => {
  const find = async (by: 'key' | 'id', value: string): Promise<KnownSite | undefined> => {
    const [row] = await acrossSites(() =>
      db.query<SiteRow>(`site_by_${by}`, `select ${columns} from sites where ${by} = $1`, [value]),
    );
    return (
      row && { id: row.id, key: row.key, name: row.name, allowedOrigins: row.allowed_origins, enabled: row.enabled }
    );
  };
  const byKey = keep((key) => find('key', key));
  const byId = keep((id) => find('id', id));
  const origins = keep(async () => {
    const rows = await acrossSites(() =>
      db.query<{ origin: string }>(
        'site_origins',
        'select distinct unnest(allowed_origins) as origin from sites where enabled',
        [],
      ),
    );
    return new Set(rows.map(({ origin }) => normaliseAllowedOrigin(origin)));
  });

  return {
    byKey: async (key) => (/^[a-z0-9][a-z0-9-]{0,62}$/.test(key) ? byKey(key) : undefined),
    byId,
    async anyAllows(origin) {
      if (siteAllowsOrigin({ allowedOrigins: [] }, origin, config)) return true;
      // While the database was never reached, no other page can be known.
      const known = await origins('all').catch(() => undefined);
      const normal = normaliseOrigin(origin);
      if (!known || normal === undefined) return false;
      return known.has(normal) || known.has(wildcardOf(normal));
    },
  };
};

const columns = 'id, key, name, allowed_origins, enabled';

// Sites change rarely and are read by every request; a change is seen after this long.
const freshMs = 1000;
const maxKept = 10_000;

interface Kept<T> {
  readonly at: number;
  readonly value: Promise<T>;
  /** What was read before: better than nothing while the database is away. */
  readonly before: { readonly value: T } | undefined;
}

/** Remembers what `read` gives for a second, and for as long as reading it again fails. */
const keep = <T>(read: (key: string) => Promise<T>): ((key: string) => Promise<T>) => {
  const kept = new Map<string, Kept<T>>();
  return (key) => {
    const now = performance.now();
    const known = kept.get(key);
    if (known && now - known.at < freshMs) return known.value;
    if (kept.size >= maxKept) kept.clear();
    const value = read(key).catch((error: unknown) => {
      const last = known?.before;
      if (last) return last.value;
      kept.delete(key);
      throw error;
    });
    const entry: { at: number; value: Promise<T>; before: Kept<T>['before'] } = {
      at: now,
      value,
      before: known?.before,
    };
    kept.set(key, entry);
    value.then(
      (read) => (entry.before = { value: read }),
      () => undefined,
    );
    return value;
  };
};
