import pg from 'pg';
import type { ClientBase, QueryResult, QueryResultRow } from 'pg';

/** A statement to prepare; `name` must be unique to `text`. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A statement that the connection's set-up has prepared already, and that answers with no rows, or with rows of no columns. */
export interface Prepared {
  readonly name: string;
  readonly values: readonly (string | Buffer)[];
}

/**
 * Sends prepared statements before one Sync. Postgres runs what stands between two Syncs as one transaction and commits it at the second
 * ("Pipelining" in the documentation of its protocol), each statement with a snapshot of its own: neither BEGIN nor COMMIT has to travel,
 * and nobody waits for the answers of `before`. Where one of these fails, the statement is not run.
 */
export const queryAfter = <Row extends QueryResultRow>(
  client: ClientBase,
  before: readonly Prepared[],
  statement: Statement,
  patienceMs: number,
): Promise<Row[]> =>
  new Promise<Row[]>((resolve, reject) => {
    // Without a name and without values it would go as plain text, which has no Sync of its own.
    const config = { ...statement, values: [...statement.values], queryMode: 'extended' };
    const query = new pg.Query<Row>(config, (error, result) => {
      // Each of them has a result of its own, as with several statements in one text.
      const results = result as unknown as readonly QueryResult<Row>[];
      if (error) reject(error);
      else resolve(results.at(-1)?.rows ?? []);
    });
    const submit = query.submit.bind(query);
    query.submit = (connection) => {
      connection.stream.cork();
      for (const { name, values } of before) {
        connection.bind({ statement: name, values: [...values] }, true);
        connection.execute(null, true);
      }
      const failure = submit(connection);
      connection.stream.uncork();
      return failure;
    };
    client.query(Object.assign(query, { query_timeout: patienceMs }));
  });
