import type { Config } from '../config.ts';
import type { Database } from '../database/connect.ts';
import type { Site } from '../feature.ts';
import { siteAllowsOrigin } from './origin.ts';

/** The sites of this server, as requests need them. */
export interface Sites {
  byKey(key: string): Promise<KnownSite | undefined>;
  byId(id: string): Promise<KnownSite | undefined>;
  /** Whether any site may be embedded by pages of this origin: all that a preflight, which names no site, can ask. */
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

// Sites change rarely and are read by every request; a change is seen after this long.
const freshMs = 1000;
const maxKept = 10_000;

/** Reads sites from the database and keeps them for a second. */
export const createSites = (db: Database, config: Pick<Config, 'demo'>): Sites => {
  const kept = new Map<string, { at: number; site: Promise<KnownSite | undefined> }>();

  const read = (by: 'key' | 'id', value: string): Promise<KnownSite | undefined> => {
    const name = `${by} ${value}`;
    const now = performance.now();
    const known = kept.get(name);
    if (known && now - known.at < freshMs) return known.site;
    if (kept.size >= maxKept) kept.clear();
    const site = load(by, value);
    kept.set(name, { at: now, site });
    site.catch(() => kept.delete(name));
    return site;
  };
  const load = async (by: 'key' | 'id', value: string): Promise<KnownSite | undefined> => {
    const [row] = await db.query<SiteRow>(`site_by_${by}`, `select ${columns} from sites where ${by} = $1`, [value]);
    return (
      row && { id: row.id, key: row.key, name: row.name, allowedOrigins: row.allowed_origins, enabled: row.enabled }
    );
  };

  return {
    byKey: async (key) => (/^[a-z0-9][a-z0-9-]{0,62}$/.test(key) ? read('key', key) : undefined),
    byId: (id) => read('id', id),
    async anyAllows(origin) {
      if (siteAllowsOrigin({ allowedOrigins: [] }, origin, config)) return true;
      const rows = await db.query(
        'site_any_allows',
        'select from sites where enabled and $1 = any (allowed_origins) limit 1',
        [origin],
      );
      return rows.length > 0;
    },
  };
};

const columns = 'id, key, name, allowed_origins, enabled';
