import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EndpointSpec } from '../protocol/contract.ts';
import { endpoints } from '../protocol/index.ts';
import { serverScope } from '../protocol/server-keys.ts';
import { aServerKey, startTestBackend, type TestBackend, type TestServerKey } from './testing/index.ts';
import { runCommand } from './testing/process.ts';

const run = promisify(execFile);
const page = readFileSync(new URL('../docs/server-api.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, text = '']) => text);
const curls = blocks.filter((text) => text.includes('curl '));

let server: TestBackend;
let key: TestServerKey;
let folder: string;
beforeAll(async () => {
  server = await startTestBackend();
  folder = mkdtempSync(join(tmpdir(), 'teatime-server-api-'));
  key = await aServerKey(server);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what the page does with curl works, from top to bottom', async (context) => {
  await run('curl', ['--version']).catch(() => context.skip('there is no curl here'));
  expect(curls.length).toBeGreaterThan(5);
  const env = { PATH: process.env['PATH'], TEATIME_URL: server.url, TEATIME_SERVER_KEY: key.secret };
  for (const text of curls) {
    const { stderr } = await run('sh', ['-euc', text], { cwd: folder, env });
    expect(stderr, text).toBe('');
  }
  const exported = JSON.parse(readFileSync(join(folder, 'user-42.json'), 'utf8')) as object;
  expect(exported).toMatchObject({ profile: { externalId: 'user-42', custom: { plan: 'gold' } } });
});

test('what the page does on the command line works, from top to bottom', async () => {
  const env = { DATABASE_URL: server.databaseUrl, TOKEN_SECRET: server.config.tokenSecret, DATA_DIR: folder };
  const words = (line: string) =>
    [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const lines = blocks
    .filter((text) => text.includes('npx teatime'))
    .flatMap((text) => text.trim().split('\n'))
    .map((line) => words(line).slice(2));
  expect(lines.length).toBeGreaterThan(3);
  for (const args of [['site', 'create', 'acme'], ...lines]) {
    const { code, stderr } = await runCommand(args, env);
    expect([args, code, stderr]).toEqual([args, 0, '']);
  }
});

test('the page names routes and scopes as they are, all of people and none that there is not', () => {
  const named = [...page.matchAll(/^\| `([A-Z]+ \/admin\S*)` +\| `([a-z:]+)` +\|$/gm)].map(([, route, scope]) => [
    route,
    scope,
  ]);
  const listed = Object.entries<EndpointSpec>(endpoints)
    .filter(([route, { auth }]) => auth === 'server' && / \/admin\/(?:users|usage|audit)(?:\/|$)/.test(route))
    .map(([route, { scope }]) => [route, scope]);
  expect(named.toSorted()).toEqual(listed.toSorted());
  for (const scope of serverScope.options) expect(page).toContain(`\`${scope}\``);
});
