import { connect, type Database } from '../database/connect.ts';
import { startEmbedded } from '../database/embedded.ts';
import { migrate } from '../database/migrate.ts';
import type { Config } from '../config.ts';
import { loadConfig } from '../load-config.ts';
import { createTokens, type Tokens } from '../tokens.ts';

/** What commands work on: the same settings and database as the server's. */
export interface Installation {
  readonly config: Config;
  readonly db: Database;
  readonly tokens: Tokens;
}

/** Runs something on the installation that the environment describes; its embedded Postgres is started when no server has, and the schema brought up to date. */
export const withInstallation = async <T>(work: (installation: Installation) => Promise<T>): Promise<T> => {
  const config = loadConfig(process.env);
  const embedded = config.databaseUrl === undefined ? await startEmbedded({ dataDir: config.dataDir }) : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  try {
    await migrate(url);
    const db = connect(url);
    try {
      return await work({ config, db, tokens: createTokens(config) });
    } finally {
      await db.close();
    }
  } finally {
    await embedded?.stop();
  }
};
