import type { Knex } from 'knex';
import type { Pool, QueryResultRow } from 'pg';

/** The way to Postgres. knex is for what is not hot; hot statements are prepared by name on `pool`. */
export interface Database {
  readonly knex: Knex;
  readonly pool: Pool;
  /** Runs a prepared statement on the pool. `name` must be unique to `text`. */
  query<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]>;
  /** Changes when the database is restored to an earlier point: clients then load everything anew. */
  epoch(): Promise<string>;
  close(): Promise<void>;
}
