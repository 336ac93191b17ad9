import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { Database } from '../../database/connect.ts';
import { databaseProblem } from '../../database/database-problem.ts';

/** A transaction in progress: statements run in the order in which they are asked for. */
export interface Transaction {
  /** Runs a prepared statement; `name` must be unique to `text`. */
  query<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]>;
}

/** A statement to prepare; `name` must be unique to `text`. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The one connection of a lane, opened when first needed and again after a failure. */
export interface LaneConnection {
  /** Runs `work` between BEGIN and COMMIT; BEGIN travels with the first statement. Rejects, rolled back, when `work` does. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** One transaction in one round trip: every statement sees what was committed while those before it waited for locks. Resolves with the last one's rows. */
  transact<Row extends QueryResultRow>(statements: readonly Statement[]): Promise<Row[]>;
  close(): Promise<void>;
}

// A lane runs a few statements, all of them lookups by key, over and over. Planning a batch anew each time took longer than a small batch itself,
// and a plan made while a table was empty must not scan it later.
const planning = 'set plan_cache_mode = force_generic_plan; set enable_seqscan = off';

/** How long a statement may take before its connection counts as dead, in milliseconds. */
const statementPatience = 5000;

/** Opens no connection yet. Failures of the connection reject with `dependency_unavailable`; then the outcome of a COMMIT is unknown. */
export const createLaneConnection = (db: Database): LaneConnection => {
  let client: pg.Client | undefined;

  const drop = (dead: pg.Client): void => {
    if (client === dead) client = undefined;
    dead.end().catch(() => undefined);
  };

  const open = async (): Promise<pg.Client> => {
    const { options } = db.pool;
    // The pool hides the password from enumeration, so that it must be named.
    const fresh = new pg.Client({
      connectionTimeoutMillis: 2000,
      ...options,
      password: options.password,
      pipeline: true,
    });
    // Without a listener the loss of an idle connection would end the process.
    fresh.on('error', () => drop(fresh));
    try {
      await fresh.connect();
      await fresh.query(planning);
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

  return {
    async transaction(work) {
      const on = client ?? (await open());
      const begun = run(on, { text: 'begin' });
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
    async transact<Row extends QueryResultRow>(statements: readonly Statement[]) {
      const on = client ?? (await open());
      // COMMIT after a failed statement rolls back, so that all can be on their way together.
      const results = await Promise.allSettled([
        run<Row>(on, { text: 'begin' }),
        ...statements.map((statement) => run<Row>(on, statement)),
        run<Row>(on, { text: 'commit' }),
      ]);
      const answers = results.map((result) => {
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      });
      return answers.at(-2)?.rows ?? [];
    },
    async close() {
      const last = client;
      client = undefined;
      // A server that has gone silent does not say goodbye.
      await Promise.race([last?.end(), wait(1000, undefined, { ref: false })]);
    },
  };
};
