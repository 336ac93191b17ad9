import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, aSocket, startTestBackend, type TestBackend } from './testing/index.ts';
import { runHere } from './testing/command.ts';
import { createDatabase, dropDatabase, sharedTemplate } from './testing/postgres.ts';
import { runCommand } from './testing/process.ts';

let server: TestBackend;
let folder: string;

beforeAll(async () => {
  server = await startTestBackend();
  folder = mkdtempSync(join(tmpdir(), 'teatime-cli-'));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  runHere(args, {
    DATABASE_URL: server.databaseUrl,
    TOKEN_SECRET: server.config.tokenSecret,
    DATA_DIR: folder,
    FILES_DIR: join(folder, 'files'),
    OUTBOUND_ALLOW: '127.0.0.1/32',
  });
/** What a command that ends well says. */
const says = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(...args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout.trim();
};
const asks = async <T>(...args: string[]): Promise<T> => JSON.parse(await says('--json', ...args)) as T;
const signOn = (site: string, token: string, origin?: string) =>
  api(server, undefined, { 'TeaTime-Site': site, ...(origin !== undefined && { Origin: origin }) }).request(
    'POST /auth/exchange',
    { body: { token } },
  );

describe('sites', () => {
  test('are made, listed, shown and changed', async () => {
    expect(await says('site', 'create', 'acme', '--name', 'Acme Chat', '--origin', 'https://ACME.example')).toContain(
      'Acme Chat, on',
    );
    expect(await asks('site', 'show', 'acme')).toMatchObject({
      key: 'acme',
      enabled: true,
      allowedOrigins: ['https://acme.example'],
      people: 0,
    });
    expect(await says('site', 'list')).toMatch(/^key\s+name[^]*^acme\s+Acme Chat\s+on\s+0\s+0\s+1$/m);
    await says('site', 'update', 'acme', '--name', 'Acme');
    await says('origin', 'add', 'acme', 'https://app.acme.example');
    await says('origin', 'remove', 'acme', 'https://acme.example');
    expect(await asks('site', 'show', 'acme')).toMatchObject({
      name: 'Acme',
      allowedOrigins: ['https://app.acme.example'],
    });
  });

  test('decide and look as they are told, one thing at a time, and take decisions back', async () => {
    await says('site', 'create', 'decided');
    const told = ['--registration', 'off', '--guests', 'on', '--who-may-start', 'nobody', '--history', 'sinceJoining'];
    await says('site', 'update', 'decided', ...told, '--retention-days', '30', '--file-types', 'image/*,text/plain');
    await says('site', 'update', 'decided', '--guests', 'default', '--max-file-size', '5000000', '--accent', '#0A6C4F');
    await says(
      'site',
      'update',
      'decided',
      '--logo',
      'https://acme.example/logo.svg',
      '--who-may-start-groups',
      'people',
    );
    const policy = {
      accounts: { registration: false },
      conversations: { whoMayStartDirect: 'nobody', whoMayStartGroups: 'people', historyForNewMembers: 'sinceJoining' },
      files: { fileBytes: 5_000_000, types: ['image/*', 'text/plain'] },
      retention: { messageDays: 30 },
    };
    const branding = { accent: '#0a6c4f', logoUrl: 'https://acme.example/logo.svg' };
    expect(await asks('site', 'show', 'decided')).toMatchObject({ policy, branding });
    expect(await says('site', 'show', 'decided')).toContain('policy conversations.historyForNewMembers: sinceJoining');

    const file = join(folder, 'policy.json');
    writeFileSync(file, JSON.stringify({ accounts: { passwordSignIn: false } }));
    const { policy: replaced } = await asks<{ policy: unknown }>(
      'site',
      'update',
      'decided',
      '--policy',
      file,
      '--calls',
      'off',
    );
    expect(replaced).toEqual({ accounts: { passwordSignIn: false }, calls: { allowed: false } });
  });

  test('that are switched off lose their sockets within a second, and let nobody in until they are on again', async () => {
    await says('site', 'create', 'shop', '--origin', 'https://shop.example');
    await says('key', 'add', 'shop', 'main');
    const mint = async () => (await asks<{ token: string }>('token', 'mint', 'shop', 'u1', '--name', 'Uma')).token;
    const { body } = await signOn('shop', await mint());
    const socket = await aSocket(server, body as { accessToken: string }, { query: '?site=shop' });
    await says('site', 'disable', 'shop');
    expect(await socket.closed).toMatchObject({ code: 4503 });
    // A server knows of it a second later at most.
    await expect.poll(async () => (await signOn('shop', await mint())).status, { timeout: 20_000 }).toBe(403);
    await says('site', 'enable', 'shop');
    await expect.poll(async () => (await signOn('shop', await mint())).status, { timeout: 20_000 }).toBe(200);
  });
});

test('bots are made, listed, given another token, and deleted', async () => {
  await says('site', 'create', 'robots');
  const made = await asks<{ id: string; token: string }>(
    'bot',
    'create',
    'robots',
    'Clerk',
    '--scope',
    'messages:read',
  );
  const me = async (token: string) => (await api(server, token).request('GET /auth/me')).status;
  expect(await me(made.token)).toBe(200);
  expect(await says('bot', 'list', 'robots')).toMatch(/Clerk\s+\d{4}-\d\d-\d\d\s+messages:read$/m);
  const next = await asks<{ token: string }>('bot', 'rotate', 'robots', made.id);
  expect([await me(made.token), await me(next.token)]).toEqual([401, 200]);
  await says('bot', 'revoke', 'robots', made.id);
  expect(await me(next.token)).toBe(401);
  expect(await says('bot', 'list', 'robots')).toMatch(/Clerk\s+revoked/);
  await says('bot', 'delete', 'robots', made.id);
  expect(await asks('bot', 'list', 'robots')).toEqual([]);
  const { code, stderr } = await run('bot', 'create', 'robots', 'Clerk', '--scope', 'everything');
  expect([code, stderr]).toEqual([1, expect.stringContaining('messages:write')]);
});

describe('keys', () => {
  test('sign people on until they are revoked', async () => {
    await says('site', 'create', 'keyed');
    const { secret, kid } = await asks<{ secret: string; kid: string }>('key', 'add', 'keyed');
    expect(Buffer.from(secret).length).toBeGreaterThanOrEqual(32);
    const token = await says('token', 'mint', 'keyed', 'person-7', '--name', 'Ada', '--email', 'ada@example.com');
    expect((await signOn('keyed', token)).body).toMatchObject({
      user: { displayName: 'Ada', email: 'ada@example.com' },
    });

    const next = await asks<{ kid: string }>('key', 'rotate', 'keyed');
    const [before, after] = [token, await says('token', 'mint', 'keyed', 'person-7', '--name', 'Ada')];
    expect(JSON.parse(Buffer.from(after.split('.')[0]!, 'base64url').toString())).toMatchObject({ kid: next.kid });
    expect(before).not.toBe(after);
    await says('key', 'revoke', 'keyed', next.kid);
    expect((await signOn('keyed', after)).status).toBe(401);
    const listed = await asks<{ kid: string; revokedAt: string | null }[]>('key', 'list', 'keyed');
    expect(listed).toMatchObject([
      { kid, revokedAt: null },
      { kid: next.kid, revokedAt: expect.any(String) as string },
    ]);
    expect(await says('key', 'list', 'keyed')).not.toContain(secret);
  });

  test('can be the public half of one’s own', async () => {
    await says('site', 'create', 'public');
    const file = join(folder, 'key.pem');
    writeFileSync(file, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
    expect(await says('key', 'add', 'public', 'ours', '--public', file)).toContain('Key ours (EdDSA)');
    const { code, stderr } = await run('token', 'mint', 'public', 'u', '--name', 'U');
    expect([code, stderr]).toEqual([1, expect.stringContaining('has no secret') as string]);
  });

  test('can be a set that the site publishes, at an address that is no internal one', async () => {
    await says('site', 'create', 'publishes');
    const inside = await run('key', 'add', 'publishes', 'idp', '--jwks', 'https://10.0.0.1/keys.json');
    expect([inside.code, inside.stderr]).toEqual([1, expect.stringContaining('not a public one') as string]);
    const keys = [{ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'one' }];
    const publisher = createServer((_, response) => void response.end(JSON.stringify({ keys }))).listen(0, '127.0.0.1');
    await once(publisher, 'listening');
    const jwks = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/keys.json`;
    await says('key', 'add', 'publishes', 'idp', '--jwks', jwks);
    publisher.close();
    await says('key', 'revoke', 'publishes', 'idp');
    expect(await asks('key', 'list', 'publishes')).toMatchObject([
      { kid: 'idp', jwks, revokedAt: expect.any(String) as string },
    ]);
  });
});

describe('server keys', () => {
  test('open the server API until they are revoked, and the log says so', async () => {
    await says('site', 'create', 'served');
    const made = await asks<{ id: string; secret: string }>(
      'server-key',
      'add',
      'served',
      '--name',
      'back end',
      '--scope',
      'usage:read',
    );
    expect(made.secret).toMatch(/^tts_[\w-]{43}$/);
    const client = api(server, made.secret);
    expect((await client.request('GET /admin/usage')).status).toBe(200);
    expect((await client.request('GET /admin/audit')).status).toBe(403);
    expect(await says('server-key', 'list', 'served')).toMatch(/back end\s+usage:read\s+\S+\s+\S+\s+in use/);
    expect(await says('server-key', 'list', 'served')).not.toContain(made.secret.slice(4));
    await says('server-key', 'revoke', 'served', 'back end');
    expect((await client.request('GET /admin/usage')).status).toBe(401);
    const acts = (await asks<{ act: string; by: { kind: string } }[]>('audit', 'served')).map(({ act, by }) => [
      by.kind,
      act,
    ]);
    expect(acts).toEqual([
      ['command line', 'teatime server-key revoke'],
      ['server key', 'GET /admin/audit'],
      ['command line', 'teatime server-key add'],
      ['command line', 'teatime site create'],
    ]);
    expect(await says('audit', 'served')).toMatch(/refused: forbidden/);
  });
});

describe('people', () => {
  const login = (identifier: string, password: string) =>
    api(server).request('POST /auth/login', { body: { identifier, password, refreshIn: 'body' } });

  test('get accounts, are kept out and let in again, and a running server notices', async () => {
    const made = await asks<{ id: string; password: string }>('user', 'create', 'default', '--username', 'clara');
    const { status, body } = await login('clara', made.password);
    expect(status).toBe(200);
    const { accessToken } = body as { accessToken: string };
    const socket = await aSocket(server, { accessToken });
    await says('user', 'disable', 'default', made.id);
    expect(await socket.closed).toMatchObject({ code: 4501 });
    await expect
      .poll(async () => (await api(server, accessToken).request('GET /auth/me')).status, { timeout: 20_000 })
      .toBe(401);
    expect((await login('clara', made.password)).status).toBe(401);
    expect(await says('user', 'list', 'default', '--search', 'clara')).toMatch(/clara\s+clara\s+person\s+disabled/);
    await says('user', 'enable', 'default', made.id);
    expect((await login('clara', made.password)).status).toBe(200);
  });

  test(
    'are named by the ids of a product too, and erased with all that they said by the running server',
    { timeout: 90_000 },
    async () => {
      await says('site', 'create', 'own');
      await says('key', 'add', 'own');
      const made = await asks<{ id: string }>('user', 'create', 'own', '--external-id', 'p-1', '--name', 'Pia');
      const { body } = await signOn('own', await says('token', 'mint', 'own', 'p-1', '--name', 'Pia'));
      const { user, accessToken } = body as { user: { id: string }; accessToken: string };
      expect(user.id).toBe(made.id);
      const other = (await signOn('own', await says('token', 'mint', 'own', 'p-2', '--name', 'Quin'))).body as {
        user: { id: string };
        accessToken: string;
      };
      const { conversation } = await api(server, accessToken).call('POST /conversations', {
        body: { kind: 'dm', userId: other.user.id },
      });
      const params = { conversationId: conversation.id };
      await api(server, accessToken).call('POST /conversations/:conversationId/messages', {
        params,
        body: { clientId: randomUUID(), text: 'forget me' },
      });
      await says('user', 'erase', 'own', 'external:p-1', '--messages', 'delete', '--yes');
      // For a while it is left to whoever began it, who may be at it still.
      await server.db.pool.query(`update users set erased_at = erased_at - interval '1 minute' where id = $1`, [
        made.id,
      ]);
      const read = () => api(server, other.accessToken).call('GET /conversations/:conversationId/messages', { params });
      await expect.poll(async () => (await read()).messages[0]?.deletedAt, { timeout: 60_000 }).toBeDefined();
      expect(await says('user', 'list', 'own')).not.toContain('Pia');
    },
  );
});

describe('what goes wrong', () => {
  test.each([
    [['site', 'show', 'nobody'], 1, 'unable to find the site; none has the key nobody'],
    [['site', 'create', 'Bad Key'], 1, 'unable to create the site; its key must be'],
    [['site', 'create', 'default'], 1, 'unable to create the site; there is one with the key default'],
    [['origin', 'add', 'default', 'example.com/path'], 1, 'an origin is written as https://www.example.com'],
    [['server-key', 'add', 'default', '--scope', 'everything'], 1, 'there is no scope everything'],
    [['server-key', 'revoke', 'default', 'nothing'], 1, 'none named nothing in use'],
    [['user', 'create', 'default'], 1, 'unable to create the person; --username is needed'],
    [['user', 'create', 'default', '--username', 'a b'], 1, 'must be 3 to 32 letters'],
    [['user', 'disable', 'default', 'nobody'], 1, 'people are named by their id, or by external: and yours'],
    [['user', 'erase', 'default', randomUUID()], 2, "required option '--yes'"],
    [['audit', 'default', '--limit', 'many'], 1, '--limit must be a whole number'],
    [['origin', 'add', 'default', 'https://*.co.uk'], 1, 'or https://*.example.com'],
    [['site', 'update', 'default'], 1, 'unable to change the site; say what'],
    [['site', 'update', 'default', '--guests', 'maybe'], 1, 'unable to take --guests maybe; it is on, off or default'],
    [['site', 'update', 'default', '--retention-days', 'long'], 1, 'retention.messageDays'],
    [['site', 'update', 'default', '--history', 'some'], 1, 'conversations.historyForNewMembers'],
    [['site', 'update', 'default', '--accent', '#f00000'], 1, 'below 4.5; #'],
    [['site', 'update', 'default', '--logo', 'http://acme.example/a.png'], 1, 'logoUrl: must be the https address'],
    [['site', 'update', 'default', '--policy', '/nowhere.json'], 1, '/nowhere.json is no JSON file'],
    [['site', 'destroy', 'default'], 2, "unknown command 'destroy'"],
    [['site', 'list', '--nonsense'], 2, "unknown option '--nonsense'"],
  ])('%s is told in one line', async (args, code, words) => {
    const end = await run(...args);
    expect(end.code).toBe(code);
    expect(end.stderr).toContain(words);
    expect(end.stderr).not.toContain('    at ');
    expect(end.stdout).toBe('');
  });

  test('a database that is away is named', async () => {
    const env = {
      DATABASE_URL: 'postgres://127.0.0.1:1/nothing',
      TOKEN_SECRET: server.config.tokenSecret,
      DATA_DIR: folder,
    };
    const { code, stderr } = await runCommand(['site', 'list'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('unable to reach the database');
  });

  test('the doctor says what is sound, and what is not', async () => {
    const report = await asks<{ check: string; status: string }[]>('doctor');
    expect(report.map(({ check }) => check)).toEqual(['settings', 'database', 'storage', 'sites', 'wall', 'calls']);
    expect(report.filter(({ status }) => status === 'fail')).toEqual([]);
    const { code, stdout } = await runCommand(['doctor'], { NODE_ENV: 'production', TOKEN_SECRET: 'changeme' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ settings:[^]*DATABASE_URL must be given/);
  });

  test('the doctor changes nothing: a schema that is behind stays so, and it says what is missing', async () => {
    const url = await createDatabase(sharedTemplate(), `empty_${randomUUID().replaceAll('-', '')}`);
    const env = { DATABASE_URL: url, TOKEN_SECRET: server.config.tokenSecret, DATA_DIR: folder };
    for (const code of [0, 0]) {
      const end = await runCommand(['doctor'], env);
      expect([end.code, end.stdout]).toEqual([code, expect.stringMatching(/! database: .*foundation\.js.*migrate/)]);
    }
    await dropDatabase(url);
  });
});

test.each([[[]], [['key', 'add']], [['server-key', 'add']], [['user', 'create']], [['user', 'erase']], [['audit']]])(
  'help for %s',
  async (args) => {
    const { code, stdout } = await run(...args, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: teatime ${args.join(' ')}`.trim());
  },
);
