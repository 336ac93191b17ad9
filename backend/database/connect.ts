import { setTimeout as wait } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import pg, { type Pool, type QueryResultRow } from 'pg';
import { databaseProblem } from './database-problem.ts';
import { createEpoch } from './epoch.ts';

/** The way to Postgres. knex is for what is not hot; hot statements are prepared by name on `pool`. */
export interface Database {
  readonly knex: Knex;
  readonly pool: Pool;
  /** Runs a prepared statement on the pool. `name` must be unique to `text`. Throws `dependency_unavailable` while Postgres is away. */
  query<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]>;
  /** Changes when the database is restored to an earlier point: clients then load everything anew. */
  epoch(): Promise<string>;
  close(): Promise<void>;
}

/** Bounds on what may be asked of Postgres at once, and for how long. */
export interface ConnectOptions {
  /** Connections of `pool`; knex has half as many of its own. */
  readonly poolSize?: number;
  readonly acquireTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
}

const closePatienceMs = 3000;

/**
 * Opens pools on a `postgres://` URL. Nothing is connected yet, and nothing is lost when Postgres goes away: every statement tries anew, waits
 * at most two seconds for a connection, and runs at most five.
 */
export const connect = (url: string, options: ConnectOptions = {}): Database => {
  const { poolSize = 12, acquireTimeoutMs = 2000, statementTimeoutMs = 5000 } = options;
  const connection = {
    connectionString: url,
    application_name: 'teatime',
    types: numbersForInt8(),
    keepAlive: true,
    connectionTimeoutMillis: acquireTimeoutMs,
    statement_timeout: statementTimeoutMs,
    // For a server that has gone silent: the statement's own limit would never be heard of.
    query_timeout: statementTimeoutMs + 1000,
    idle_in_transaction_session_timeout: 3 * statementTimeoutMs,
  };

  const epoch = createEpoch(() => pool);
  const pool = new pg.Pool({ ...connection, max: poolSize, idleTimeoutMillis: 30_000 });
  pool.on('connect', (client) => {
    epoch.forget();
    client.on('error', ignoreLoss);
  });
  pool.on('error', ignoreLoss);

  const queries = knex({
    client: 'pg',
    // A function, so that knex hands the settings to pg as they are; its types name fewer of them.
    connection: () => connection as Knex.PgConnectionConfig,
    pool: { min: 0, max: Math.max(2, Math.floor(poolSize / 2)) },
    acquireConnectionTimeout: acquireTimeoutMs,
    // Its lines name connections that were lost, which whoever waits for an answer is told anyway.
    log: { warn: ignoreLoss, error: ignoreLoss, deprecate: ignoreLoss, debug: ignoreLoss },
  });

  return {
    knex: queries,
    pool,
    async query<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]) {
      try {
        return (await pool.query<Row>({ name, text, values: [...values] })).rows;
      } catch (error) {
        throw databaseProblem(error) ?? error;
      }
    },
    epoch: epoch.read,
    async close() {
      // A server that has gone silent does not say goodbye either.
      const ended = Promise.all([pool.end(), queries.destroy()]);
      await Promise.race([ended, wait(closePatienceMs, undefined, { ref: false })]);
    },
  };
};

// Counters and sizes stay far below 2^53, where a Number stops being exact.
const numbersForInt8 = () => {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return types;
};

// A connection that breaks while nobody uses it is news to nobody: the pool drops it and opens another. Without a listener Node would exit.
const ignoreLoss = (): void => undefined;
