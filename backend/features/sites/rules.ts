import type { HistoryForNewMembers, SitePolicy, WhoMayStart } from '../../../protocol/sites.ts';
import type { Config, FilesConfig } from '../../config.ts';
import type { Queries } from '../../database/transaction.ts';
import type { Session } from '../../feature.ts';
import { Problem } from '../../problem.ts';
import { readPolicy } from './policy.ts';

/** By which doors people come in, besides tokens of the site. */
export interface AccountRules {
  readonly registration: boolean;
  readonly passwordSignIn: boolean;
  readonly guests: boolean;
}

/** By which doors people come in to a site. */
export const accountRulesOf = ({ accounts = {} }: SitePolicy): AccountRules => {
  const passwordSignIn = accounts.passwordSignIn !== false;
  return {
    passwordSignIn,
    registration: passwordSignIn && accounts.registration !== false,
    guests: accounts.guests === true,
  };
};

const closed: Readonly<Record<keyof AccountRules, string>> = {
  registration: 'unable to make the account; this site takes no registrations',
  passwordSignIn: 'unable to sign in; this site signs people in by itself',
  guests: 'unable to let you in; this site takes no guests',
};

/** Throws `forbidden` where a door of the site is closed. */
export const requireDoor = async (queries: Queries, siteId: string, door: keyof AccountRules): Promise<void> => {
  if (!accountRulesOf(await readPolicy(queries, siteId))[door]) throw new Problem('forbidden', closed[door]);
};

/** Who begins conversations of a site, and what is seen of them by who comes later. */
export interface ConversationRules {
  readonly direct: WhoMayStart;
  readonly groups: WhoMayStart;
  readonly history: HistoryForNewMembers;
}

/** What holds for conversations of a site. */
export const conversationRulesOf = ({ conversations = {} }: SitePolicy): ConversationRules => ({
  direct: conversations.whoMayStartDirect ?? 'everybody',
  groups: conversations.whoMayStartGroups ?? 'people',
  history: conversations.historyForNewMembers ?? 'all',
});

/** Throws `forbidden` where somebody may not begin such a conversation. */
export const requireStart = async (
  queries: Queries,
  { siteId, kind }: Pick<Session, 'siteId' | 'kind'>,
  what: 'direct' | 'groups',
): Promise<void> => {
  const who = conversationRulesOf(await readPolicy(queries, siteId))[what];
  if (who === 'everybody' || (who === 'people' && (kind ?? 'person') === 'person')) return;
  const why = who === 'nobody' ? 'this site makes them by itself' : 'it takes an account';
  throw new Problem(
    'forbidden',
    what === 'direct' ? `unable to open a direct message; ${why}` : `unable to make the group; ${why}`,
  );
};

/** What holds for files of a site: of the installation's word and the site's the narrower one. */
export const fileRulesOf = (config: FilesConfig, { files = {} }: SitePolicy): FilesConfig => ({
  ...config,
  enabled: config.enabled && files.allowed !== false,
  fileBytes: Math.min(config.fileBytes, files.fileBytes ?? Infinity),
  bytesPerUser: Math.min(config.bytesPerUser, files.bytesPerPerson ?? Infinity),
  types: bothTake(config.types, files.types),
});

/** What holds for files of a site now. */
export const readFileRules = async (
  queries: Queries,
  config: Pick<Config, 'files'>,
  siteId: string,
): Promise<FilesConfig> => fileRulesOf(config.files, await readPolicy(queries, siteId));

/** The media types that both lists have: of a type and its group, the type. */
const bothTake = (
  ours: readonly string[] | undefined,
  theirs: readonly string[] | undefined,
): readonly string[] | undefined => {
  if (!ours || !theirs) return ours ?? theirs;
  const within = (type: string, group: string): boolean =>
    type === group || group === '*' || group === '*/*' || (group.endsWith('/*') && type.startsWith(group.slice(0, -1)));
  const both = theirs.flatMap((type) =>
    ours.some((group) => within(type, group)) ? [type] : ours.filter((one) => within(one, type)),
  );
  return [...new Set(both)];
};
