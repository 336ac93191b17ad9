import { AsyncLocalStorage } from 'node:async_hooks';

/** Which rows the work in progress may see: those of one site, or of all. */
export type Wall = { readonly siteId: string } | 'none';

const walls = new AsyncLocalStorage<Wall>();

/** Runs work that concerns one site: the database shows it no row of another. */
export const inSite = <T>(siteId: string, work: () => T): T => walls.run({ siteId }, work);

/** Runs work that looks over all sites, such as a sweep. */
export const acrossSites = <T>(work: () => T): T => walls.run('none', work);

/** What the work in progress may see; nothing where nobody has said it. */
export const currentWall = (): Wall | undefined => walls.getStore();
