import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { defaultLimits, defaultWebhooks, type Config } from './config.ts';
import { callsConfig, callsFaults, callsVariables } from './load-calls-config.ts';
import { normaliseAllowedOrigin } from './http/origin.ts';
import { mailConfig, mailFaults, mailVariables } from './load-mail-config.ts';
import { outboundConfig, outboundVariables } from './load-outbound-config.ts';
import { filesConfig, filesFaults, filesVariables, httpUrl } from './load-files-config.ts';

/** A configuration that cannot be started with; the message lists every fault. */
export class UnusableConfig extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

const minSecretBytes = 32;

// Words of secrets that documents and templates are full of, which are not secret however often they are repeated.
const knownWords =
  /change-?_?(?:me|it|this)|secret|passw(?:or|0r)d|default|example|test|dev(?:elopment)?|token|teatime|your|key|please|here/g;

/** Every variable that is read, with what it is for. The README's table has the same sentences. */
const variables = {
  /** `production` refuses to start without TOKEN_SECRET and DATABASE_URL, and listens on every address. */
  NODE_ENV: z.string().default(''),
  /** The public port: API, sockets, widget and gallery. */
  PORT: port().default(8080),
  /** The address to listen on: 127.0.0.1, or 0.0.0.0 in production. */
  HOST: z.string().min(1).optional(),
  /** A port of the hub's own for sockets that a reverse proxy or a load test brings straight to it; any free one by default. */
  HUB_PORT: port().default(0),
  /** The address of the hub's own port. */
  HUB_HOST: z.string().min(1).default('127.0.0.1'),
  /** Any PostgreSQL from version 14 on, as `postgres://user:password@host:port/database`; the embedded one by default. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\/\S+$/, 'must look like postgres://user:password@host:5432/database')
    .refine((text) => URL.canParse(text), 'must look like postgres://user:password@host:5432/database')
    .optional(),
  /** Where the embedded Postgres, the secret made for it, and files are kept. */
  DATA_DIR: z.string().min(1).default('.teatime'),
  /** Signs sessions: at least 32 bytes, the same for all instances; made and kept in DATA_DIR when not in production. */
  TOKEN_SECRET: z
    .string()
    .refine(
      (text) => Buffer.byteLength(text) >= minSecretBytes,
      `must have at least ${minSecretBytes} bytes; try: openssl rand -base64 48`,
    )
    .refine((text) => !isGuessable(text), 'must not be a well-known or repeated word; try: openssl rand -base64 48')
    .optional(),
  /** The URL that browsers reach this server by, such as https://chat.example.org; by default whatever they used. */
  PUBLIC_URL: httpUrl().optional(),
  /** Origins of the pages that may embed the chat, separated by commas or spaces, such as https://www.example.org or https://*.example.org. */
  ALLOWED_ORIGINS: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .pipe(
      z.array(
        z.string().refine(isAllowed, 'must hold origins such as https://www.example.org or https://*.example.org'),
      ),
    )
    .transform((origins) => origins.map((origin) => normaliseAllowedOrigin(origin) ?? origin))
    .default([]),
  /** How many proxies in front are trusted to say whom a request is from by X-Forwarded-For. */
  TRUSTED_PROXIES: wholeNumber(16).default(0),
  /** Bearer token for /metrics; without one they are for this machine only. */
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  /** How much is logged: info in production, warn elsewhere. */
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).optional(),
  /** Which socket transport to use; auto takes uWebSockets.js, or ws where that does not load. */
  TRANSPORT: z.enum(['auto', 'uws', 'ws']).default('auto'),
  /** Milliseconds over which sockets are sent away on shutdown, when there are many. */
  DRAIN_MS: wholeNumber(25_000).default(defaultLimits.drainMs),
  /** Guests who were not here for so many days go, with what only they had. */
  GUEST_DAYS: wholeNumber(3650)
    .refine((days) => days > 0, 'must be at least 1')
    .default(30),
  ...filesVariables,
  ...callsVariables,
  ...outboundVariables,
  ...mailVariables,
};

/**
 * Reads the configuration from environment variables; empty ones count as absent. Throws `UnusableConfig` with the whole list of faults. Outside
 * production a missing TOKEN_SECRET is made and kept in the data folder.
 */
export const loadConfig = (environment: Environment): Config => {
  const given = Object.fromEntries(
    Object.keys(variables).map((name) => [name, environment[name] === '' ? undefined : environment[name]]),
  );
  const parsed = z.object(variables).safeParse(given);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path[0]?.toString()} ${issue.message}`);
  faults.push(...filesFaults(given), ...callsFaults(given), ...mailFaults(given));
  const production = given['NODE_ENV'] === 'production';
  if (production && given['DATABASE_URL'] === undefined) faults.push('DATABASE_URL must be given in production');
  if (production && given['TOKEN_SECRET'] === undefined) {
    faults.push('TOKEN_SECRET must be given in production; try: openssl rand -base64 48');
  }
  if (!parsed.success || faults.length > 0) {
    throw new UnusableConfig(
      `unable to start; the configuration has faults:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
  const values = parsed.data;
  const dataDir = resolve(values.DATA_DIR);
  return {
    production,
    port: values.PORT,
    host: values.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    hubPort: values.HUB_PORT,
    hubHost: values.HUB_HOST,
    databaseUrl: values.DATABASE_URL,
    dataDir,
    tokenSecret: values.TOKEN_SECRET ?? keptSecret(join(dataDir, 'token-secret')),
    publicUrl: values.PUBLIC_URL,
    allowedOrigins: values.ALLOWED_ORIGINS,
    trustedProxies: values.TRUSTED_PROXIES,
    metricsToken: values.METRICS_TOKEN,
    logLevel: values.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    demo: values.DATABASE_URL === undefined,
    guestDays: values.GUEST_DAYS,
    transport: values.TRANSPORT,
    limits: { ...defaultLimits, drainMs: values.DRAIN_MS },
    files: filesConfig(values, dataDir),
    calls: callsConfig(values),
    outbound: outboundConfig(values),
    mail: mailConfig(values, values.PUBLIC_URL),
    webhooks: defaultWebhooks,
  };
};

function port() {
  return wholeNumber(65_535);
}

function wholeNumber(max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number up to ${max}`)
    .transform(Number)
    .refine((value) => value <= max, `must be a whole number up to ${max}`);
}

function isAllowed(text: string): boolean {
  return normaliseAllowedOrigin(text) !== undefined;
}

function isGuessable(text: string): boolean {
  const rest = text
    .toLowerCase()
    .replace(knownWords, '')
    .replace(/[\W_\d]/g, '');
  // A short unit that is repeated has few different characters; 32 random bytes in any encoding have more.
  return rest.length < 4 || new Set(text).size < 8;
}

/** Reads the secret that was made on the first start, or makes it. */
const keptSecret = (file: string): string => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
  try {
    // Of two processes that start at once, one makes it and both read it.
    writeFileSync(file, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new UnusableConfig(
        `unable to start; ${dirname(file)} cannot be written: set DATA_DIR to a folder that can`,
        { cause: error },
      );
    }
  }
  try {
    const secret = readFileSync(file, 'utf8').trim();
    if (Buffer.byteLength(secret) >= minSecretBytes) return secret;
  } catch (error) {
    throw new UnusableConfig(
      `unable to start; ${file} cannot be read: it belongs to the user that first started the server. Start as that user, or set DATA_DIR`,
      { cause: error },
    );
  }
  throw new UnusableConfig(`unable to start; ${file} is damaged: remove it (everybody signs in again)`);
};
