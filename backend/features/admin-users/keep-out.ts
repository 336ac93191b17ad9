import type { Database } from '../../database/connect.ts';
import { inTransaction } from '../../database/transaction.ts';
import { findAdminUser, revokeSessions, writeDisabled, type AdminUserRow } from './store.ts';

/** Who was kept out, and the sessions that ended by it. */
export interface KeptOut {
  readonly user: AdminUserRow;
  readonly sessionIds: readonly string[];
}

/** Keeps somebody out: from the commit on they can neither sign in nor renew a session. Whoever calls it closes the sockets; each process notices by itself. */
export const disableUser = (db: Database, siteId: string, ref: string): Promise<KeptOut> =>
  inTransaction(db, async (transaction) => {
    const { id } = await findAdminUser(transaction, siteId, ref);
    await writeDisabled(transaction, id, true);
    const sessionIds = await revokeSessions(transaction, id, { reason: 'the account is disabled' });
    return { user: await findAdminUser(transaction, siteId, id), sessionIds };
  });

/** Lets somebody in again. */
export const enableUser = (db: Database, siteId: string, ref: string): Promise<AdminUserRow> =>
  inTransaction(db, async (transaction) => {
    const { id } = await findAdminUser(transaction, siteId, ref);
    await writeDisabled(transaction, id, false);
    return findAdminUser(transaction, siteId, id);
  });
