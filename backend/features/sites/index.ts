import { uuidv7 } from 'uuidv7';
import type { Config } from '../../config.ts';
import type { Database } from '../../database/connect.ts';

export { changeSite, createSite, findSite, listSites, siteKeyForm, type SiteChanges, type SiteRow } from './store.ts';
export { createSiteSettings } from './settings.ts';
export { createSiteWatch } from './watch.ts';
export {
  accountRulesOf,
  conversationRulesOf,
  fileRulesOf,
  readFileRules,
  requireDoor,
  requireStart,
  type AccountRules,
} from './rules.ts';
export { readBranding } from './branding.ts';
export { callPolicyOf, checkPolicies, readCallPolicy, readPolicy, type CallPolicy } from './policy.ts';

/** Makes the site `default` on a fresh installation. Configured origins replace those of before; without any, what the row says stays. */
export const seedDefaultSite = async (db: Database, config: Pick<Config, 'allowedOrigins'>): Promise<void> => {
  await db.query(
    'site_seed',
    `insert into sites (id, key, name, allowed_origins) values ($1, 'default', 'TeaTime', $2)
     on conflict (key) do update set allowed_origins = excluded.allowed_origins
     where cardinality(excluded.allowed_origins) > 0 and sites.allowed_origins <> excluded.allowed_origins`,
    [uuidv7(), config.allowedOrigins],
  );
};
