import type { QueryResultRow } from 'pg';
import type { Database } from './connect.ts';

/** Something that runs statements: the pool, or a transaction in progress. */
export interface Queries {
  /** Runs a prepared statement; `name` must be unique to `text`. */
  query<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]>;
}

/** Runs `work` between BEGIN and COMMIT on a connection of the pool. Rejects, rolled back, when `work` does. */
export const inTransaction = <T>(db: Database, work: (transaction: Queries) => Promise<T>): Promise<T> =>
  db.transaction((client) =>
    work({
      query: async (name, text, values) => (await client.query<never>({ name, text, values: [...values] })).rows,
    }),
  );
