import { uuidv7 } from 'uuidv7';
import type { Database } from '../../database/connect.ts';
import { insertUser } from '../sessions/index.ts';
import { avatarColorOf, searchTextOf, type MeRow } from '../users/index.ts';

/** Opens an account with a user name, for whoever runs the site: no name is refused them. Throws `conflict` naming the field that is taken. */
export const createAccount = (
  db: Database,
  siteId: string,
  person: {
    readonly username: string;
    readonly displayName: string;
    readonly email: string | undefined;
    readonly passwordHash: string;
  },
): Promise<MeRow> => {
  const id = uuidv7();
  return insertUser(db, {
    ...person,
    id,
    siteId,
    phone: undefined,
    searchText: searchTextOf(person),
    avatarColor: avatarColorOf(id),
  });
};
