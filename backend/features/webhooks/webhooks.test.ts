import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Checker } from 'standardwebhooks';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { webhookData, type WebhookEventType } from '../../../protocol/webhooks.ts';
import { acrossSites } from '../../database/wall.ts';
import {
  aDm,
  aGroup,
  aMessage,
  aServerKey,
  aSocket,
  aUser,
  startTestBackend,
  type Api,
  type ConfigOverrides,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';
import { aSite } from '../sign-on/test-sites.ts';
import { claimDeliveries } from './claims.ts';
import { dropOldDeliveries } from './outbox.ts';
import { aReceiver, receiverAddress, withStatus, type Received, type Receiver } from './test-receiver.ts';

const settings: ConfigOverrides = {
  limits: { messagesPerSecond: 1000, messageBurst: 1000 },
  outbound: { allow: [`${receiverAddress}/32`] },
  webhooks: { pollMs: 40, timeoutMs: 20_000, retrySeconds: Array<number>(200).fill(0.2), leaseSeconds: 30 },
};
const eventually = { timeout: 30_000, interval: 25 };

let t: TestBackend;
let admin: Api;
let ann: TestUser;
let bob: TestUser;
const receivers: Receiver[] = [];

beforeAll(async () => {
  t = await startTestBackend(settings);
  ({ api: admin } = await aServerKey(t));
  [ann, bob] = await Promise.all([aUser(t), aUser(t)]);
});
afterAll(async () => {
  await t.close();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

const across = (name: string, text: string, values: readonly unknown[]) =>
  acrossSites(() => t.db.query(name, text, values));
const receiver = async (): Promise<Receiver> => {
  const one = await aReceiver();
  receivers.push(one);
  return one;
};
const all: WebhookEventType[] = [
  'message.created',
  'message.changed',
  'message.deleted',
  'member.joined',
  'member.left',
  'member.changed',
  'call.started',
  'call.ended',
  'user.disabled',
];
const add = (url: string, more: { events?: WebhookEventType[]; includesText?: boolean } = {}, by = admin) =>
  by.call('POST /admin/webhooks', { body: { url, events: ['message.created'], ...more } });
const remove = (webhookId: string) => admin.call('DELETE /admin/webhooks/:webhookId', { params: { webhookId } });
const look = async (webhookId: string) =>
  (await admin.call('GET /admin/webhooks/:webhookId', { params: { webhookId } })).webhook;
const deliveriesOf = async (webhookId: string, query: Record<string, string | number> = {}) =>
  (await admin.call('GET /admin/webhooks/:webhookId/deliveries', { params: { webhookId }, query })).deliveries;
const ofConversation =
  ({ id }: { id: string }) =>
  ({ event }: Received) =>
    event.data.conversation?.id === id;
const seqs = (received: readonly Received[]) => received.map(({ event }) => event.data.message?.seq);
const check = (secret: string, { headers, body }: Received) => new Checker(secret).verify(body, headers);

describe('events', () => {
  test('a message is told of with a signature that others can check, and without what it says', async () => {
    const to = await receiver();
    const { webhook, secret } = await add(to.url);
    const group = await aGroup(ann, [bob], 'Secret plans');
    const message = await aMessage(ann, group, 'nobody else may read this');
    const [received] = await to.until(1);
    if (!received) throw new Error('nothing came');
    expect(check(secret, received)).toMatchObject({ type: 'message.created', site: 'default' });
    expect(() => check(secret, { ...received, body: received.body.replace('created', 'changed') })).toThrow(
      /signature/,
    );
    const data = webhookData.message.strict().parse(received.event.data);
    expect(data.message).toMatchObject({ id: message.id, seq: message.seq, sender: { id: ann.id, kind: 'person' } });
    expect(received.body).not.toMatch(/nobody|Secret/);
    expect(received.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'TeaTime' });
    await expect
      .poll(() => deliveriesOf(webhook.id), eventually)
      .toMatchObject([
        { id: received.headers['webhook-id'], state: 'delivered', status: 204, attempts: 1, seq: message.seq },
      ]);
    await remove(webhook.id);
  });

  test('a webhook that asks for texts gets them', async () => {
    const to = await receiver();
    const { webhook } = await add(to.url, { includesText: true });
    const group = await aGroup(ann, [bob], 'Tea');
    await aMessage(ann, group, 'Darjeeling?');
    const [received] = await to.until(1);
    expect(received?.event.data).toMatchObject({ conversation: { title: 'Tea' }, message: { text: 'Darjeeling?' } });
    await remove(webhook.id);
  });

  test('everything that happens in a conversation is told in the order in which it happened', async () => {
    const to = await receiver();
    const { webhook } = await add(to.url, { events: all });
    const group = await aGroup(ann, [bob]);
    const params = { conversationId: group.id };
    const message = await aMessage(ann, group);
    const onMessage = { conversationId: group.id, messageId: message.id };
    await ann.api.call('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
      params: { ...onMessage, emoji: '👍' },
    });
    await ann.api.call('PATCH /conversations/:conversationId/messages/:messageId', {
      params: onMessage,
      body: { text: 'better' },
    });
    await ann.api.call('DELETE /conversations/:conversationId/messages/:messageId', { params: onMessage });
    const member = { ...params, userId: bob.id };
    await ann.api.call('PATCH /conversations/:conversationId/members/:userId', {
      params: member,
      body: { role: 'admin' },
    });
    await ann.api.call('DELETE /conversations/:conversationId/members/:userId', { params: member });
    await ann.api.call('POST /conversations/:conversationId/members', { params, body: { userIds: [bob.id] } });
    const socket = await aSocket(t, ann);
    const { call } = await socket.command('call.start', { conversationId: group.id, kind: 'audio' });
    await socket.command('call.leave', { callId: call.id });
    await socket.close();

    const received = await to.until(11, ofConversation(group));
    expect(received.map(({ event }) => event.type)).toEqual([
      'member.joined',
      'member.joined',
      'message.created',
      'message.changed',
      'message.deleted',
      'member.changed',
      'member.left',
      'member.joined',
      'call.started',
      'call.ended',
      // How the call went is an entry of the timeline.
      'message.created',
    ]);
    for (const { event } of received) {
      const [noun = ''] = event.type.split('.');
      webhookData[noun as keyof typeof webhookData].strict().parse(event.data);
    }
    const [ended] = received.filter(({ event }) => event.type === 'call.ended');
    expect(ended?.event.data).toMatchObject({ call: { id: call.id, state: 'ended', outcome: 'cancelled' } });
    await remove(webhook.id);
  });

  test('somebody who is disabled is told of', async () => {
    const to = await receiver();
    const { webhook } = await add(to.url, { events: ['user.disabled'] });
    const carl = await aUser(t);
    await across('test_disable', 'update users set disabled_at = now() where id = $1', [carl.id]);
    const [received] = await to.until(1);
    expect(received?.event).toMatchObject({ type: 'user.disabled', data: { user: { id: carl.id } } });
    expect(webhookData.user.strict().parse(received?.event.data).user.disabledAt).toBeTypeOf('string');
    await remove(webhook.id);
  });

  test('nothing is told of another site, nor what was not asked for', async () => {
    const [ours, theirs] = [await receiver(), await receiver()];
    const site = await aSite(t);
    const { api: their } = await aServerKey(t, { siteKey: site.key });
    const [{ webhook }] = [
      await add(ours.url, { events: ['message.created', 'message.deleted'] }),
      await add(theirs.url, {}, their),
    ];
    const dm = await aDm(ann, bob);
    const message = await aMessage(ann, dm);
    const params = { conversationId: dm.id, messageId: message.id };
    const key = 'PATCH /conversations/:conversationId/messages/:messageId';
    await ann.api.call(key, { params, body: { text: 'other' } });
    await ann.api.call('DELETE /conversations/:conversationId/messages/:messageId', { params });
    const received = await ours.until(2);
    expect(received.map(({ event }) => event.type)).toEqual(['message.created', 'message.deleted']);
    expect(theirs.received).toEqual([]);
    await remove(webhook.id);
  });
});

describe('delivery', () => {
  test('what fails is tried again, in the order of its conversation, and holds up no other one', async () => {
    const to = await receiver();
    const { webhook } = await add(to.url);
    const [one, other] = [await aGroup(ann, [bob]), await aGroup(ann, [bob])];
    to.answer = (received, response) => withStatus(ofConversation(one)(received) ? 404 : 204)(received, response);
    const sent: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      sent.push((await aMessage(ann, one)).seq);
      await aMessage(bob, other);
    }
    const there = await to.until(4, ofConversation(other));
    expect(seqs(there)).toEqual([...seqs(there)].sort());
    // So far only the first one was tried, over and over.
    const tried = await to.until(3, ofConversation(one));
    expect(new Set(seqs(tried))).toEqual(new Set([sent[0]]));
    expect(new Set(tried.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    to.answer = withStatus(200);
    await expect.poll(async () => (await deliveriesOf(webhook.id, { state: 'delivered' })).length, eventually).toBe(8);
    const arrived = to.received.filter(ofConversation(one)).map(({ event }) => event.data.message?.seq);
    expect([...new Set(arrived)]).toEqual(sent);
    expect(await look(webhook.id)).toMatchObject({ failures: 0, enabled: true });
    await remove(webhook.id);
  });

  test('an event that was committed while nobody delivers arrives when somebody does', async () => {
    const to = await receiver();
    const asleep = await startTestBackend({ ...settings, webhooks: { pollMs: 3_600_000 } });
    const { api: key } = await aServerKey(asleep);
    const { secret } = await add(to.url, {}, key);
    const [carl, dora] = [await aUser(asleep), await aUser(asleep)];
    const dm = await aDm(carl, dora);
    const seq = (await aMessage(carl, dm)).seq;
    // A process takes it and dies.
    const lost = await acrossSites(() =>
      claimDeliveries(asleep.db, uuidv7(), {
        failing: false,
        room: 9,
        perWebhook: 9,
        perSite: 9,
        busyWebhooks: {},
        busySites: {},
        leaseSeconds: 1,
      }),
    );
    expect(lost).toHaveLength(1);
    const awake = await startTestBackend(settings, { databaseUrl: asleep.databaseUrl });
    const [received] = await to.until(1);
    expect(received && check(secret, received)).toMatchObject({ data: { message: { seq } } });
    await awake.close();
    await asleep.close();
  });

  test('two processes share the work: everything comes once, and in order', async () => {
    const to = await receiver();
    const { webhook } = await add(to.url);
    const second = await startTestBackend(settings, { databaseUrl: t.databaseUrl, broker: t.broker });
    const groups = await Promise.all(Array.from({ length: 6 }, () => aGroup(ann, [bob])));
    for (let round = 0; round < 5; round += 1) await Promise.all(groups.map((group) => aMessage(ann, group)));
    await expect.poll(async () => (await deliveriesOf(webhook.id, { state: 'delivered' })).length, eventually).toBe(30);
    expect(to.received).toHaveLength(30);
    for (const group of groups) {
      const told = seqs(to.received.filter(ofConversation(group))).map(Number);
      expect(told).toEqual([...told].sort((one, next) => one - next));
    }
    await second.close();
    await remove(webhook.id);
  });

  test('a receiver that hangs, or answers without end, holds up neither its own site nor others', async () => {
    const [hanging, endless, good] = [await receiver(), await receiver(), await receiver()];
    hanging.answer = () => undefined;
    endless.answer = (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(256 * 1024)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    const added = await Promise.all([add(hanging.url), add(endless.url), add(good.url)]);
    const [groupOne, groupTwo] = [await aGroup(ann, [bob]), await aGroup(ann, [bob])];
    for (let count = 0; count < 6; count += 1) {
      await aMessage(ann, groupOne);
      await aMessage(bob, groupTwo);
    }
    await good.until(12);
    await hanging.until(1);
    // The endless answer is cut off, and its status counts.
    await expect
      .poll(async () => (await deliveriesOf(added[1].webhook.id, { state: 'delivered' })).length, eventually)
      .toBe(12);
    for (const { webhook } of added) await remove(webhook.id);
  });

  test('a webhook that fails for too long is switched off with the reason, and goes on where it was when it is switched on', async () => {
    const to = await receiver();
    to.answer = withStatus(500);
    const strict = await startTestBackend({
      ...settings,
      webhooks: { ...settings.webhooks, disableAfterSeconds: 0.5 },
    });
    const { api: key } = await aServerKey(strict);
    const { webhook } = await add(to.url, {}, key);
    const params = { webhookId: webhook.id };
    const [carl, dora] = [await aUser(strict), await aUser(strict)];
    const message = await aMessage(carl, await aDm(carl, dora));
    const state = async () => (await key.call('GET /admin/webhooks/:webhookId', { params })).webhook;
    await expect.poll(state, eventually).toMatchObject({
      enabled: false,
      disabledReason: expect.stringMatching(/nothing could be delivered .* it answered 500/),
      failingSince: expect.any(String),
    });
    const refused = await key.refusal('POST /admin/webhooks/:webhookId/test', { params });
    expect(refused.code).toBe('conflict');
    to.answer = withStatus(200);
    const before = to.received.length;
    const on = await key.call('PATCH /admin/webhooks/:webhookId', { params, body: { enabled: true } });
    expect(on.webhook).toMatchObject({ enabled: true, failures: 0 });
    expect(on.webhook.disabledReason).toBeUndefined();
    await to.until(before + 1);
    expect(to.received.at(-1)?.event.data.message?.id).toBe(message.id);
    await strict.close();
  });

  test('a receiver that answers 410 is told nothing more at once', async () => {
    const to = await receiver();
    to.answer = withStatus(410);
    const { webhook } = await add(to.url);
    await aMessage(ann, await aDm(ann, bob));
    await expect
      .poll(() => look(webhook.id), eventually)
      .toMatchObject({
        enabled: false,
        disabledReason: 'it answered 410: it is gone for good',
      });
    await aMessage(ann, await aDm(ann, bob));
    expect(await deliveriesOf(webhook.id)).toHaveLength(1);
    await remove(webhook.id);
  });

  test('nothing is sent to internal addresses, whatever names lead there, nor along redirects', async () => {
    let hits = 0;
    const inside = createServer((_, response) => {
      hits += 1;
      response.end();
    });
    inside.listen(0, '127.0.0.1');
    await once(inside, 'listening');
    const { port } = inside.address() as AddressInfo;
    for (const host of ['127.0.0.1', '0x7f000001', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254']) {
      const refused = await admin.refusal('POST /admin/webhooks', {
        body: { url: `http://${host}:${port}/`, events: ['message.created'] },
      });
      expect(refused).toMatchObject({ code: 'validation_failed', issues: [{ path: 'url' }] });
    }
    const redirecting = await receiver();
    redirecting.answer = (_, response) => void response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
    const [named, led] = [await add(`http://localhost:${port}/`), await add(redirecting.url)];
    await aMessage(ann, await aDm(ann, bob));
    await expect
      .poll(async () => (await deliveriesOf(named.webhook.id))[0]?.error, eventually)
      .toMatch(/not a public one/);
    await expect.poll(async () => (await deliveriesOf(led.webhook.id))[0], eventually).toMatchObject({ status: 307 });
    expect(hits).toBe(0);
    inside.close();
    await Promise.all([remove(named.webhook.id), remove(led.webhook.id)]);
  });

  test('what is gone by then is not told, and what is over is forgotten after a while', async () => {
    const to = await receiver();
    to.answer = withStatus(500);
    const { webhook } = await add(to.url);
    const message = await aMessage(ann, await aGroup(ann, [bob]));
    await to.until(1);
    await across('test_gone', 'delete from messages where id = $1', [message.id]);
    await expect.poll(() => deliveriesOf(webhook.id), eventually).toMatchObject([{ state: 'skipped' }]);
    await across(
      'test_age_delivery',
      `update webhook_deliveries set finished_at = finished_at - interval '8 days', occurred_at = occurred_at - interval '8 days'
       where webhook_id = $1`,
      [webhook.id],
    );
    await acrossSites(() => dropOldDeliveries(t.db, 7));
    expect(await deliveriesOf(webhook.id)).toEqual([]);
    await remove(webhook.id);
  });
});

describe('the server API', () => {
  test('a test event goes out at once, and pages of deliveries hold each one once', async () => {
    const to = await receiver();
    const { webhook } = await add(to.url);
    const params = { webhookId: webhook.id };
    for (let count = 0; count < 5; count += 1) await admin.call('POST /admin/webhooks/:webhookId/test', { params });
    const received = await to.until(5);
    expect(received.map(({ event }) => event.type)).toEqual(Array(5).fill('webhook.test'));
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const query: Record<string, string | number> = { limit: 2, ...(cursor !== undefined && { cursor }) };
      const page = await admin.call('GET /admin/webhooks/:webhookId/deliveries', { params, query });
      ids.push(...page.deliveries.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(ids)).toEqual(new Set(received.map(({ headers }) => headers['webhook-id'])));
    expect(ids).toHaveLength(5);
    await remove(webhook.id);
  });

  test('after a rotation both secrets hold for a while, or only the new one', async () => {
    const to = await receiver();
    const { webhook, secret: first } = await add(to.url);
    const params = { webhookId: webhook.id };
    const key = 'POST /admin/webhooks/:webhookId/rotate';
    const { secret: second } = await admin.call(key, { params, body: {} });
    await admin.call('POST /admin/webhooks/:webhookId/test', { params });
    const [both] = await to.until(1);
    if (!both) throw new Error('nothing came');
    expect([check(first, both), check(second, both)]).toHaveLength(2);
    const { secret: third } = await admin.call(key, { params, body: { graceSeconds: 0 } });
    await admin.call('POST /admin/webhooks/:webhookId/test', { params });
    const [, alone] = await to.until(2);
    if (!alone) throw new Error('nothing came');
    expect(check(third, alone)).toBeTypeOf('object');
    expect(() => check(second, alone)).toThrow(/signature/);
    await remove(webhook.id);
  });

  test('what is wrong with a webhook is told by field, and one of another site is not found', async () => {
    const good = { url: 'https://hooks.example/', events: ['message.created'] };
    for (const [body, path] of [
      [{ ...good, url: 'nonsense' }, 'url'],
      [{ ...good, url: 'ftp://hooks.example/' }, 'url'],
      [{ ...good, url: 'https://ann:secret@hooks.example/' }, 'url'],
      [{ ...good, events: [] }, 'events'],
      [{ ...good, events: ['message.read'] }, 'events.0'],
      [{ ...good, events: ['message.created', 'message.created'] }, 'events'],
      [{ ...good, secret: 'mine' }, 'secret'],
    ] as const) {
      const refused = await admin.refusal('POST /admin/webhooks', { body });
      expect(refused).toMatchObject({ status: 400, code: 'validation_failed', issues: [{ path }] });
    }
    const { webhook } = await add('https://hooks.example/');
    const site = await aSite(t);
    const { api: their } = await aServerKey(t, { siteKey: site.key });
    const params = { webhookId: webhook.id };
    expect((await their.refusal('GET /admin/webhooks/:webhookId', { params })).status).toBe(404);
    expect((await their.refusal('DELETE /admin/webhooks/:webhookId', { params })).status).toBe(404);
    expect((await their.call('GET /admin/webhooks')).webhooks).toEqual([]);
    const changed = await admin.call('PATCH /admin/webhooks/:webhookId', {
      params,
      body: { description: 'tea', events: ['call.ended'], url: 'https://hooks.example/2' },
    });
    expect(changed.webhook).toMatchObject({
      description: 'tea',
      events: ['call.ended'],
      url: 'https://hooks.example/2',
    });
    const { webhooks } = await admin.call('GET /admin/webhooks');
    expect(webhooks).toEqual([changed.webhook]);
    await remove(webhook.id);
    expect((await admin.refusal('GET /admin/webhooks/:webhookId', { params })).status).toBe(404);
  });
});
