import type { Logger } from 'pino';
import { sitePolicy, type RelayOnly, type SitePolicy, type WhoMayCall } from '../../../protocol/sites.ts';
import type { CallsConfig, Config } from '../../config.ts';
import type { Database } from '../../database/connect.ts';
import type { Queries } from '../../database/transaction.ts';
import { Problem } from '../../problem.ts';

/** What holds for calls of a site. */
export interface CallPolicy {
  readonly allowed: boolean;
  readonly relayOnly: RelayOnly;
  /** Of people who have not decided themselves. */
  readonly whoMayCall: WhoMayCall;
}

/** The installation's word and the site's together. What the installation says of relays is for all sites; of who may call it says where to begin. */
export const callPolicyOf = (config: CallsConfig, { calls = {} }: SitePolicy): CallPolicy => ({
  allowed: config.enabled && calls.allowed !== false,
  relayOnly: config.relayOnly ?? calls.relayOnly ?? (config.turn ? 'strangers' : 'nobody'),
  whoMayCall: calls.whoMayCall ?? config.whoMayCall,
});

/** What holds for calls of a site now. Throws `forbidden` where nobody can call. */
export const readCallPolicy = async (queries: Queries, config: CallsConfig, siteId: string): Promise<CallPolicy> => {
  const policy = callPolicyOf(config, await readPolicy(queries, siteId));
  if (!policy.allowed) throw new Problem('forbidden', 'unable to call; calls are switched off here');
  return policy;
};

interface PolicyRow {
  readonly [column: string]: unknown;
  readonly key: string;
  readonly name: string;
  readonly policy: unknown;
}

/** What holds while a policy cannot be read: as little as it may have been meant to allow. */
const closedPolicy: SitePolicy = {
  accounts: { registration: false, passwordSignIn: false, guests: false },
  calls: { allowed: false },
  conversations: { whoMayStartDirect: 'nobody', whoMayStartGroups: 'nobody', historyForNewMembers: 'sinceJoining' },
  files: { allowed: false },
};

/**
 * What a site decides, and what it is called. A policy that cannot be read closes everything that a policy can close: it may have been meant to
 * keep addresses secret, or people out. It deletes nothing.
 */
export const readPolicy = async (queries: Queries, siteId: string): Promise<SitePolicy & { readonly name: string }> => {
  const [row] = await queries.query<PolicyRow>('site_policy', 'select key, name, policy from sites where id = $1', [
    siteId,
  ]);
  const read = sitePolicy.safeParse(row?.policy ?? {});
  return { ...(read.success ? read.data : closedPolicy), name: row?.name ?? '' };
};

/** Logs which sites have a policy that cannot be read or kept, and why. */
export const checkPolicies = async (
  db: Database,
  { calls }: Pick<Config, 'calls'>,
  log: Pick<Logger, 'error'>,
): Promise<void> => {
  const rows = await db.query<PolicyRow>(
    'site_policies',
    `select key, name, policy from sites where policy <> '{}'`,
    [],
  );
  for (const { key, policy } of rows) {
    const { data, error } = sitePolicy.safeParse(policy);
    const faults = error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    if (faults)
      log.error({ site: key, faults }, 'unable to read the policy of a site; all that it can close is closed');
    const relayOnly = calls.relayOnly ?? data?.calls?.relayOnly ?? 'nobody';
    if (relayOnly !== 'nobody' && !calls.turn)
      log.error(
        { site: key, relayOnly },
        'unable to relay calls of a site; there is no TURN server, so they are refused',
      );
  }
};
