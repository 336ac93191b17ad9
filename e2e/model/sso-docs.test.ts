import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signOnClaims } from '../../backend/features/sign-on/index.ts';
import { aSite, type TestSite } from '../../backend/features/sign-on/test-sites.ts';
import { api, startTestBackend, type TestBackend } from '../../backend/testing/index.ts';

const run = promisify(execFile);
const page = readFileSync(new URL('../../docs/sso.md', import.meta.url), 'utf8');

let server: TestBackend;
let site: TestSite;
let folder: string;

beforeAll(async () => {
  server = await startTestBackend();
  site = await aSite(server);
  folder = mkdtempSync(join(tmpdir(), 'teatime-sso-'));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The programs of the page by their language, and what runs them here. */
const languages = [
  { fence: 'js', file: 'sign.mjs', program: process.execPath },
  { fence: 'python', file: 'sign.py', program: 'python3' },
];

test.each(languages)('the program in $fence signs somebody on', async ({ fence, file, program }) => {
  if (program !== process.execPath) {
    const found = await run(program, ['--version']).catch(() => undefined);
    if (!found) return console.log(`${program} is not on this machine: what the page says for it was not run`);
  }
  const [, source = ''] = new RegExp('```' + fence + '\\n([^]*?)```').exec(page) ?? [];
  writeFileSync(join(folder, file), source);
  // Secrets are text to a back end, as the command line shows them.
  const secret = site.secret.toString('base64url');
  await site.keys.addSecret(site.id, fence, Buffer.from(secret));
  const { stdout } = await run(program, [join(folder, file)], {
    env: { ...process.env, SITE: site.key, KID: fence, SECRET: secret },
  });
  const { user } = await api(server, undefined, { 'TeaTime-Site': site.key }).call('POST /auth/exchange', {
    body: { token: stdout.trim() },
  });
  expect(user.displayName).toBe('Ada Byron');
});

test('the claims that the page names are those that are read', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((line) => [...line.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(named.sort()).toEqual([...signOnClaims].sort());
});
