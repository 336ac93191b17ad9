import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { webhookData, webhookEventType } from '../../protocol/webhooks.ts';
import {
  aGroup,
  aMessage,
  aServerKey,
  aUser,
  startTestBackend,
  type Api,
  type TestBackend,
  type TestUser,
} from '../../backend/testing/index.ts';

const run = promisify(execFile);
const page = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
const fenced = (fence: string): string[] =>
  [...page.matchAll(new RegExp('```' + fence + '\\n([^]*?)```', 'g'))].map(([, text]) => text ?? '');

let server: TestBackend;
let admin: Api;
let person: TestUser;
let folder: string;
let receiver: ChildProcess | undefined;

beforeAll(async () => {
  server = await startTestBackend({ outbound: { allow: ['127.0.0.1/32'] }, webhooks: { pollMs: 50 } });
  ({ api: admin } = await aServerKey(server));
  person = await aUser(server);
  folder = mkdtempSync(join(tmpdir(), 'teatime-webhooks-'));
});
afterEach(async () => {
  if (receiver?.exitCode !== null || receiver.signalCode !== null) return;
  receiver.kill('SIGKILL');
  await once(receiver, 'exit');
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};
const answersAt = (url: string): Promise<number | undefined> =>
  fetch(url, { method: 'POST', body: '{}' }).then(
    ({ status }) => status,
    () => undefined,
  );
const patience = { timeout: 30_000, interval: 50 };

describe.each([
  { name: 'Node', fence: 'js', file: 'mjs', command: process.execPath },
  { name: 'Python', fence: 'python', file: 'py', command: 'python3' },
])('the programs in $name', ({ fence, file, command }) => {
  const [receives = '', posts = ''] = fenced(fence);
  const write = (name: string, text: string): string => {
    const path = join(folder, `${name}.${file}`);
    writeFileSync(path, text);
    return path;
  };

  test('take what the server signs, and refuse what others send', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const { webhook, secret } = await admin.call('POST /admin/webhooks', {
      body: { url, events: ['message.created'] },
    });
    const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret };
    receiver = spawn(command, [write('receive', receives)], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    receiver.stdout?.on('data', (text: Buffer) => (said += text.toString()));
    // What is not signed at all, and what is, but long ago.
    await expect.poll(() => answersAt(url), patience).toBe(401);
    const at = String(Math.floor(Date.now() / 1000) - 400);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signature = `v1,${createHmac('sha256', key).update(`x.${at}.{}`).digest('base64')}`;
    const old = await fetch(url, {
      method: 'POST',
      body: '{}',
      headers: { 'webhook-id': 'x', 'webhook-timestamp': at, 'webhook-signature': signature },
    });
    expect(old.status).toBe(401);

    await aMessage(person, await aGroup(person, []));
    await expect.poll(() => said, patience).toMatch(/^[\da-f-]{36} message\.created\n$/);
    const params = { webhookId: webhook.id };
    const deliveries = () => admin.call('GET /admin/webhooks/:webhookId/deliveries', { params });
    await expect.poll(deliveries, patience).toMatchObject({ deliveries: [{ state: 'delivered', status: 204 }] });
    await admin.call('DELETE /admin/webhooks/:webhookId', { params });
  });

  test('post into a conversation', async () => {
    const group = await aGroup(person, []);
    const { hook, secret } = await admin.call('POST /admin/conversations/:conversationId/hooks', {
      params: { conversationId: group.id },
      body: { name: 'Builds' },
    });
    const env = { ...process.env, HOOK_URL: hook.url, HOOK_SECRET: secret };
    const { stdout } = await run(command, [write('post', posts), 'Build 42 is good: fünf Tassen ☕'], { env });
    expect(stdout).toMatch(/^201 \{/);
    const params = { conversationId: group.id };
    const { messages } = await person.api.call('GET /conversations/:conversationId/messages', { params });
    expect(messages.map(({ text }) => text)).toEqual(['Build 42 is good: fünf Tassen ☕']);
  });
});

test('the page names every event, and its examples are what is sent', () => {
  const named = [...page.matchAll(/^\| `([a-z]+\.[a-z]+)`/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual([...webhookEventType.options, 'webhook.test'].sort());
  for (const text of fenced('json')) {
    const { type, data } = JSON.parse(text) as { type: string; data: unknown };
    const [noun = ''] = type.split('.');
    expect(() => webhookData[noun as keyof typeof webhookData].strict().parse(data), type).not.toThrow();
  }
});
