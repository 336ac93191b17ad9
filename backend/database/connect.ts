import { setTimeout as wait } from 'node:timers/promises';
import pg, { type ClientBase, type Pool, type PoolClient, type PoolConfig, type QueryResultRow } from 'pg';
import { Problem } from '../problem.ts';
import { databaseProblem, databaseRetryMs } from './database-problem.ts';
import { createEpoch } from './epoch.ts';
import { queryAfter } from './prepared-query.ts';
import { whatWallLacks } from './raise-wall.ts';
import { beginFor, requireWall, wallFor, walledSetup } from './wall.ts';

/** The way to Postgres. What is asked sees the rows of the site, or sites, that `inSite` or `acrossSites` let it; outside of both it throws. */
export interface Database {
  /** The connections without a wall, which see every row: for `acrossSites`, and for what looks after the database itself. */
  readonly pool: Pool;
  /** Runs a prepared statement. `name` must be unique to `text`. Throws `dependency_unavailable` while Postgres is away. */
  query<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]>;
  /** Runs `work` between BEGIN and COMMIT on a connection of its own. Rejects, rolled back, when `work` does. */
  transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** What a connection of a feature's own, for the work of single sites, is opened with, and the SQL that it must begin with. */
  walled(): { readonly options: PoolConfig; readonly setup: string };
  /**
   * Looks whether Postgres itself keeps sites apart: what is missing, or `undefined`. Where something is, `inSite` works without this second wall
   * from now on.
   */
  checkWall(): Promise<string | undefined>;
  /** Changes when the database is restored to an earlier point: clients then load everything anew. */
  epoch(): Promise<string>;
  close(): Promise<void>;
}

/** Bounds on what may be asked of Postgres at once, and for how long. */
export interface ConnectOptions {
  /** Connections for the work of single sites, and as many for what looks over all. */
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
  // For a server that has gone silent: the statement's own limit would never be heard of.
  const patienceMs = statementTimeoutMs + 1000;
  const connection = {
    connectionString: url,
    application_name: 'teatime',
    types: numbersForInt8(),
    keepAlive: true,
    connectionTimeoutMillis: acquireTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: patienceMs,
    idle_in_transaction_session_timeout: 3 * statementTimeoutMs,
  };

  // Unless it is known otherwise, a connection without the role is no connection.
  let standing = true;
  const epoch = createEpoch(() => open);
  const makePool = (config: PoolConfig): Pool => {
    const pool = new pg.Pool({ ...connection, ...config, max: poolSize, idleTimeoutMillis: 30_000 });
    pool.on('connect', (client) => {
      epoch.forget();
      client.on('error', ignoreLoss);
    });
    pool.on('error', ignoreLoss);
    return pool;
  };
  const open = makePool({});
  // The pool waits for it, though its types do not say so.
  const walled = makePool({ onConnect: (client) => putBehindWall(client, standing) as unknown as undefined });

  return {
    pool: open,
    async query(name, text, values) {
      const wall = requireWall();
      const statement = { name, text, values: [...values] };
      return wall === 'none'
        ? lend(open, async (client) => (await client.query<never>(statement)).rows)
        : lend(walled, (client) => queryAfter(client, [wallFor([wall.siteId])], statement, patienceMs));
    },
    async transaction(work) {
      const wall = requireWall();
      const begin = wall === 'none' ? 'begin' : beginFor(wall.siteId);
      return lend(wall === 'none' ? open : walled, async (client) => {
        try {
          await client.query(begin);
          const value = await work(client);
          await client.query('commit');
          return value;
        } catch (error) {
          // Of a connection that is lost there is nothing left to roll back.
          await client.query('rollback').catch(ignoreLoss);
          throw error;
        }
      });
    },
    walled: () => ({ options: connection, setup: walledSetup(standing) }),
    async checkWall() {
      const lacks = await lend(open, (client) => whatWallLacks(async (text) => (await client.query(text)).rows));
      standing = lacks === undefined;
      return lacks;
    },
    epoch: epoch.read,
    async close() {
      // A server that has gone silent does not say goodbye either.
      const ended = Promise.all([open.end(), walled.end()]);
      await Promise.race([ended, wait(closePatienceMs, undefined, { ref: false })]);
    },
  };
};

const putBehindWall = async (client: ClientBase, standing: boolean): Promise<void> => {
  await client.query(walledSetup(standing)).catch((cause: unknown) => {
    const reason = 'unable to reach the database; what keeps its sites apart is not there';
    throw new Problem('dependency_unavailable', reason, { retryAfterMs: databaseRetryMs, cause });
  });
};

/** Lends a connection of the pool; it comes back unless it, or what was begun on it, is broken. */
const lend = async <T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> => {
  const client = await pool.connect().catch((error: unknown) => {
    throw databaseProblem(error) ?? error;
  });
  try {
    const value = await work(client);
    client.release();
    return value;
  } catch (error) {
    const problem = databaseProblem(error);
    client.release(problem !== undefined || !isSound(client));
    throw problem ?? error;
  }
};

/** True while no transaction is left open, as far as the server has said. */
const isSound = (client: ClientBase): boolean => client.getTransactionStatus() === 'I';

// Counters and sizes stay far below 2^53, where a Number stops being exact.
const numbersForInt8 = () => {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return types;
};

// A connection that breaks while nobody uses it is news to nobody: the pool drops it and opens another. Without a listener Node would exit.
const ignoreLoss = (): void => undefined;
