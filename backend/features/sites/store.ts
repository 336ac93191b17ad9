import { uuidv7 } from 'uuidv7';
import type { Branding, SitePolicy } from '../../../protocol/sites.ts';
import type { Queries } from '../../database/transaction.ts';
import { Problem } from '../../problem.ts';
import { requireReadable } from './accent.ts';

/** What keys of sites look like: they stand in headers, URLs and tokens. */
export const siteKeyForm = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** A site as whoever runs the server sees it. */
export interface SiteRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly allowedOrigins: readonly string[];
  readonly enabled: boolean;
  /** As it is written, which may not be what can be read. */
  readonly policy: unknown;
  readonly branding: unknown;
  readonly createdAt: Date;
  readonly people: number;
  readonly conversations: number;
}

/** What can be changed of a site. */
export interface SiteChanges {
  readonly name?: string | undefined;
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly enabled?: boolean | undefined;
  /** Each part of the policy that is given replaces that part; with `wholePolicy` all others go. */
  readonly policy?: SitePolicy | undefined;
  readonly wholePolicy?: boolean | undefined;
  /** Replaces all of it. */
  readonly branding?: Branding | undefined;
}

const columns = `s.id, s.key, s.name, s.allowed_origins as "allowedOrigins", s.enabled, s.policy, s.branding, s.created_at as "createdAt",
  (select count(*)::int from users u where u.site_id = s.id) as people,
  (select count(*)::int from conversations c where c.site_id = s.id) as conversations`;

/** All sites, by key. */
export const listSites = (queries: Queries): Promise<SiteRow[]> =>
  queries.query<SiteRow>('sites_list', `select ${columns} from sites s order by s.key`, []);

/** One site. Throws `not_found`. */
export const findSite = async (queries: Queries, key: string): Promise<SiteRow> => {
  const [row] = await queries.query<SiteRow>('sites_find', `select ${columns} from sites s where s.key = $1`, [key]);
  if (!row) throw new Problem('not_found', `unable to find the site; none has the key ${key}`);
  return row;
};

/** Makes a site. Throws `conflict` when there is one with the key. */
export const createSite = async (
  queries: Queries,
  site: { readonly key: string; readonly name: string; readonly allowedOrigins: readonly string[] },
): Promise<SiteRow> => {
  if (!siteKeyForm.test(site.key)) {
    throw new Problem(
      'validation_failed',
      'unable to create the site; its key must be up to 63 lower-case letters, digits and dashes, and not begin with a dash',
    );
  }
  const rows = await queries.query(
    'sites_create',
    'insert into sites (id, key, name, allowed_origins) values ($1, $2, $3, $4) on conflict (key) do nothing returning id',
    [uuidv7(), site.key, site.name, site.allowedOrigins],
  );
  if (rows.length === 0)
    throw new Problem('conflict', `unable to create the site; there is one with the key ${site.key}`);
  return findSite(queries, site.key);
};

/** Changes a site; what is left out stays as it is. Throws `not_found`, and `validation_failed` for a colour that nothing can be read on. */
export const changeSite = async (queries: Queries, key: string, changes: SiteChanges): Promise<SiteRow> => {
  const { name, allowedOrigins, enabled, policy, wholePolicy = false, branding } = changes;
  if (branding?.accent !== undefined) requireReadable(branding.accent);
  await queries.query(
    'sites_change',
    `update sites set name = coalesce($2, name), allowed_origins = coalesce($3, allowed_origins), enabled = coalesce($4, enabled),
       policy = case when $6 then '{}' else policy end || coalesce($5::jsonb, '{}'), branding = coalesce($7::jsonb, branding)
     where key = $1`,
    [
      key,
      name ?? null,
      allowedOrigins ?? null,
      enabled ?? null,
      policy === undefined ? null : JSON.stringify(policy),
      wholePolicy,
      branding === undefined ? null : JSON.stringify(branding),
    ],
  );
  return findSite(queries, key);
};
