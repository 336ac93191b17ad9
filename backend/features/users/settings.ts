import type { Settings } from '../../../protocol/users.ts';
import type { CallsConfig } from '../../config.ts';
import type { Queries } from '../../database/transaction.ts';
import type { Session } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import { callPolicyOf, readPolicy } from '../sites/index.ts';

/** What somebody changes of their settings; what is left out stays as it is. */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined };

interface SettingsRow extends Omit<Settings, 'whoMayCall'> {
  readonly [column: string]: unknown;
  /** Null: as the site has it. */
  readonly whoMayCall: Settings['whoMayCall'] | null;
}

/** What somebody lets others do and know. */
export const readSettings = async (queries: Queries, calls: CallsConfig, session: Session): Promise<Settings> => {
  const values = [session.siteId, session.userId];
  return complete(queries, calls, session, await queries.query<SettingsRow>('users_settings', readText, values));
};

/** Changes it. */
export const changeSettings = async (
  queries: Queries,
  calls: CallsConfig,
  session: Session,
  change: SettingsChange,
): Promise<Settings> => {
  const { whoMayCall = null, showsReceipts = null, showsPresence = null, showsTyping = null } = change;
  const values = [session.siteId, session.userId, whoMayCall, showsReceipts, showsPresence, showsTyping];
  return complete(queries, calls, session, await queries.query<SettingsRow>('users_settle', changeText, values));
};

const complete = async (
  queries: Queries,
  calls: CallsConfig,
  { siteId }: Session,
  [row]: readonly SettingsRow[],
): Promise<Settings> => {
  if (!row) throw notFound('person');
  return { ...row, whoMayCall: row.whoMayCall ?? callPolicyOf(calls, await readPolicy(queries, siteId)).whoMayCall };
};

const columns = `who_may_call as "whoMayCall", shows_receipts as "showsReceipts", shows_presence as "showsPresence",
  shows_typing as "showsTyping"`;

const readText = `select ${columns} from users where site_id = $1 and id = $2 and disabled_at is null`;

const changeText = `
update users set who_may_call = coalesce($3, who_may_call), shows_receipts = coalesce($4, shows_receipts),
  shows_presence = coalesce($5, shows_presence), shows_typing = coalesce($6, shows_typing)
where site_id = $1 and id = $2 and disabled_at is null
returning ${columns}`;
