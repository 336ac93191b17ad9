import type { QueryResultRow } from 'pg';
import type { Database } from './connect.ts';
import { databaseProblem } from './database-problem.ts';

/** Something that runs statements: the pool, or a transaction in progress. */
export interface Queries {
  /** Runs a prepared statement; `name` must be unique to `text`. */
  query<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]>;
}

/** Runs `work` between BEGIN and COMMIT on a connection of the pool. Rejects, rolled back, when `work` does. */
export const inTransaction = async <T>(db: Database, work: (transaction: Queries) => Promise<T>): Promise<T> => {
  const client = await db.pool.connect().catch((error: unknown) => {
    throw databaseProblem(error) ?? error;
  });
  try {
    await client.query('begin');
    const value = await work({
      query: async (name, text, values) => (await client.query<never>({ name, text, values: [...values] })).rows,
    });
    await client.query('commit');
    client.release();
    return value;
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      () => client.release(true),
    );
    throw databaseProblem(error) ?? error;
  }
};
