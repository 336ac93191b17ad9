import { randomUUID } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Conversation } from '../../../protocol/conversations.ts';
import type { IncomingHook } from '../../../protocol/incoming-hooks.ts';
import { acrossSites } from '../../database/wall.ts';
import {
  aDm,
  aGroup,
  api,
  aServerKey,
  aSocket,
  aUser,
  startTestBackend,
  type Answer,
  type Api,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';
import { aSite } from '../sign-on/test-sites.ts';
import { dropOldIds } from './store.ts';

let t: TestBackend;
let admin: Api;
let ann: TestUser;
let bob: TestUser;
let group: Conversation;
let hook: IncomingHook;
let secret: string;

beforeAll(async () => {
  t = await startTestBackend({ limits: { messagesPerSecond: 5, messageBurst: 5 } });
  ({ api: admin } = await aServerKey(t));
  [ann, bob] = await Promise.all([aUser(t), aUser(t)]);
});
beforeEach(async () => {
  group = await aGroup(ann, [bob]);
  ({ hook, secret } = await addHook(group));
});
afterAll(() => t.close());

const addHook = ({ id }: { id: string }) =>
  admin.call('POST /admin/conversations/:conversationId/hooks', {
    params: { conversationId: id },
    body: { name: 'Builds' },
  });
const across = (name: string, text: string) => acrossSites(() => t.db.query(name, text, []));
const seconds = (): number => Math.floor(Date.now() / 1000);

interface Signed {
  readonly id?: string;
  readonly text?: string;
  readonly secret?: string;
  readonly at?: number;
  readonly hookId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
/** Posts as somebody who has read the documentation would. */
const post = ({ id = randomUUID(), text = 'It is built.', at = seconds(), ...more }: Signed = {}): Promise<Answer> => {
  const body = JSON.stringify({ text });
  return api(t).request('POST /hooks/:hookId', {
    params: { hookId: more.hookId ?? hook.id },
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': new Signer(more.secret ?? secret).sign(id, new Date(at * 1000), body),
      ...more.headers,
    },
  });
};
const timeline = async () =>
  (await ann.api.call('GET /conversations/:conversationId/messages', { params: { conversationId: group.id } }))
    .messages;

test('what is signed is posted by a bot of that name, and everybody there hears of it', async () => {
  const socket = await aSocket(t, bob);
  const { status, body } = await post({ text: 'Tea is ready.' });
  expect(status).toBe(201);
  const { data } = await socket.next('message.created', (event) => event.conversationId === group.id);
  expect(body).toMatchObject({ message: { id: data.message.id, seq: data.message.seq, conversationId: group.id } });
  expect(data.message).toMatchObject({ text: 'Tea is ready.', senderId: hook.user.id });
  await socket.close();
  const { conversation } = await ann.api.call('GET /conversations/:conversationId', {
    params: { conversationId: group.id },
  });
  expect(conversation.members.find(({ userId }) => userId === hook.user.id)?.user).toMatchObject({
    displayName: 'Builds',
    kind: 'bot',
  });
});

test('what is unsigned, signed wrongly, or sent to a hook that is not there is refused alike, and posts nothing', async () => {
  const other = await addHook(await aGroup(ann, [bob]));
  const tries: Signed[] = [
    { headers: { 'webhook-signature': '' } },
    { headers: { 'webhook-signature': 'v1,AAAA' } },
    { headers: { 'webhook-signature': `v1a,${'A'.repeat(43)}=` } },
    { headers: { 'webhook-id': '' } },
    { headers: { 'webhook-id': randomUUID() } },
    { headers: { 'webhook-timestamp': '' } },
    { headers: { 'webhook-timestamp': 'now' } },
    { headers: { 'webhook-timestamp': String(seconds() + 1) } },
    { secret: other.secret },
    { hookId: other.hook.id },
    { hookId: randomUUID() },
    { at: seconds() - 5 * 60 - 30 },
    { at: seconds() + 5 * 60 + 30 },
  ];
  const answers = await Promise.all(tries.map((each) => post(each)));
  const plain = await api(t).request('POST /hooks/:hookId', { params: { hookId: hook.id }, body: { text: 'x' } });
  const bodies = [...answers, plain].map(({ status, body }) => ({ status, ...(body as object), requestId: '' }));
  expect(bodies).toEqual(Array(tries.length + 1).fill(bodies[0]));
  expect(bodies[0]).toMatchObject({ status: 401, code: 'unauthorized' });
  expect(await timeline()).toEqual([]);
});

test('clocks may be five minutes apart', async () => {
  expect((await post({ at: seconds() - 4 * 60 })).status).toBe(201);
  expect((await post({ at: seconds() + 4 * 60 })).status).toBe(201);
});

test('a request that was heard and is sent again is refused, also when both come at once', async () => {
  const once = { id: randomUUID(), at: seconds() };
  expect((await post(once)).status).toBe(201);
  expect(await post(once)).toMatchObject({ status: 401, body: { code: 'token_replayed' } });
  // Another time does not make it another request.
  expect((await post({ ...once, at: once.at + 1 })).status).toBe(401);
  const twice = { id: randomUUID(), at: seconds() };
  const together = await Promise.all([post(twice), post(twice), post(twice)]);
  expect(together.map(({ status }) => status).sort()).toEqual([201, 401, 401]);
  expect(await timeline()).toHaveLength(2);
  await across('test_age_ids', `update incoming_hook_uses set used_at = now() - interval '2 days'`);
  await acrossSites(() => dropOldIds(t.db));
  // Even then there is one message of it.
  expect((await post(once)).status).toBe(201);
  expect(await timeline()).toHaveLength(2);
});

test('one that came to nothing can be sent again', async () => {
  const statuses = new Set<number>();
  let refused: string | undefined;
  for (let count = 0; refused === undefined && count < 200; count += 1) {
    const id = randomUUID();
    const { status } = await post({ id });
    statuses.add(status);
    if (status === 429) refused = id;
  }
  expect([...statuses]).toEqual([201, 429]);
  await expect
    .poll(async () => (await post({ id: refused ?? '' })).status, { timeout: 30_000, interval: 300 })
    .toBe(201);
});

test('a hook posts into its own conversation only as long as its bot is there', async () => {
  const params = { conversationId: group.id, userId: hook.user.id };
  await ann.api.call('DELETE /conversations/:conversationId/members/:userId', { params });
  expect((await post()).status).toBe(404);
  await admin.call('DELETE /admin/hooks/:hookId', { params: { hookId: hook.id } });
  expect((await post()).status).toBe(401);
});

test('a new secret ends the old one, and a removed hook takes its bot with it but not what it said', async () => {
  await post();
  const rotated = await admin.call('POST /admin/hooks/:hookId/rotate', { params: { hookId: hook.id }, body: {} });
  expect((await post()).status).toBe(401);
  expect((await post({ secret: rotated.secret })).status).toBe(201);
  await admin.call('DELETE /admin/hooks/:hookId', { params: { hookId: hook.id } });
  expect((await post({ secret: rotated.secret })).status).toBe(401);
  const { conversation } = await ann.api.call('GET /conversations/:conversationId', {
    params: { conversationId: group.id },
  });
  expect(conversation.members.some(({ userId, removed }) => userId === hook.user.id && !removed)).toBe(false);
  expect(await timeline()).toHaveLength(2);
});

test('hooks are for groups of the own site, and none of a site that is off is heard', async () => {
  const key = 'POST /admin/conversations/:conversationId/hooks';
  const inDm = await admin.refusal(key, {
    params: { conversationId: (await aDm(ann, bob)).id },
    body: { name: 'Builds' },
  });
  expect(inDm.code).toBe('forbidden');
  const site = await aSite(t);
  const { api: their } = await aServerKey(t, { siteKey: site.key });
  const params = { conversationId: group.id };
  expect((await their.refusal(key, { params, body: { name: 'Builds' } })).status).toBe(404);
  expect((await their.refusal('GET /admin/conversations/:conversationId/hooks', { params })).status).toBe(404);
  expect((await their.refusal('DELETE /admin/hooks/:hookId', { params: { hookId: hook.id } })).status).toBe(404);
  const { hooks } = await admin.call('GET /admin/conversations/:conversationId/hooks', { params });
  expect(hooks).toEqual([hook]);
  await across('test_site_off', `update sites set enabled = false where key = 'default'`);
  expect([401, 403]).toContain((await post()).status);
  await across('test_site_on', `update sites set enabled = true where key = 'default'`);
  // Sites are remembered for a second.
  await expect.poll(async () => (await api(t).request('GET /config')).status, { timeout: 30_000 }).toBe(200);
});

test('what is no message is refused by field', async () => {
  expect(await post({ text: ' ' })).toMatchObject({
    status: 400,
    body: { code: 'validation_failed', issues: [{ path: 'text' }] },
  });
});
