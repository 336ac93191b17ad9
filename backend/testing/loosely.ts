import type { Database } from '../database/connect.ts';
import { acrossSites, currentWall } from '../database/wall.ts';

/** The database as tests look at it from outside: what they do not ask for one site is asked over all. */
export const loosely = (db: Database): Database => {
  const openly = <T>(work: () => T): T => (currentWall() === undefined ? acrossSites(work) : work());
  return {
    ...db,
    query: (name, text, values) => openly(() => db.query(name, text, values)),
    transaction: (work) => openly(() => db.transaction(work)),
  };
};
