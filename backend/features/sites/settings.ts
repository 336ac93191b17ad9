import type { AdminSite } from '../../../protocol/sites.ts';
import type { Queries } from '../../database/transaction.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { normaliseAllowedOrigin } from '../../http/origin.ts';
import { Problem } from '../../problem.ts';
import { readBranding } from './branding.ts';
import { readPolicy } from './policy.ts';
import { changeSite, findSite, type SiteRow } from './store.ts';

/** What a site decides and how it looks, for its own servers. */
export const createSiteSettings = ({ db }: Pick<Deps, 'db'>): Feature => ({
  commands: [],
  routes: [
    route('GET /admin/site', async ({ site }) => ({
      status: 200,
      body: { site: await toAdminSite(db, await findSite(db, site.key)) },
    })),
    route('PATCH /admin/site', async ({ site, body, note }) => {
      const { allowedOrigins, ...changes } = body;
      const origins = allowedOrigins?.map(readOrigin);
      const changed = await changeSite(db, site.key, { ...changes, allowedOrigins: origins && [...new Set(origins)] });
      note({ target: site.key, details: { changed: Object.keys(body).sort().join(' ') } });
      return { status: 200, body: { site: await toAdminSite(db, changed) } };
    }),
  ],
});

const toAdminSite = async (
  queries: Queries,
  { id, key, name, allowedOrigins, createdAt }: SiteRow,
): Promise<AdminSite> => {
  // What holds, also where what is written cannot be read.
  const { name: _, ...policy } = await readPolicy(queries, id);
  const branding = (await readBranding(queries, id)) ?? {};
  return { id, key, name, allowedOrigins: [...allowedOrigins], policy, branding, createdAt: createdAt.toISOString() };
};

const readOrigin = (text: string, place: number): string => {
  const origin = normaliseAllowedOrigin(text);
  if (origin !== undefined) return origin;
  throw new Problem('validation_failed', 'unable to change the site; an origin is written as https://www.example.com', {
    issues: [{ path: `allowedOrigins.${place}`, message: 'must be an origin, or one such as https://*.example.com' }],
  });
};
