import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { Database } from '../../database/connect.ts';
import { databaseProblem } from '../../database/database-problem.ts';
import { queryAfter, type Prepared, type Statement } from '../../database/prepared-query.ts';
import type { Queries } from '../../database/transaction.ts';
import { beginFor, wallFor } from '../../database/wall.ts';

/** A transaction in progress: statements run in the order in which they are asked for. */
export type Transaction = Queries;

/** The one connection of a lane, opened when first needed and again after a failure. */
export interface LaneConnection {
  /** Runs `work` for a site between BEGIN and COMMIT; BEGIN travels with the first statement. Rejects, rolled back, when `work` does. */
  transaction<T>(siteId: string, work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * One transaction in one round trip, which sees rows of these sites: first `lock`, which the connection's set-up has prepared, then the
   * statement, which sees what was committed while the lock was waited for. Resolves with its rows once all is committed.
   */
  lockAndRun<Row extends QueryResultRow>(
    siteIds: readonly string[],
    lock: Prepared,
    statement: Statement,
  ): Promise<Row[]>;
  close(): Promise<void>;
}

// A lane runs a few statements over and over, and all of them look things up by key. Planning a batch anew each time took longer than a small
// batch itself.
const planning = [
  'set plan_cache_mode = force_generic_plan',
  'set enable_seqscan = off',
  'set enable_bitmapscan = off',
  'set enable_hashjoin = off',
  'set enable_mergejoin = off',
].join('; ');

// A plan that was made while a table was empty may go through all of it, and Postgres keeps it until it next analyses the table.
const replanAfterMs = 1000;

/** How long a statement may take before its connection counts as dead, in milliseconds. */
const statementPatience = 5000;

/** Opens no connection yet; `setup` is SQL that each new one begins with. Failures of the connection reject with `dependency_unavailable`; then the outcome of a COMMIT is unknown. */
export const createLaneConnection = (db: Database, setup: string): LaneConnection => {
  let client: pg.Client | undefined;
  let plannedAt = 0;

  const drop = (dead: pg.Client): void => {
    if (client === dead) client = undefined;
    dead.end().catch(() => undefined);
  };

  const open = async (): Promise<pg.Client> => {
    const walled = db.walled();
    const fresh = new pg.Client({ ...walled.options, pipeline: true });
    // Without a listener the loss of an idle connection would end the process.
    fresh.on('error', () => drop(fresh));
    try {
      await fresh.connect();
      await fresh.query(`${planning}; ${walled.setup}; ${setup}`);
    } catch (cause) {
      drop(fresh);
      throw databaseProblem(cause) ?? cause;
    }
    client = fresh;
    return fresh;
  };

  const run = async <Row extends QueryResultRow>(
    on: pg.Client,
    query: Partial<Statement> & { text: string },
  ): Promise<QueryResult<Row>> => {
    try {
      const values: unknown[] = [...(query.values ?? [])];
      const config: QueryConfig & { query_timeout: number } = { ...query, values, query_timeout: statementPatience };
      return await on.query<Row>(config);
    } catch (cause) {
      const problem = databaseProblem(cause);
      if (problem) drop(on);
      throw problem ?? cause;
    }
  };

  const replanNowAndThen = (on: pg.Client): void => {
    const now = performance.now();
    if (now - plannedAt < replanAfterMs) return;
    plannedAt = now;
    run(on, { text: 'discard plans' }).catch(() => undefined);
  };

  return {
    async transaction(siteId, work) {
      const on = client ?? (await open());
      const begun = run(on, { text: beginFor(siteId) });
      begun.catch(() => undefined);
      try {
        const value = await work({
          query: async (name, text, values) => (await run<never>(on, { name, text, values })).rows,
        });
        await begun;
        const { command } = await run(on, { text: 'commit' });
        if (command !== 'COMMIT') throw new Error('unable to commit; a statement of the transaction failed unnoticed');
        return value;
      } catch (error) {
        if (client === on) await run(on, { text: 'rollback' }).catch(() => drop(on));
        throw error;
      }
    },
    async lockAndRun<Row extends QueryResultRow>(siteIds: readonly string[], lock: Prepared, statement: Statement) {
      const on = client ?? (await open());
      replanNowAndThen(on);
      try {
        return await queryAfter<Row>(on, [wallFor(siteIds), lock], statement, statementPatience);
      } catch (cause) {
        const problem = databaseProblem(cause);
        if (problem) drop(on);
        throw problem ?? cause;
      }
    },
    async close() {
      const last = client;
      client = undefined;
      // A server that has gone silent does not say goodbye.
      await Promise.race([last?.end(), wait(1000, undefined, { ref: false })]);
    },
  };
};
