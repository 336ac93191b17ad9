import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig, UnusableConfig } from './load-config.ts';

const good = 'zN4wq8Xe1Tj6Rb0Yv3Kc7Ud5Hf2Pg9Lm';
let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'teatime-config-'));
});
afterAll(() => rmSync(dataDir, { recursive: true }));

const faultsOf = (environment: Record<string, string>): string => {
  try {
    loadConfig({ DATA_DIR: dataDir, ...environment });
  } catch (error) {
    if (error instanceof UnusableConfig) return error.message;
    throw error;
  }
  return '';
};

test('without any variable the embedded default is made, with a secret that is kept for its owner only', () => {
  const first = loadConfig({ DATA_DIR: dataDir });
  const file = join(dataDir, 'token-secret');
  expect(first).toMatchObject({ port: 8080, host: '127.0.0.1', demo: true, databaseUrl: undefined, production: false });
  expect(Buffer.byteLength(first.tokenSecret)).toBeGreaterThanOrEqual(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8').trim()).toBe(first.tokenSecret);
  expect(loadConfig({ DATA_DIR: dataDir }).tokenSecret).toBe(first.tokenSecret);
});

test('all faults are told at once', () => {
  const faults = faultsOf({
    PORT: '80800',
    DATABASE_URL: 'mysql://x',
    TOKEN_SECRET: 'short',
    PUBLIC_URL: 'chat.example.org',
    ALLOWED_ORIGINS: 'https://good.example, https://*.example',
    TRUSTED_PROXIES: '-1',
    LOG_LEVEL: 'loud',
    METRICS_TOKEN: 'x',
  });
  for (const name of [
    'PORT',
    'DATABASE_URL',
    'TOKEN_SECRET',
    'PUBLIC_URL',
    'ALLOWED_ORIGINS',
    'TRUSTED_PROXIES',
    'LOG_LEVEL',
    'METRICS_TOKEN',
  ]) {
    expect(faults).toMatch(new RegExp(`^  - ${name} `, 'm'));
  }
});

test('production does not start without a database and a secret of its own', () => {
  const faults = faultsOf({ NODE_ENV: 'production' });
  expect(faults).toContain('DATABASE_URL must be given');
  expect(faults).toContain('TOKEN_SECRET must be given');
});

test('in production every address is listened on and there is no demo', () => {
  const config = loadConfig({ NODE_ENV: 'production', TOKEN_SECRET: good, DATABASE_URL: 'postgres://a:b@db/c' });
  expect(config).toMatchObject({ host: '0.0.0.0', demo: false, production: true, tokenSecret: good, logLevel: 'info' });
});

test.each([
  ['too short', 'zN4wq8Xe1Tj6Rb0Yv3Kc7Ud5Hf2Pg9L'],
  ['changeme, repeated', 'changeme'.repeat(5)],
  ['secret, with numbers', 'secret-secret-secret-secret-123456'],
  ['a sentence of templates', 'your-secret-token-please-change-me'],
  ['one letter', 'a'.repeat(64)],
  ['counting', '12345678901234567890123456789012345'],
])('a secret that anybody could guess is refused: %s', (_, secret) => {
  expect(faultsOf({ TOKEN_SECRET: secret })).toContain('TOKEN_SECRET must');
  expect(faultsOf({ TOKEN_SECRET: secret })).not.toContain(secret);
});

test.each([good, 'correct horse battery staple on tuesday', 'f3a1c97be20d4856f3a1c97be20d4856aa'])(
  'a real secret is taken: %s',
  (secret) => {
    expect(loadConfig({ DATA_DIR: dataDir, TOKEN_SECRET: secret }).tokenSecret).toBe(secret);
  },
);

test('a damaged kept secret is not replaced silently', () => {
  const folder = mkdtempSync(join(tmpdir(), 'teatime-config-'));
  writeFileSync(join(folder, 'token-secret'), 'x');
  expect(faultsOf({ DATA_DIR: folder })).toContain('damaged');
  rmSync(folder, { recursive: true });
});

test('addresses are tidied: origins without a path, the public URL without a slash at the end', () => {
  const config = loadConfig({
    DATA_DIR: dataDir,
    ALLOWED_ORIGINS: 'https://WWW.example.org:443 http://localhost:3000',
    PUBLIC_URL: 'https://example.org/chat/',
  });
  expect(config.allowedOrigins).toEqual(['https://www.example.org', 'http://localhost:3000']);
  expect(config.publicUrl).toBe('https://example.org/chat');
});

test('files are kept in the data folder, unless a folder or a bucket is named', () => {
  const filesOf = (environment: Record<string, string>) => loadConfig({ DATA_DIR: dataDir, ...environment }).files;
  expect(filesOf({})).toMatchObject({
    enabled: true,
    storage: { kind: 'disk', dir: join(dataDir, 'files') },
    fileBytes: 25_000_000,
    keepMetadata: false,
    types: undefined,
    clamd: undefined,
  });
  expect(filesOf({ FILES_DIR: '/srv/files' }).storage).toEqual({ kind: 'disk', dir: '/srv/files' });
  expect(filesOf({ S3_BUCKET: 'tea-files', S3_REGION: 'eu-central-1' }).storage).toEqual({
    kind: 's3',
    bucket: 'tea-files',
    region: 'eu-central-1',
    endpoint: undefined,
    credentials: undefined,
    pathStyle: false,
    prefix: 'teatime/',
  });
  const minio = {
    S3_BUCKET: 'tea-files',
    S3_ENDPOINT: 'https://minio.example/',
    S3_ACCESS_KEY_ID: 'id',
    S3_SECRET_ACCESS_KEY: 'key',
  };
  expect(filesOf(minio).storage).toMatchObject({
    endpoint: 'https://minio.example',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
    pathStyle: true,
  });
  expect(filesOf({ ...minio, S3_PATH_STYLE: 'off', S3_PREFIX: 'chat/one/' }).storage).toMatchObject({
    pathStyle: false,
    prefix: 'chat/one/',
  });
});

test('what may be sent is set in whole megabytes and media types', () => {
  const { files } = loadConfig({
    DATA_DIR: dataDir,
    FILES: 'off',
    FILES_URL: 'https://files.example/',
    MAX_FILE_MB: '2048',
    USER_QUOTA_MB: '1',
    USER_QUOTA_FILES: '2',
    SITE_QUOTA_MB: '3',
    FILE_TYPES: 'Image/*, application/pdf',
    KEEP_METADATA: 'on',
    CLAMD: '/run/clamav/clamd.ctl',
    CLAMD_AWAY: 'mark',
  });
  expect(files).toMatchObject({
    enabled: false,
    url: 'https://files.example',
    fileBytes: 2_048_000_000,
    bytesPerUser: 1_000_000,
    filesPerUser: 2,
    bytesPerSite: 3_000_000,
    types: ['image/*', 'application/pdf'],
    keepMetadata: true,
    clamd: { address: '/run/clamav/clamd.ctl', whenAway: 'mark' },
  });
});

test('faults of the files are told, also those of variables that do not fit together', () => {
  const faults = faultsOf({
    FILES: 'yes',
    FILES_DIR: '/srv/files',
    FILES_URL: 'files.example',
    S3_BUCKET: 'Tea Files',
    S3_ACCESS_KEY_ID: 'id',
    S3_PREFIX: '/teatime',
    MAX_FILE_MB: '0',
    USER_QUOTA_MB: '1.5',
    FILE_TYPES: 'pictures',
    CLAMD: 'clamd',
    CLAMD_AWAY: 'ignore',
  });
  for (const name of [
    'FILES must|FILES Invalid',
    'FILES_URL must',
    'S3_BUCKET must be the name',
    'S3_PREFIX must',
    'MAX_FILE_MB must',
    'USER_QUOTA_MB must',
    'FILE_TYPES must',
    'CLAMD must',
    'CLAMD_AWAY ',
    'S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be given together',
    'FILES_DIR must not be given with S3_BUCKET',
  ]) {
    expect(faults).toMatch(new RegExp(`^  - (?:${name})`, 'm'));
  }
  expect(faultsOf({ S3_ENDPOINT: 'https://minio.example' })).toContain('S3_BUCKET must be given with S3_ENDPOINT');
});

test('requests of the server go to public addresses by https, unless ranges and ports are named', () => {
  const { outbound } = loadConfig({ DATA_DIR: dataDir });
  expect(outbound).toEqual({ allow: [], ports: [443] });
  const named = loadConfig({ DATA_DIR: dataDir, OUTBOUND_ALLOW: '10.1.0.0/16, fd00::/8', OUTBOUND_PORTS: '443 8443' });
  expect(named.outbound).toEqual({ allow: ['10.1.0.0/16', 'fd00::/8'], ports: [443, 8443] });
  const faults = faultsOf({ OUTBOUND_ALLOW: '10.1.0.0', OUTBOUND_PORTS: '443, 70000' });
  expect(faults).toMatch(/OUTBOUND_ALLOW must hold ranges/);
  expect(faults).toMatch(/OUTBOUND_PORTS must hold ports/);
});
