import { execFile } from 'node:child_process';
import { createHash, createSecretKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSignOnToken, signOnClaims } from '../../backend/features/sign-on/index.ts';
import { aSite, type TestSite } from '../../backend/features/sign-on/test-sites.ts';
import { api, startTestBackend, type TestBackend } from '../../backend/testing/index.ts';

const run = promisify(execFile);
const page = readFileSync(new URL('../../docs/sso.md', import.meta.url), 'utf8');
const programs = new URL('../../examples/sign-on/', import.meta.url);
const vector = JSON.parse(readFileSync(new URL('vector.json', programs), 'utf8')) as {
  readonly environment: { readonly SITE: string; readonly KID: string; readonly SECRET: string };
  readonly arguments: readonly string[];
  readonly token: string;
  /** Each program by the SHA-256 that its source had when it printed the token. */
  readonly printedBy: Readonly<Record<string, string>>;
};

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

interface Language {
  readonly name: string;
  readonly fence: string;
  readonly file: string;
  /** Tells whether this machine has what runs it. */
  readonly probe: readonly [string, ...string[]];
  /** What turns the source into something that can be run, if that is needed. */
  readonly compile?: (source: string) => readonly [string, ...string[]];
  readonly command: (source: string) => readonly [string, ...string[]];
}
const inFolder = (name: string): string => join(folder, name);
const languages: readonly Language[] = [
  { name: 'Node', fence: 'js', file: 'sign.mjs', probe: ['node', '-v'], command: (source) => ['node', source] },
  {
    name: 'Python',
    fence: 'python',
    file: 'sign.py',
    probe: ['python3', '-V'],
    command: (source) => ['python3', source],
  },
  { name: 'PHP', fence: 'php', file: 'sign.php', probe: ['php', '-v'], command: (source) => ['php', source] },
  {
    name: 'Go',
    fence: 'go',
    file: 'sign.go',
    probe: ['go', 'version'],
    compile: (source) => ['go', 'build', '-o', inFolder('sign-go'), source],
    command: () => [inFolder('sign-go')],
  },
  { name: 'Ruby', fence: 'ruby', file: 'sign.rb', probe: ['ruby', '-v'], command: (source) => ['ruby', source] },
  {
    name: 'Java',
    fence: 'java',
    file: 'Sign.java',
    probe: ['javac', '-version'],
    compile: (source) => ['javac', '-d', folder, source],
    command: () => ['java', '-cp', folder, 'Sign'],
  },
  {
    name: 'C#',
    fence: 'csharp',
    file: 'Sign.cs',
    probe: ['mcs', '--version'],
    compile: (source) => ['mcs', `-out:${inFolder('sign.exe')}`, source],
    command: () => ['mono', inFolder('sign.exe')],
  },
];

const execute = async ([program, ...args]: readonly [string, ...string[]], env: object): Promise<string> => {
  const { stdout } = await run(program, args, { env: { ...process.env, GOCACHE: inFolder('go-cache'), ...env } });
  return stdout.trim();
};

describe.each(languages)('the program in $name', ({ fence, file, probe, compile, command }) => {
  const source = new URL(file, programs);
  const text = readFileSync(source, 'utf8');

  test('is the one that the page shows', () => {
    const [, shown] = new RegExp('```' + fence + '\\n([^]*?)```').exec(page) ?? [];
    expect(shown).toBe(text);
  });

  test('prints the token of the vector, and signs somebody on', async () => {
    const runs = await execute(probe, {}).then(
      () => true,
      () => false,
    );
    // Where nothing here runs it, it must be the very program that printed the token elsewhere.
    const { [file]: hash } = vector.printedBy;
    expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
    if (!runs) return;
    if (compile) await execute(compile(source.pathname), {});
    const [program, ...args] = command(source.pathname);
    expect(await execute([program, ...args, ...vector.arguments], vector.environment)).toBe(vector.token);

    // Secrets are text to a back end, as the command line shows them.
    const secret = site.secret.toString('base64url');
    await site.keys.addSecret(site.id, fence, Buffer.from(secret));
    const token = await execute([program, ...args], { SITE: site.key, KID: fence, SECRET: secret });
    const { user } = await api(server, undefined, { 'TeaTime-Site': site.key }).call('POST /auth/exchange', {
      body: { token },
    });
    expect(user.displayName).toBe('Ada Byron');
  }, 60_000);
});

test('the token of the vector is one that the server accepts', async () => {
  const { SITE, KID, SECRET } = vector.environment;
  const key = { kid: KID, algorithm: 'HS256' as const, key: createSecretKey(Buffer.from(SECRET)) };
  const [jti, exp] = vector.arguments;
  const find = async (kid: string) => (kid === KID ? key : undefined);
  const read = await readSignOnToken(vector.token, { key: SITE }, find, Number(exp) - 60);
  expect(read).toMatchObject({ jti, expiresAt: Number(exp), person: { externalId: 'user-42', name: 'Ada Byron' } });
});

test('the claims that the page names are those that are read', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((line) => [...line.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(named.sort()).toEqual([...signOnClaims].sort());
});
