import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { verifierOfBoth } from './bot-tokens.ts';
import type { Config } from './config.ts';
import type { Database } from './database/connect.ts';
import { databaseProblem } from './database/database-problem.ts';
import { acrossSites } from './database/wall.ts';
import type { Deps } from './feature.ts';
import { createFeatures } from './features/index.ts';
import { createHubData } from './features/hub-data.ts';
import { checkPolicies, seedDefaultSite } from './features/sites/index.ts';
import { createApp } from './http/app.ts';
import { createListener } from './http/listener.ts';
import type { Broker } from './hub/broker.ts';
import { createHub } from './hub/create-hub.ts';
import type { HubServer } from './hub/hub.ts';
import type { Storage } from './storage/storage.ts';
import { createTokens } from './tokens.ts';

/** What a backend is given from outside. */
export interface BackendParts {
  readonly config: Config;
  readonly db: Database;
  readonly broker: Broker;
  readonly log: Logger;
  readonly storage: Storage;
}

/** A whole server: the public port, the hub behind it, and everything that they do. */
export interface Backend {
  readonly http: Server;
  readonly hub: HubServer;
  /** Where the public port can be reached on this machine; known once it listens. */
  readonly url: string;
  /** Opens the hub's port, then the public one. From now on everything is answered, if only with 503. */
  listen(): Promise<void>;
  /** Call when the schema is up to date: makes what a fresh installation needs. From now on the server is ready while the database answers. */
  open(): Promise<void>;
  /** True when requests can be served, or why not. */
  ready(): true | string;
  /** Stops in peace: readiness false, no new connections, goodbye to all sockets, requests in flight answered, queues written. */
  drain(): Promise<void>;
  /** Ends everything at once. Does not close the database and the storage, which belong to the caller. */
  close(): Promise<void>;
}

const probeMs = 1000;
const requestPatienceMs = 15_000;

/** Puts a server together. Nothing listens yet. */
export const createBackend = ({ config, db, broker, log, storage }: BackendParts): Backend => {
  const tokens = createTokens(config);
  const hub = createHub({ config, log, tokens: verifierOfBoth(tokens, db), broker, data: createHubData(db, config) });
  const deps: Deps = { config, db, hub, log, tokens, storage };
  const features = createFeatures(deps);
  const commands = features.flatMap((feature) => feature.commands);
  hub.mount(commands, features.find(({ calls }) => calls)?.calls);

  let unready: string | undefined = 'starting';
  let draining = false;
  const ready = (): true | string => (draining ? 'draining' : (unready ?? true));
  const app = createApp({ config, db, hub, log, tokens, storage, features, state: { ready } });

  let hubAddress: { host: string; port: number } | undefined;
  let url: string | undefined;
  const listener = createListener({ answer: app.callback(), hub: () => hubAddress });

  const stopped = new AbortController();
  const watchDatabase = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await wait(probeMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      const problem = await probe(db);
      if ((problem === undefined) === (unready === undefined)) continue;
      unready = problem;
      if (problem === undefined) log.info('the database is back');
      else log.error({ reason: problem }, 'the database is away; until it is back, requests are answered with 503');
    }
  };
  const closeFeatures = async (): Promise<void> => {
    await Promise.all(features.map((feature) => feature.close?.()));
  };

  return {
    http: listener.server,
    hub,
    get url() {
      if (url === undefined) throw new Error('unable to tell the URL; the server does not listen yet');
      return url;
    },
    ready,
    async listen() {
      const { port: hubPort } = await hub.listen();
      hubAddress = { host: reachable(config.hubHost), port: hubPort };
      const { port } = await listener.listen(config.port, config.host);
      const host = reachable(config.host);
      url = `http://${host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`;
    },
    async open() {
      const lacks = await db.checkWall();
      if (lacks !== undefined) {
        log.error(
          { reason: lacks },
          'the database does not keep sites apart by itself; until it does, only the queries do (docs/operations.md)',
        );
      }
      await acrossSites(async () => {
        await seedDefaultSite(db, config);
        await checkPolicies(db, config, log);
        for (const feature of features) feature.open?.();
      });
      unready = undefined;
      void watchDatabase();
    },
    async drain() {
      draining = true;
      await Promise.all([listener.drain(requestPatienceMs), hub.drain()]);
      stopped.abort();
      await closeFeatures();
      await Promise.all([hub.close(), listener.close()]);
    },
    async close() {
      draining = true;
      stopped.abort();
      await Promise.all([hub.close(), listener.close()]);
      await closeFeatures();
    },
  };
};

const probe = async (db: Database): Promise<string | undefined> => {
  try {
    await acrossSites(() => db.query('probe', 'select 1', []));
    return undefined;
  } catch (error) {
    const problem = databaseProblem(error);
    return problem?.cause instanceof Error ? problem.cause.message : (problem?.message ?? String(error));
  }
};

/** An address that a listener on all addresses can be reached by from this machine. */
const reachable = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);
