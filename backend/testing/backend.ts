import type { Logger } from 'pino';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBackend, type Backend } from '../backend.ts';
import {
  defaultCalls,
  defaultFiles,
  defaultLimits,
  defaultOutbound,
  defaultWebhooks,
  type CallsConfig,
  type Config,
  type FilesConfig,
  type Limits,
  type OutboundConfig,
  type WebhooksConfig,
} from '../config.ts';
import { connect, type ConnectOptions, type Database } from '../database/connect.ts';
import type { Broker } from '../hub/broker.ts';
import { createLocalBroker } from '../hub/broker-local.ts';
import { createLog } from '../log.ts';
import { createStorage } from '../storage/create-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { loosely } from './loosely.ts';
import { cloneDatabase, dropDatabase, sharedTemplate } from './postgres.ts';

/** A backend with a database of its own, on ports of its own. */
export interface TestBackend {
  readonly url: string;
  /** The socket URL on the public port. */
  readonly wsUrl: string;
  readonly backend: Backend;
  readonly db: Database;
  readonly databaseUrl: string;
  readonly config: Config;
  readonly broker: Broker;
  readonly storage: Storage;
  close(): Promise<void>;
}

/** Configuration that differs from the tests' defaults. */
export type ConfigOverrides = Partial<Omit<Config, 'limits' | 'files' | 'calls' | 'outbound' | 'webhooks'>> & {
  readonly limits?: Partial<Limits>;
  readonly files?: Partial<FilesConfig>;
  readonly calls?: Partial<CallsConfig>;
  readonly outbound?: Partial<OutboundConfig>;
  readonly webhooks?: Partial<WebhooksConfig>;
};

/** Parts that differ: a database to share with another backend or to break, a broker or storage to share, a log to read. */
export interface TestParts {
  readonly databaseUrl?: string;
  readonly connectOptions?: ConnectOptions;
  readonly broker?: Broker;
  readonly log?: Logger;
  readonly storage?: Storage;
}

// All tests come from one address: only tests of these limits set them lower again.
const limits: Limits = {
  ...defaultLimits,
  requestsPerMinute: 1_000_000,
  requestsPerMinutePerAddress: 1_000_000,
  anonymousRequestsPerMinute: 1_000_000,
  registrationsPerHour: 1_000_000,
  guestsPerHour: 1_000_000,
  // Tests have better things to do.
  guestProofBits: 6,
  loginFailuresPerAddress: 1_000_000,
  accountRequestsPerHour: 1_000_000,
  commandsPerSecond: 1_000_000,
  commandBurst: 1_000_000,
};

/** The configuration of a test's backend. */
export const testConfig = ({
  limits: some,
  files,
  calls,
  outbound,
  webhooks,
  ...overrides
}: ConfigOverrides = {}): Config => ({
  production: false,
  port: 0,
  host: '127.0.0.1',
  hubPort: 0,
  hubHost: '127.0.0.1',
  databaseUrl: undefined,
  dataDir: '/nonexistent',
  tokenSecret: 'k3Tz9vQ1xW7uY5rB2nM8pL4sD6fG0hJa',
  publicUrl: undefined,
  allowedOrigins: [],
  trustedProxies: 0,
  metricsToken: undefined,
  logLevel: 'silent',
  demo: false,
  mail: undefined,
  guestDays: 30,
  transport: 'auto',
  ...overrides,
  limits: { ...limits, ...some },
  files: { ...defaultFiles, storage: { kind: 'disk', dir: '/nonexistent' }, ...files },
  calls: { ...defaultCalls, ...calls },
  outbound: { ...defaultOutbound, ...outbound },
  webhooks: { ...defaultWebhooks, ...webhooks },
});

/** Starts a real server for a test. Its database is made anew and dropped on `close`, unless one was given. */
export const startTestBackend = async (
  overrides: ConfigOverrides = {},
  parts: TestParts = {},
): Promise<TestBackend> => {
  const databaseUrl = parts.databaseUrl ?? (await cloneDatabase(sharedTemplate()));
  // Files are in a folder of the test's own, unless it names another place.
  const folder =
    (parts.storage ?? overrides.files?.storage) ? undefined : await mkdtemp(join(tmpdir(), 'teatime-files-'));
  const files = {
    ...(folder !== undefined && { storage: { kind: 'disk', dir: folder } as const }),
    ...overrides.files,
  };
  const config = testConfig({ ...overrides, files });
  const log = parts.log ?? createLog(config);
  const broker = parts.broker ?? createLocalBroker();
  const db = connect(databaseUrl, parts.connectOptions);
  const storage = parts.storage ?? (await createStorage(config, log));
  await storage.check();
  const backend = createBackend({ config, db, broker, log, storage });
  await backend.listen();
  await backend.open();
  return {
    url: backend.url,
    wsUrl: `${backend.url.replace(/^http/, 'ws')}/ws`,
    backend,
    db: loosely(db),
    databaseUrl,
    config,
    broker,
    storage,
    async close() {
      await backend.close();
      await db.close();
      if (parts.storage === undefined) await storage.close();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
      if (parts.databaseUrl === undefined) await dropDatabase(databaseUrl);
    },
  };
};
