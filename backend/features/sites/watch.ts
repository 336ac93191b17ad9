import { setTimeout as wait } from 'node:timers/promises';
import { acrossSites } from '../../database/wall.ts';
import type { Deps, Feature } from '../../feature.ts';

const lookMs = 500;

/** Closes the sockets of sites that are switched off, within a second of it, whoever did so. Requests find out by themselves. */
export const createSiteWatch = ({ db, hub, log }: Pick<Deps, 'db' | 'hub' | 'log'>): Feature => {
  const stopped = new AbortController();
  let off = new Set<string>();

  const look = async (): Promise<void> => {
    const sites = await db.query<{ id: string; key: string }>(
      'sites_off',
      'select id, key from sites where not enabled',
      [],
    );
    for (const site of sites) {
      if (off.has(site.id)) continue;
      log.info({ site: site.key }, 'a site is switched off');
      hub.closeSite(site, 'site_disabled');
    }
    off = new Set(sites.map(({ id }) => id));
  };
  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      // While the database is away, others say so.
      await acrossSites(look).catch(() => undefined);
      await wait(lookMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
    }
  };
  return {
    routes: [],
    commands: [],
    open: () => void watch(),
    async close() {
      stopped.abort();
    },
  };
};
