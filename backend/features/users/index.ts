import type { UserPresence } from '../../../protocol/presence.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import { findUser, searchUsers, updateMe, type SeenUserRow } from './store.ts';
import { toMe, toUser } from './user.ts';

export { findMe, findUser } from './store.ts';
export { avatarColorOf, meColumns, searchTextOf, toMe, toUser, userColumns, type MeRow, type UserRow } from './user.ts';

/** People: search, profiles, one's own profile. */
export const createUsers = ({ db, hub }: Deps): Feature => {
  const seen = (rows: readonly SeenUserRow[]) => {
    const presence = hub.presenceOf(rows.filter((row) => !row.blocked).map((row) => row.id));
    return rows.map((row) => toUser(row, row.blocked ? undefined : presenceIn(presence, row.id)));
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
        const row = await updateMe(db, session.siteId, session.userId, body);
        if (!row) throw notFound('person');
        return { status: 200, body: { user: toMe(row) } };
      }),
    ],
  };
};

const presenceIn = (presence: ReadonlyMap<string, UserPresence>, userId: string): UserPresence =>
  presence.get(userId) ?? { userId, presence: 'offline' };
