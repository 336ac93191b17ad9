import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook as Checker } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Webhook, WebhookDelivery } from '../../protocol/webhooks.ts';
import { aReceiver, receiverAddress, withStatus, type Receiver } from '../features/webhooks/test-receiver.ts';
import { aServerKey, startTestBackend, type TestBackend } from '../testing/index.ts';
import { runHere } from '../testing/command.ts';

const allow = `${receiverAddress}/32`;
let server: TestBackend;
let folder: string;
let receiver: Receiver;

beforeAll(async () => {
  server = await startTestBackend({ outbound: { allow: [allow] }, webhooks: { pollMs: 50 } });
  folder = mkdtempSync(join(tmpdir(), 'teatime-webhooks-'));
  receiver = await aReceiver();
});
afterAll(async () => {
  await server.close();
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  runHere(['--json', 'webhook', ...args], {
    DATABASE_URL: server.databaseUrl,
    TOKEN_SECRET: server.config.tokenSecret,
    DATA_DIR: folder,
    OUTBOUND_ALLOW: allow,
  });
const asks = async <T>(...args: string[]): Promise<T> => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as T;
};

test('a webhook is added, tried, given another secret, switched on again, and removed', async () => {
  const args = ['--event', 'message.created', 'call.ended', '--description', 'tea'];
  const added = await asks<Webhook & { secret: string }>('add', 'default', receiver.url, ...args);
  expect(added).toMatchObject({ url: receiver.url, events: ['message.created', 'call.ended'], description: 'tea' });
  const { secret } = await asks<{ secret: string }>('rotate', 'default', added.id, '--at-once');
  expect(await asks<WebhookDelivery>('test', 'default', added.id)).toMatchObject({ state: 'delivered', status: 204 });
  const last = receiver.received.at(-1);
  if (!last) throw new Error('nothing came');
  expect(new Checker(secret).verify(last.body, last.headers)).toMatchObject({ type: 'webhook.test' });
  expect(() => new Checker(added.secret).verify(last.body, last.headers)).toThrow(/signature/);

  receiver.answer = withStatus(410);
  const refused = await run('test', 'default', added.id);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('unable to deliver the test; it answered 410');
  const [{ enabled, disabledReason } = added] = await asks<Webhook[]>('list', 'default');
  expect([enabled, disabledReason]).toEqual([false, 'it answered 410: it is gone for good']);
  expect(await asks('enable', 'default', added.id)).toMatchObject({ enabled: true });
  await asks('remove', 'default', added.id);

  const { api: admin } = await aServerKey(server);
  const { entries } = await admin.call('GET /admin/audit', { query: { target: added.id } });
  expect(entries.map(({ act }) => act)).toEqual([
    'teatime webhook remove',
    'teatime webhook enable',
    'teatime webhook rotate',
    'teatime webhook add',
  ]);
  expect(entries[0]?.by.kind).toBe('command line');
  // Each command is a process.
}, 180_000);

test.each([
  [['add', 'default', 'http://10.0.0.1/'], 'unable to send events there; its address is not a public one'],
  [
    ['add', 'default', 'https://hooks.example/', '--event', 'message.read'],
    'unable to tell of message.read; there are',
  ],
  [['enable', 'default', 'abc'], 'unable to find the webhook; abc is no id'],
])('%j is refused in one line', async (args, words) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(words);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
