import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { Prepared } from './prepared-query.ts';

/** Which rows the work in progress may see: those of one site, or of all. */
export type Wall = { readonly siteId: string } | 'none';

/** The role that row-level security holds for: connections for one site's work take it on. */
export const walledRole = 'teatime_walled';

const walls = new AsyncLocalStorage<Wall>();

/** Runs work that concerns one site: the database shows it no row of another. */
export const inSite = <T>(siteId: string, work: () => T): T => walls.run({ siteId }, work);

/** Runs work that looks over all sites, such as a sweep. */
export const acrossSites = <T>(work: () => T): T => walls.run('none', work);

/** What the work in progress may see; nothing where nobody has said it. */
export const currentWall = (): Wall | undefined => walls.getStore();

/** The same, where somebody must have said it: a query that nobody has thought about is a mistake, and a loud one. */
export const requireWall = (): Wall => {
  const wall = walls.getStore();
  if (wall === undefined) {
    throw new Error(
      'unable to ask the database; nobody has said for which site: wrap the work in inSite or acrossSites',
    );
  }
  return wall;
};

/** The site that the work in progress is for. Throws where it is for none, or for all. */
export const requireSite = (): string => {
  const wall = requireWall();
  if (wall === 'none') throw new Error('unable to change a conversation; nobody has said of which site it is');
  return wall.siteId;
};

/**
 * What a walled connection begins with: its role, and a statement that says whose rows are seen until the transaction ends. It is one that
 * answers with no rows.
 */
export const walledSetup = (standing: boolean): string => `
${standing ? `set role ${walledRole};` : ''}
prepare teatime_wall (text) as select where set_config('teatime.sites', $1, true) is null`;

/** Lets the rest of the transaction see the rows of these sites. */
export const wallFor = (siteIds: readonly string[]): Prepared => ({ name: 'teatime_wall', values: [siteIds.join()] });

/** The text that begins a transaction for a site. It asks nothing, so that the transaction can still be given an isolation level. */
export const beginFor = (siteId: string): string => `begin; set local teatime.sites = ${pg.escapeLiteral(siteId)}`;
