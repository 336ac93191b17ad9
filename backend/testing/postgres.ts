import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded, type EmbeddedPostgres } from '../database/embedded.ts';
import { migrate } from '../database/migrate.ts';

/** A Postgres server for tests, with a migrated template to clone databases from. */
export interface TestPostgres {
  /** The URL of the template; nothing connects to it. */
  readonly templateUrl: string;
  /** The server's process, when it is one of our own. */
  readonly embedded: EmbeddedPostgres | undefined;
  stop(): Promise<void>;
}

const variable = 'TEATIME_TEST_TEMPLATE';

/**
 * Starts a Postgres in a folder of its own under /tmp, or uses the server that TEST_DATABASE_URL names. `durable` keeps fsync on, for tests of
 * what survives a crash.
 */
export const startTestPostgres = async ({ durable = false } = {}): Promise<TestPostgres> => {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') {
    const templateUrl = await createDatabase(given, `teatime_template_${randomUUID().slice(0, 8)}`);
    await migrate(templateUrl);
    return { templateUrl, embedded: undefined, stop: () => dropDatabase(templateUrl) };
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'teatime-test-'));
  // Postgres may run as another user, who has to get in.
  chmodSync(dataDir, 0o755);
  const quick = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'shared_buffers=64MB'];
  const embedded = await startEmbedded({
    dataDir,
    settings: ['max_connections=300', 'autovacuum_naptime=10min', ...(durable ? [] : quick)],
  });
  await migrate(embedded.url);
  return {
    templateUrl: embedded.url,
    embedded,
    async stop() {
      await embedded.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

/** For vitest's global set-up: lets the workers know the template. */
export const shareTemplate = (url: string): void => {
  process.env[variable] = url;
};

/** The template of this test run. */
export const sharedTemplate = (): string => {
  const url = process.env[variable];
  if (url === undefined)
    throw new Error('unable to find the tests’ Postgres; vitest.config.ts starts it in its global set-up');
  return url;
};

/** Makes a database of its own: a clone of the template. Returns its URL. */
export const cloneDatabase = (templateUrl: string): Promise<string> =>
  createDatabase(templateUrl, `test_${randomUUID().replaceAll('-', '')}`, new URL(templateUrl).pathname.slice(1));

/** Drops a database, whoever is connected to it. */
export const dropDatabase = (url: string): Promise<void> =>
  administer(url, `drop database if exists ${pg.escapeIdentifier(new URL(url).pathname.slice(1))} with (force)`);

/** Makes an empty database, or a copy of `template`, on the server of `url`. Returns its URL. */
export const createDatabase = async (url: string, name: string, template?: string): Promise<string> => {
  // Copying files beats writing the copy to the log, with a template as small as this.
  const copy = template === undefined ? '' : ` template ${pg.escapeIdentifier(template)}`;
  await administer(url, `create database ${pg.escapeIdentifier(name)}${copy}`);
  const result = new URL(url);
  result.pathname = `/${name}`;
  return result.href;
};

/** Runs a statement on the server's `postgres` database. */
export const administer = async (url: string, text: string): Promise<void> => {
  const target = new URL(url);
  target.pathname = '/postgres';
  const client = new pg.Client({ connectionString: target.href });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
};
