import { createServerKey } from '../features/admin/index.ts';
import { acrossSites, inSite } from '../database/wall.ts';
import { api, type Api } from './api.ts';
import type { TestBackend } from './backend.ts';

/** A server key of a test, with a client that sends it. */
export interface TestServerKey {
  readonly id: string;
  readonly siteId: string;
  readonly secret: string;
  readonly api: Api;
}

/** Makes a server key of a site, by default of the first one and for everything. */
export const aServerKey = async (
  server: TestBackend,
  { scopes = ['*'], siteKey = 'default', name = 'test' }: { scopes?: string[]; siteKey?: string; name?: string } = {},
): Promise<TestServerKey> => {
  const [site] = await acrossSites(() =>
    server.db.query<{ id: string }>('test_site_of_key', 'select id from sites where key = $1', [siteKey]),
  );
  if (!site) throw new Error(`unable to make a server key; there is no site ${siteKey}`);
  const { id, secret } = await inSite(site.id, () => createServerKey(server.db, site.id, { name, scopes }));
  return { id, siteId: site.id, secret, api: api(server, secret) };
};
