import { connect, type Database } from '../database/connect.ts';
import { acrossSites } from '../database/wall.ts';
import { startEmbedded } from '../database/embedded.ts';
import { migrate, pendingMigrations } from '../database/migrate.ts';
import type { Config } from '../config.ts';
import { loadConfig } from '../load-config.ts';
import { createTokens, type Tokens } from '../tokens.ts';

/** What commands work on: the same settings and database as the server's. */
export interface Installation {
  readonly config: Config;
  readonly db: Database;
  readonly tokens: Tokens;
}

/** Runs something on the installation that the environment describes, whose schema is brought up to date first. */
export const withInstallation = <T>(work: (installation: Installation) => Promise<T>): Promise<T> =>
  withDatabase(async (config, url) => {
    await migrate(url);
    return withConnection(config, url, work);
  });

/** The same for who only looks: where the schema is not up to date, `work` is not called, and what it lacks is answered. */
export const lookAtInstallation = (work: (installation: Installation) => Promise<void>): Promise<string[]> =>
  withDatabase(async (config, url) => {
    const pending = await pendingMigrations(url);
    if (pending.length === 0) await withConnection(config, url, work);
    return pending;
  });

/** Its embedded Postgres is started for as long, when no server has. */
const withDatabase = async <T>(work: (config: Config, url: string) => Promise<T>): Promise<T> => {
  const config = loadConfig(process.env);
  const embedded = config.databaseUrl === undefined ? await startEmbedded({ dataDir: config.dataDir }) : undefined;
  try {
    return await work(config, config.databaseUrl ?? embedded?.url ?? '');
  } finally {
    await embedded?.stop();
  }
};

const withConnection = async <T>(
  config: Config,
  url: string,
  work: (installation: Installation) => Promise<T>,
): Promise<T> => {
  const db = connect(url);
  try {
    return await acrossSites(() => work({ config, db, tokens: createTokens(config) }));
  } finally {
    await db.close();
  }
};
