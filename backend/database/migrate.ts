import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { projectRoot } from '../project-root.ts';
import { raiseWall } from './raise-wall.ts';

/** A database that this version of TeaTime cannot work with, whatever one waits for. */
export class UnusableDatabase extends Error {}

// Any number will do that nobody else takes in the same database.
const lockKey = 8_327_846_301;
const lockTimeoutMs = 2000;
const patience = 30;
const migrationsFolder = join(projectRoot, 'migrations');

/**
 * Brings the schema up to date; returns the names of what was run. Instances that start at once take turns on an advisory lock, held by the very
 * connection that migrates, so that it ends with it. A run is one transaction: after a crash the next one does the whole work. Then the wall between
 * sites is raised as far as this user of the database may (docs/decisions/0017-row-level-security.md).
 * Throws `UnusableDatabase` when Postgres is older than 14 or the schema is newer than this version.
 */
export const migrate = async (url: string, directory = migrationsFolder): Promise<string[]> => {
  const connection = connectForMigrations(url, directory);
  try {
    await refuseOldServer(connection);
    await connection.raw('select pg_advisory_lock(?)', [lockKey]);
    // A migration never queues behind a long transaction with everybody else queued behind it: it steps back and tries again.
    await connection.raw(`set lock_timeout = ${lockTimeoutMs}`);
    await refuseNewerSchema(connection, directory);
    const done: string[] = [];
    for (let attempt = 1; ; attempt += 1) {
      try {
        // knex's own lock is a row, which outlives whoever took it; ours has already made sure that nobody else is here.
        await connection.migrate.forceFreeMigrationsLock();
        const [, names] = (await connection.migrate.latest()) as [number, string[]];
        done.push(...names);
        await raiseWall(async (text) => (await connection.raw<{ rows: Record<string, unknown>[] }>(text)).rows);
        return done;
      } catch (error) {
        if (!isLockTimeout(error) || attempt === patience) throw error;
      }
    }
  } finally {
    await connection.destroy();
  }
};

/** Which migrations the database lacks; changes nothing. Throws `UnusableDatabase` as `migrate` does. */
export const pendingMigrations = async (url: string, directory = migrationsFolder): Promise<string[]> => {
  const connection = connectForMigrations(url, directory);
  try {
    await refuseOldServer(connection);
    await refuseNewerSchema(connection, directory);
    const done = new Set(await migrationsDone(connection));
    return (await readdir(directory)).filter((name) => !done.has(name)).sort();
  } finally {
    await connection.destroy();
  }
};

const connectForMigrations = (url: string, directory: string): Knex =>
  knex({
    client: 'pg',
    connection: { connectionString: url, application_name: 'teatime migrations', connectionTimeoutMillis: 5000 },
    pool: { min: 0, max: 1 },
    acquireConnectionTimeout: 5000,
    migrations: { directory, loadExtensions: ['.js'], tableName: 'knex_migrations' },
    log: { warn: quiet, error: quiet, deprecate: quiet, debug: quiet },
  });

const refuseOldServer = async (connection: Knex): Promise<void> => {
  const { rows } = await connection.raw<{ rows: { number: number; version: string }[] }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version`,
  );
  const [server] = rows;
  if (server !== undefined && server.number >= 140_000) return;
  throw new UnusableDatabase(
    `unable to use the database; it is PostgreSQL ${server?.version}, and 14 is the oldest supported`,
  );
};

const refuseNewerSchema = async (connection: Knex, directory: string): Promise<void> => {
  const known = new Set(await readdir(directory));
  const unknown = (await migrationsDone(connection)).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new UnusableDatabase(
    `unable to use the database; a newer TeaTime has migrated it (${unknown.join(', ')}): start that version, or restore a backup`,
  );
};

const migrationsDone = async (connection: Knex): Promise<string[]> => {
  const { rows: tables } = await connection.raw<{ rows: { present: boolean }[] }>(
    `select to_regclass('knex_migrations') is not null as present`,
  );
  if (tables[0]?.present !== true) return [];
  const { rows } = await connection.raw<{ rows: { name: string }[] }>('select name from knex_migrations order by id');
  return rows.map(({ name }) => name);
};

const isLockTimeout = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === '55P03';

const quiet = (): void => undefined;
