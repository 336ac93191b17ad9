#!/usr/bin/env node
import { setTimeout as wait } from 'node:timers/promises';
import { relative } from 'node:path';
import { createBackend, type Backend } from './backend.ts';
import type { Config } from './config.ts';
import { connect } from './database/connect.ts';
import { databaseProblem } from './database/database-problem.ts';
import { startEmbedded, type EmbeddedPostgres } from './database/embedded.ts';
import { migrate, UnusableDatabase } from './database/migrate.ts';
import { createLocalBroker } from './hub/broker-local.ts';
import { loadConfig, UnusableConfig } from './load-config.ts';
import { createLog } from './log.ts';
import { createShutdown } from './shutdown.ts';
import { createStorage } from './storage/create-storage.ts';

const retryMs = 500;

const boot = async (): Promise<void> => {
  const shutdown = createShutdown();
  const config = loadConfig(process.env);
  const log = createLog(config);
  shutdown.logTo(log);
  const { signal } = shutdown;
  // Lines for a person at a terminal; where logs are collected they would only be in the way.
  const say = (line: string): void => (config.production ? log.info(line) : console.log(line));
  try {
    const embedded =
      config.databaseUrl === undefined ? await startEmbedded({ dataDir: config.dataDir, say }) : undefined;
    if (embedded) shutdown.last('the embedded Postgres', embedded.stop);
    if (signal.aborted) return await shutdown.done();

    const url = config.databaseUrl ?? embedded?.url ?? '';
    const db = connect(url);
    shutdown.last('the database connections', db.close);
    const broker = createLocalBroker();
    const storage = await createStorage(config, log);
    shutdown.last('the storage', storage.close);
    if (config.files.enabled) await storage.check();
    const backend = createBackend({ config, db, broker, log, storage });
    shutdown.last('the server', backend.drain);
    await backend.listen();
    say(greeting(config, backend, embedded));

    const waited = await openWhenPossible(url, backend, signal, (reason) => {
      log.error({ reason }, 'unable to reach the database; trying again until it is there');
    });
    shutdown.started();
    if (signal.aborted) return await shutdown.done();
    say(waited ? 'Ready: the database is there.' : 'Ready. Ctrl+C stops it.');
  } catch (error) {
    if (signal.aborted) return await shutdown.done();
    await shutdown.fail(explain(error, config), error);
  }
  return undefined;
};

/** Migrates and opens the server as soon as the database lets it. True when that took more than one try. */
const openWhenPossible = async (
  url: string,
  backend: Backend,
  signal: AbortSignal,
  onFailure: (reason: string) => void,
): Promise<boolean> => {
  let last: string | undefined;
  while (!signal.aborted) {
    try {
      await migrate(url);
      await backend.open();
      break;
    } catch (error) {
      const problem = databaseProblem(error);
      if (problem === undefined) throw error;
      const reason = problem.cause instanceof Error && problem.cause.message ? problem.cause.message : problem.message;
      if (reason !== last) onFailure(reason);
      last = reason;
      await wait(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return last !== undefined;
};

const greeting = (config: Config, { url }: Backend, embedded: EmbeddedPostgres | undefined): string => {
  const headline = `TeaTime listens on ${url}`;
  if (config.production) return headline;
  const postgres = embedded ? `embedded, data in ${shortPath(embedded.data)}` : 'DATABASE_URL';
  return [
    headline,
    ...(config.demo ? [`  examples   ${url}/`] : []),
    `  widget     ${url}/teatime-chat.js`,
    `  API        ${url}/api/v1/openapi.json`,
    `  Postgres   ${postgres}`,
  ].join('\n');
};

const shortPath = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
};

/** The one line that a person needs; `undefined` for what nobody has foreseen. */
const explain = (error: unknown, config?: Config): string | undefined => {
  if (error instanceof UnusableConfig || error instanceof UnusableDatabase) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `unable to listen on port ${config?.port}; another program does: stop it, or set PORT`;
  if (code === 'EACCES')
    return `unable to listen on port ${config?.port}; this user may not: set PORT to one above 1023`;
  if (code === '28P01' || code === '28000')
    return `unable to use the database; it refuses the user or password of DATABASE_URL`;
  if (code === '3D000') return `unable to use the database; the one that DATABASE_URL names does not exist: create it`;
  return error.message.startsWith('unable to ') ? error.message : undefined;
};

await boot().catch((error: unknown) => {
  console.error(explain(error) ?? error);
  process.exitCode = 1;
});
