import type { UserPresence } from '../../../protocol/presence.ts';
import { inTransaction } from '../../database/transaction.ts';
import { route, type Deps, type Feature, type Session } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import { claimAvatar, dropAvatar, type Disposal } from '../files/index.ts';
import { refuseReserved } from './reserved-names.ts';
import { changeSettings, readSettings } from './settings.ts';
import { findMe, findUser, lockAvatar, searchUsers, updateMe, writeAvatar, type SeenUserRow } from './store.ts';
import { toMe, toUser } from './user.ts';

export { refuseReserved } from './reserved-names.ts';
export { findMe, findUser } from './store.ts';
export {
  avatarColorOf,
  kindOf,
  meColumns,
  searchTextOf,
  searchWords,
  toMe,
  toUser,
  userColumns,
  type MeRow,
  type PublicUrl,
  type UserRow,
} from './user.ts';

/** People: search, profiles, one's own profile. */
export const createUsers = ({ config, db, hub }: Deps, disposal: Disposal): Feature => {
  const seen = (rows: readonly SeenUserRow[]) => {
    const presence = hub.presenceOf(rows.filter((row) => !row.hidden).map((row) => row.id));
    return rows.map((row) => toUser(config, row, row.hidden ? undefined : presenceIn(presence, row.id)));
  };

  /** Shows the picture, or none, and takes away the one that was there. */
  const setAvatar = async (session: Session, fileId: string | undefined) => {
    const changed = await inTransaction(db, async (transaction) => {
      const current = await lockAvatar(transaction, session);
      const next = fileId === undefined ? null : await claimAvatar(transaction, session, fileId, current);
      if (next === current) return false;
      await writeAvatar(transaction, session, next);
      if (current !== null) await dropAvatar(transaction, current);
      return true;
    });
    if (changed) disposal.soon();
    const row = await findMe(db, session.siteId, session.userId);
    if (!row) throw notFound('person');
    return { status: 200 as const, body: { user: toMe(config, row) } };
  };

  return {
    commands: [],
    routes: [
      route('GET /users', async ({ session, query }) => {
        const rows = await searchUsers(db, session.siteId, session.userId, query.search);
        return { status: 200, body: { users: seen(rows) } };
      }),
      route('GET /users/:userId', async ({ session, params }) => {
        const row = await findUser(db, session.siteId, session.userId, params.userId);
        const [user] = row ? seen([row]) : [];
        if (!user) throw notFound('person');
        return { status: 200, body: { user } };
      }),
      route('PATCH /me', async ({ session, body }) => {
        await refuseReserved(db, session.siteId, { displayName: body.displayName });
        const row = await updateMe(db, session.siteId, session.userId, body);
        if (!row) throw notFound('person');
        return { status: 200, body: { user: toMe(config, row) } };
      }),
      route('GET /me/settings', async ({ session }) => ({
        status: 200,
        body: { settings: await readSettings(db, config.calls, session) },
      })),
      route('PATCH /me/settings', async ({ session, body }) => {
        const settings = await changeSettings(db, config.calls, session, body);
        const { showsReceipts: receipts, showsPresence: presence, showsTyping: typing } = settings;
        hub.showsChanged(session.userId, { receipts, presence, typing });
        return { status: 200, body: { settings } };
      }),
      route('POST /me/avatar', ({ session, body }) => setAvatar(session, body.fileId)),
      route('DELETE /me/avatar', ({ session }) => setAvatar(session, undefined)),
    ],
  };
};

const presenceIn = (presence: ReadonlyMap<string, UserPresence>, userId: string): UserPresence =>
  presence.get(userId) ?? { userId, presence: 'offline' };
