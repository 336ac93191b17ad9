import { uuidv7 } from 'uuidv7';
import { afterEach, describe, expect, test } from 'vitest';
import { createLocalBroker } from './broker-local.ts';
import { encodeFrame, type RawFrame, type RawSocket } from './raw-socket.ts';
import { brokenFrames } from './test-frames.ts';
import { startTestHub, type TestHub, type TestHubOptions } from './test-hub.ts';

const started: TestHub[] = [];
afterEach(async () => {
  for (const { hub } of started.splice(0)) await hub.close();
});

const later = (): number => Math.floor(Date.now() / 1000) + 600;
const mebibyte = 1024 * 1024;
const typingEvent = (conversationId: string, userId: string) =>
  ({ type: 'typing.changed', conversationId, data: { userId, typing: true } }) as const;
const named = (conversationId: string, seq: number) => {
  const conversation = { id: conversationId, kind: 'group' as const, head: seq, changedSeq: seq };
  return { type: 'conversation.changed', conversationId, seq, data: { conversation } } as const;
};
const seqs = (socket: RawSocket): unknown[] => socket.events('conversation.changed').map((event) => event['seq']);

describe.each(['uws', 'ws'] as const)('on the transport %s', (transport) => {
  const start = async (options: Omit<TestHubOptions, 'transport'> = {}): Promise<TestHub> => {
    const started_ = await startTestHub({ transport, ...options });
    started.push(started_);
    return started_;
  };
  /** The hub still serves somebody else. */
  const survives = async (t: TestHub): Promise<void> => {
    const bystander = await t.socket(t.world.user());
    expect(await bystander.command('ping')).toMatchObject({ ok: true });
    bystander.tcp.destroy();
  };

  describe('the upgrade', () => {
    test('serves /ws alone, without compression', async () => {
      const t = await start();
      expect(t.hub.stats().transport).toBe(transport);
      expect((await t.open({ path: '/other' })).status).toBe(404);
      const socket = await t.open({ headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } });
      expect(socket.status).toBe(101);
      expect(socket.headers).not.toMatch(/extensions/i);
    });

    test('takes exactly the origins of the site, its own, and clients without one', async () => {
      const t = await start();
      t.world.origins.add('https://good.example').add('https://xn--gd-fka.example');
      const status = async (origin?: string, path = '/ws'): Promise<number> =>
        (await t.open({ path, headers: origin === undefined ? {} : { Origin: origin } })).status;
      expect(await status()).toBe(101);
      expect(await status('https://good.example')).toBe(101);
      expect(await status('https://GOOD.example:443')).toBe(101);
      expect(await status(`http://127.0.0.1:${t.port}`)).toBe(101);
      for (const origin of [
        'null',
        'https://evil.test',
        'https://good.example.evil.test',
        'https://evilgood.example',
        'http://good.example',
        'https://good.example:8443',
        'https://good.example/path',
        'https://user@good.example',
        'https://gооd.example',
        `https://127.0.0.1:${t.port}`,
        'file://',
        'junk',
      ]) {
        expect(`${origin}: ${await status(origin)}`).toBe(`${origin}: 403`);
      }
      expect(await status('https://good.example', '/ws?site=other')).toBe(403);
    });

    test('refuses a token in the URL, and no log line holds it', async () => {
      const t = await start();
      for (const query of [
        'token=s3cr3t',
        'access_token=s3cr3t',
        'site=default&jwt=s3cr3t',
        'site=default&site=s3cr3t',
      ]) {
        const socket = await t.open({ path: `/ws?${query}` });
        expect(socket.status).toBe(400);
      }
      expect(t.log.join('')).not.toContain('s3cr3t');
    });

    test('lets an address have so many sockets that have not signed in', async () => {
      const t = await start({ limits: { unauthenticatedSocketsPerAddress: 3 } });
      const [first] = await Promise.all([t.open(), t.open(), t.open()]);
      const refused = await t.open();
      expect(refused.status).toBe(429);
      expect(refused.headers).toMatch(/retry-after: \d/i);
      const elsewhere = { 'X-Forwarded-For': '192.0.2.1, 198.51.100.7' };
      expect((await t.open({ headers: elsewhere })).status).toBe(101);
      await first!.signIn(`${t.world.user()} ${uuidv7()} ${later()}`);
      expect((await t.open()).status).toBe(101);
    });

    test('counts the addresses of an IPv6 network as one', async () => {
      const t = await start({ limits: { unauthenticatedSocketsPerAddress: 1 } });
      const from = (address: string) => t.open({ headers: { 'X-Forwarded-For': address } });
      expect((await from('2001:db8:1:1::1')).status).toBe(101);
      expect((await from('2001:db8:1:1:ffff::2')).status).toBe(429);
      expect((await from('2001:db8:1:2::1')).status).toBe(101);
    });
  });

  describe('signing in', () => {
    test('answers who one is, the heads, and where direct peers are', async () => {
      const t = await start();
      const [direct, group] = [uuidv7(), uuidv7()];
      const noor = t.world.user();
      const mia = t.world.user({ [direct]: 3, [group]: 8 }, { [direct]: noor });
      await t.socket(noor);
      const socket = await t.open();
      const reply = await socket.signIn(`${mia} ${uuidv7()} ${later()}`);
      expect(reply).toMatchObject({
        ok: true,
        type: 'auth.success',
        data: {
          user: { id: mia },
          heartbeatMs: 25_000,
          heads: { [direct]: 3, [group]: 8 },
          presence: [{ userId: noor, presence: 'online' }],
          epoch: '1',
        },
      });
    });

    test('closes with 4003 who does not', async () => {
      const t = await start({ limits: { authTimeoutMs: 100 } });
      const socket = await t.open();
      expect(await socket.ended).toMatchObject({ code: 4003 });
    });

    test('closes with 4500 what comes before it', async () => {
      const t = await start();
      for (const frame of [
        '{"id":1,"type":"ping","data":{}}',
        '{not json',
        '{"id":1,"type":"auth","data":{"token":7}}',
      ]) {
        const socket = await t.open();
        socket.text(frame);
        expect(await socket.ended).toMatchObject({ code: 4500 });
      }
      const early = await t.open();
      t.world.gate = () => new Promise(() => undefined);
      early.post('auth', { token: `${t.world.user()} ${uuidv7()} ${later()}` });
      early.post('message.send', { conversationId: uuidv7(), clientId: uuidv7(), text: 'too early' });
      expect(await early.ended).toMatchObject({ code: 4500 });
      expect(t.sent).toEqual([]);
    });

    test('takes 4 KiB at most before it', async () => {
      const t = await start();
      const socket = await t.open();
      socket.post('auth', { token: 'x'.repeat(5000) });
      expect(await socket.ended).toMatchObject({ code: 4502 });
    });

    test.each([
      ['an invalid token', 'nonsense', 4500],
      ['an expired token', 'user session expired', 4004],
    ])('refuses %s', async (_name, token, code) => {
      const t = await start();
      const socket = await t.open();
      expect(await socket.signIn(token)).toMatchObject({ ok: false });
      expect(await socket.ended).toMatchObject({ code });
    });

    test.each([
      ['session_revoked', 4501],
      ['unauthorized', 4500],
      ['site_disabled', 4503],
    ] as const)('closes when the database says %s', async (refusal, code) => {
      const t = await start();
      const userId = t.world.user();
      t.world.refused.set(userId, refusal);
      const socket = await t.open();
      socket.post('auth', { token: `${userId} ${uuidv7()} ${later()}` });
      expect(await socket.ended).toMatchObject({ code });
    });

    test('closes with 4002 when the database is away, so that clients come back', async () => {
      const t = await start();
      const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      t.world.gate = () => Promise.reject(refused);
      const socket = await t.open();
      const reply = await socket.signIn(`${t.world.user()} ${uuidv7()} ${later()}`);
      expect(reply).toMatchObject({ ok: false, error: { code: 'dependency_unavailable' } });
      expect(await socket.ended).toMatchObject({ code: 4002 });
    });

    test('refuses an old protocol with 4504 and names the version needed', async () => {
      const t = await start();
      const socket = await t.open();
      socket.post('auth', { token: `${t.world.user()} ${uuidv7()} ${later()}`, version: 0 });
      expect(await socket.ended).toMatchObject({ code: 4504, reason: expect.stringContaining('1') });
    });

    test('again takes a new token of the same user, never another’s', async () => {
      const t = await start();
      const [mia, noor] = [t.world.user(), t.world.user()];
      const socket = await t.socket(mia);
      const theirs = await socket.command('auth', { token: `${noor} ${uuidv7()} ${later()}` });
      expect(theirs).toMatchObject({ ok: false, error: { code: 'forbidden' } });
      const expired = await socket.command('auth', { token: `${mia} ${uuidv7()} expired` });
      expect(expired).toMatchObject({ ok: false, error: { code: 'token_expired' } });
      const renewed = await socket.command('auth', { token: `${mia} ${uuidv7()} ${later()}` });
      expect(renewed).toMatchObject({ ok: true, type: 'auth.success', data: { user: { id: mia } } });
    });

    test('again can be tried anew after the database was away', async () => {
      const t = await start();
      const mia = t.world.user();
      const socket = await t.socket(mia);
      t.world.gate = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
      const away = await socket.command('auth', { token: `${mia} ${uuidv7()} ${later()}` });
      expect(away).toMatchObject({ ok: false, error: { code: 'dependency_unavailable' } });
      t.world.gate = undefined;
      expect(await socket.command('auth', { token: `${mia} ${uuidv7()} ${later()}` })).toMatchObject({ ok: true });
    });

    test('ends 30 s after the token does, with notice', async () => {
      const t = await start();
      const now = Math.floor(Date.now() / 1000);
      const mia = t.world.user();
      const socket = await t.socket(mia, { expiresAt: now - 29 });
      await socket.next('token.expiring');
      expect(await socket.ended).toMatchObject({ code: 4004 });

      const renewing = await t.socket(mia, { expiresAt: now + 50 });
      const notice = await renewing.next('token.expiring');
      expect(notice.data?.['expiresInMs']).toBeGreaterThan(40_000);
      expect(await renewing.command('auth', { token: `${mia} ${uuidv7()} ${now + 600}` })).toMatchObject({ ok: true });
    });

    test('beyond the limit of sockets closes the oldest with 4005', async () => {
      const t = await start({ limits: { socketsPerUser: 3 } });
      const mia = t.world.user();
      const oldest = await t.socket(mia);
      const others = [await t.socket(mia), await t.socket(mia), await t.socket(mia)];
      expect(await oldest.ended).toMatchObject({ code: 4005 });
      for (const other of others) expect(await other.command('ping')).toMatchObject({ ok: true });
    });
  });

  describe('raw frames', () => {
    test.each(brokenFrames)('%s ends that socket alone', async (_name, frames) => {
      const t = await start();
      const socket = await t.socket(t.world.user());
      socket.write(...frames);
      const { code } = await socket.ended;
      expect([undefined, 1000, 1002, 1006, 1007, 1009]).toContain(code);
      await survives(t);
    });

    test('an unmasked frame never becomes a command, and ends by the timeout of signing in at the latest', async () => {
      const t = await start({ limits: { authTimeoutMs: 200 } });
      const socket = await t.open();
      const token = `${t.world.user()} ${uuidv7()} ${later()}`;
      socket.write({ payload: JSON.stringify({ id: 1, type: 'auth', data: { token } }), masked: false });
      await socket.ended;
      expect(socket.received).toEqual([]);
      await survives(t);
    });

    test('memory does not follow a declared length', async () => {
      const t = await start();
      const sockets = await Promise.all(Array.from({ length: 20 }, () => t.socket(t.world.user())));
      const before = process.memoryUsage().rss;
      for (const socket of sockets) socket.write({ payload: 'x', declaredLength: 2n ** 62n });
      await Promise.all(sockets.map((socket) => socket.ended));
      expect(process.memoryUsage().rss - before).toBeLessThan(20 * mebibyte);
    });

    test('5,000 empty fragments cost next to nothing', async () => {
      const t = await start();
      const [socket, bystander] = [await t.socket(t.world.user()), await t.socket(t.world.user())];
      const empty = Array.from({ length: 5000 }, (): RawFrame => ({ opcode: 0, fin: false }));
      const ping = '{"id":77,"type":"ping","data":{}}';
      const whole = [{ payload: '', fin: false }, ...empty, { opcode: 0, payload: ping }].map(encodeFrame);
      const before = process.cpuUsage();
      socket.tcp.write(Buffer.concat(whole));
      await bystander.command('ping');
      // uWebSockets.js takes the message, as one; ws refuses so many pieces.
      await Promise.race([socket.ended, socket.find((frame) => frame.id === 77)]);
      // Processor time of both ends: others on the machine do not count.
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(150);
      await survives(t);
    });
  });

  describe('commands', () => {
    test.each([
      ['no JSON', '{not json', undefined],
      ['null', 'null', undefined],
      ['a number', '42', undefined],
      ['an array', '[]', undefined],
      ['a string', '""', undefined],
      ['no id', '{"type":"ping","data":{}}', undefined],
      ['a fractional id', '{"id":1.5,"type":"ping"}', undefined],
      ['type null', '{"id":5,"type":null}', 5],
      ['depth 10,000', `{"id":5,"type":"ping","data":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 5],
      ['the same key twice', '{"id":5,"type":"ping","type":"ping","data":{}}', 5],
      ['the same key twice inside', '{"id":5,"type":"presence.set","data":{"presence":"away","presence":"online"}}', 5],
      ['an unknown field beside type', '{"id":5,"type":"ping","data":{},"extra":1}', 5],
      ['__proto__ beside type', '{"id":5,"type":"ping","data":{},"__proto__":{"x":1}}', 5],
      [
        '50,000 keys',
        `{"id":5,"type":"ping","data":{${Array.from({ length: 7000 }, (_, i) => `"${i}":1`).join()}}}`,
        5,
      ],
      ['an unknown field in data', '{"id":5,"type":"ping","data":{"extra":1}}', 5],
      ['__proto__ in data', '{"id":5,"type":"ping","data":{"__proto__":{"x":1}}}', 5],
      ['data that is no object', '{"id":5,"type":"ping","data":[]}', 5],
    ])('a frame with %s is refused, with its id if it has one', async (_name, frame, id) => {
      const t = await start();
      const socket = await t.socket(t.world.user());
      socket.text(frame);
      const refusal = await socket.find((each) => each.ok === false);
      expect(refusal.error?.code).toBe('validation_failed');
      expect(refusal.error?.message.length).toBeLessThan(400);
      expect(refusal.id).toBe(id);
      expect(await socket.command('ping')).toMatchObject({ ok: true });
    });

    test('a binary frame is refused', async () => {
      const t = await start();
      const socket = await t.socket(t.world.user());
      socket.write({ opcode: 2, payload: '{"id":5,"type":"ping","data":{}}' });
      expect(await socket.find((each) => each.ok === false)).toMatchObject({ error: { code: 'validation_failed' } });
    });

    test('the third broken frame within 10 s ends the socket with 4502', async () => {
      const t = await start();
      const socket = await t.socket(t.world.user());
      for (let i = 0; i < 3; i += 1) socket.text('{not json');
      expect(await socket.ended).toMatchObject({ code: 4502 });
      expect(socket.received.filter((frame) => frame.error?.code === 'validation_failed')).toHaveLength(3);
      await survives(t);
    });

    test.each(['nonsense', '__proto__', 'constructor', 'toString'])('the type %s is unknown', async (type) => {
      const t = await start();
      const socket = await t.socket(t.world.user());
      expect(await socket.command(type)).toMatchObject({ ok: false, error: { code: 'unknown_type' } });
    });

    test('a failure that nobody foresaw is answered as internal, told to the log alone, and the process lives', async () => {
      const t = await start();
      const socket = await t.socket(t.world.user());
      const reply = await socket.command('message.delete', { conversationId: uuidv7(), messageId: uuidv7() });
      expect(reply).toMatchObject({ ok: false, error: { code: 'internal' } });
      expect(JSON.stringify(reply)).not.toContain('breaks');
      expect(t.log.join('')).toContain('this breaks');
      await survives(t);
    });

    test('start in the order of their frames, and are answered when they are done', async () => {
      let finish = (): void => undefined;
      const held = new Promise<void>((resolve) => (finish = resolve));
      const t = await start({ send: (text) => (text === '0' ? held : Promise.resolve()) });
      const socket = await t.socket(t.world.user());
      const ids = Array.from({ length: 10 }, (_, i) =>
        socket.post('message.send', { conversationId: uuidv7(), clientId: uuidv7(), text: String(i) }),
      );
      await socket.find((frame) => frame.id === ids[9]);
      expect(t.sent).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
      expect(socket.received.some((frame) => frame.id === ids[0])).toBe(false);
      finish();
      await socket.find((frame) => frame.id === ids[0]);
    });

    test('beyond the burst are refused with a time to wait, over all devices of the user', async () => {
      const t = await start({ limits: { commandsPerSecond: 1, commandBurst: 5 } });
      const mia = t.world.user();
      const [one, two] = [await t.socket(mia), await t.socket(mia)];
      for (let i = 0; i < 5; i += 1) expect(await one.command('ping')).toMatchObject({ ok: true });
      const refused = await two.command('ping');
      expect(refused).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
      expect(refused.error?.retryAfterMs).toBeGreaterThan(500);
      await survives(t);
    });

    test('in a flood end the socket with 4005', async () => {
      const t = await start();
      const socket = await t.socket(t.world.user());
      const frames = Array.from({ length: 1000 }, (_, id): RawFrame => ({ payload: `{"id":${id},"type":"ping"}` }));
      socket.write(...frames);
      expect(await socket.ended).toMatchObject({ code: 4005 });
      await survives(t);
    });
  });

  describe('topics', () => {
    test('who is added hears at once, who is removed hears nothing', async () => {
      const t = await start();
      const group = uuidv7();
      const [mia, noor] = [t.world.user({ [group]: 0 }), t.world.user()];
      const [hers, theirs] = [await t.socket(mia), await t.socket(noor)];
      t.hub.publish(`conversation:${group}`, named(group, 1));
      t.hub.follow(noor, group);
      t.hub.publish(`conversation:${group}`, named(group, 2));
      t.hub.publish(`conversation:${group}`, named(group, 3));
      t.hub.unfollow(noor, group);
      t.hub.publish(`conversation:${group}`, named(group, 4));
      await theirs.command('ping');
      await hers.command('ping');
      expect(seqs(theirs)).toEqual([2, 3]);
      expect(seqs(hers)).toEqual([1, 2, 3, 4]);
    });

    test('what happens while one signs in is neither lost nor leaked', async () => {
      const t = await start();
      const [stays, comes, goes, before] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
      const mia = t.world.user({ [stays]: 5, [goes]: 1, [before]: 1 });
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => (open = resolve));
      t.world.gate = () => opened;
      // A removal that is about to commit when the database is read.
      t.hub.unfollow(mia, before);
      const socket = await t.open();
      const id = socket.post('auth', { token: `${mia} ${uuidv7()} ${later()}` });
      await expect.poll(() => t.hub.stats().users).toBe(1);
      t.hub.publish(`conversation:${stays}`, named(stays, 6));
      t.hub.follow(mia, comes);
      t.hub.publish(`conversation:${comes}`, named(comes, 1));
      t.hub.publish(`user:${mia}`, { type: 'conversation.removed', data: { conversationId: goes } });
      t.hub.unfollow(mia, goes);
      open();
      const reply = await socket.find((frame) => frame.id === id);
      expect(reply.data?.['heads']).toEqual({ [stays]: 6, [comes]: 1 });
      for (const conversation of [stays, comes, goes, before]) {
        t.hub.publish(`conversation:${conversation}`, named(conversation, 7));
      }
      await socket.command('ping');
      expect(socket.events('conversation.removed')).toHaveLength(1);
      const heard = socket.events('conversation.changed').map((event) => event['conversationId']);
      expect(heard).toEqual([stays, comes]);
      expect(socket.received.indexOf(reply)).toBe(0);
    });

    test('a removal that was rolled back is forgotten', async () => {
      const t = await start();
      const group = uuidv7();
      const mia = t.world.user({ [group]: 1 });
      t.hub.unfollow(mia, group);
      t.hub.follow(mia, group);
      const socket = await t.socket(mia);
      t.hub.publish(`conversation:${group}`, named(group, 2));
      await socket.command('ping');
      expect(seqs(socket)).toEqual([2]);
    });

    test('a removal of which nobody knows whether it was committed is left to the database', async () => {
      const t = await start();
      const group = uuidv7();
      const mia = t.world.user({ [group]: 1 });
      const socket = await t.socket(mia);
      t.hub.unfollow(mia, group);
      t.hub.closeUser(mia, 'insufficient_state');
      expect(await socket.ended).toMatchObject({ code: 4002 });
      const back = await t.socket(mia);
      t.hub.publish(`conversation:${group}`, named(group, 2));
      await back.command('ping');
      expect(seqs(back)).toEqual([2]);
    });

    test('a thousand events in one go keep their order, beside the replies', async () => {
      const t = await start();
      const group = uuidv7();
      const mia = t.world.user({ [group]: 0 });
      const sockets = await Promise.all(Array.from({ length: 5 }, () => t.socket(mia)));
      for (let seq = 1; seq <= 1000; seq += 1) {
        t.hub.publish(`conversation:${group}`, named(group, seq));
        if (seq % 100 === 0) sockets[0]!.post('ping');
      }
      for (const socket of sockets) {
        await socket.find((frame) => frame['seq'] === 1000);
        expect(seqs(socket)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
      }
    });

    test('who does not read is dropped before much piles up; others miss nothing', async () => {
      const t = await start({ limits: { backpressureBytes: 256 * 1024 } });
      const group = uuidv7();
      const [mia, noor] = [t.world.user({ [group]: 0 }), t.world.user({ [group]: 0 })];
      const [slow, quick] = [await t.socket(mia), await t.socket(noor)];
      slow.tcp.pause();
      const title = 'x'.repeat(16 * 1024);
      let seq = 0;
      while (t.hub.stats().connections === 2 && seq < 5000) {
        seq += 1;
        const { data, ...event } = named(group, seq);
        t.hub.publish(`conversation:${group}`, { ...event, data: { conversation: { ...data.conversation, title } } });
        if (seq % 8 === 0) await quick.find((frame) => frame['seq'] === seq);
      }
      expect(t.hub.stats()).toMatchObject({ connections: 1, closed: { slow_consumer: 1 } });
      expect(seqs(quick)).toEqual(Array.from({ length: quick.events('conversation.changed').length }, (_, i) => i + 1));
      expect(await quick.command('ping')).toMatchObject({ ok: true });
    });

    test('closing a session ends its sockets with 4501, and no other of the user', async () => {
      const t = await start();
      const [mia, sessionId] = [t.world.user(), uuidv7()];
      const [stolen, own] = [await t.socket(mia, { sessionId }), await t.socket(mia)];
      t.hub.closeSession(sessionId, 'session_revoked');
      expect(await stolen.ended).toMatchObject({ code: 4501 });
      expect(await own.command('ping')).toMatchObject({ ok: true });
      t.hub.closeUser(mia, 'unauthorized');
      expect(await own.ended).toMatchObject({ code: 4500 });
    });

    test('reach the sockets of all processes', async () => {
      const broker = createLocalBroker();
      const a = await start({ broker });
      const b = await start({ broker, world: a.world });
      const [group, sessionId] = [uuidv7(), uuidv7()];
      const [mia, noor] = [a.world.user({ [group]: 0 }), a.world.user()];
      const [hers, theirs] = [await a.socket(mia), await b.socket(noor, { sessionId })];
      a.hub.follow(noor, group);
      a.hub.publish(`conversation:${group}`, named(group, 1));
      b.hub.publish(`conversation:${group}`, named(group, 2));
      a.hub.unfollow(noor, group);
      a.hub.publish(`conversation:${group}`, named(group, 3));
      await Promise.all([hers.command('ping'), theirs.command('ping')]);
      expect(seqs(hers)).toEqual([1, 2, 3]);
      expect(seqs(theirs)).toEqual([1, 2]);
      expect(a.hub.presenceOf([noor]).get(noor)?.presence).toBe('online');
      a.hub.closeSession(sessionId, 'session_revoked');
      expect(await theirs.ended).toMatchObject({ code: 4501 });
      await expect.poll(() => a.hub.presenceOf([noor]).get(noor)?.presence).toBe('offline');
    });
  });

  describe('presence', () => {
    const pair = async (
      limits = {},
    ): Promise<{ t: TestHub; direct: string; mia: string; noor: string; hers: RawSocket }> => {
      const t = await start({ limits });
      const direct = uuidv7();
      const noor = t.world.user();
      const mia = t.world.user({ [direct]: 0 }, { [direct]: noor });
      Object.assign(t.world.admissions.get(noor) ?? {}, { heads: { [direct]: 0 }, directPeers: { [direct]: mia } });
      return { t, direct, mia, noor, hers: await t.socket(mia) };
    };

    test('follows direct peers over all their devices, and keeps when they were last seen', async () => {
      const { t, noor, hers } = await pair();
      const [phone, laptop] = [await t.socket(noor), await t.socket(noor)];
      expect(await hers.next('presence.changed')).toMatchObject({ data: { userId: noor, presence: 'online' } });
      await phone.command('presence.set', { presence: 'away' });
      await laptop.command('presence.set', { presence: 'away' });
      expect(await hers.next('presence.changed')).toMatchObject({ data: { presence: 'away' } });
      phone.tcp.destroy();
      await laptop.command('presence.set', { presence: 'online' });
      expect(await hers.next('presence.changed')).toMatchObject({ data: { presence: 'online' } });
      laptop.tcp.destroy();
      const gone = await hers.next('presence.changed');
      expect(gone).toMatchObject({ data: { presence: 'offline', lastSeenAt: expect.any(String) } });
      expect(t.world.seenAt.get(noor)?.toISOString()).toBe(gone.data?.['lastSeenAt']);
      expect((await hers.command('ping')).data?.['presence']).toEqual([{ userId: noor, presence: 'offline' }]);
    });

    test('does not flicker over a reload', async () => {
      const { t, noor, hers } = await pair({ offlineGraceMs: 5000 });
      const before = await t.socket(noor);
      await hers.next('presence.changed');
      before.tcp.destroy();
      await expect.poll(() => t.hub.stats().connections).toBe(1);
      const after = await t.socket(noor);
      await after.command('presence.set', { presence: 'away' });
      expect(await hers.next('presence.changed')).toMatchObject({ data: { presence: 'away' } });
    });

    test('never passes a block, from the moment it is made to the moment it is lifted', async () => {
      const { t, mia, noor, hers } = await pair();
      const theirs = await t.socket(noor);
      await hers.next('presence.changed');
      t.hub.blockChanged(noor, mia, true);
      expect(await hers.next('presence.changed')).toMatchObject({ data: { userId: noor, presence: 'offline' } });
      await theirs.command('presence.set', { presence: 'away' });
      const reply = await hers.command('ping');
      expect(reply.data?.['presence']).toEqual([]);
      expect(hers.events('presence.changed')).toHaveLength(2);
      t.hub.blockChanged(noor, mia, false);
      expect(await hers.next('presence.changed')).toMatchObject({ data: { userId: noor, presence: 'away' } });
    });

    test('of a group is followed while it is watched, and its head comes with each pong', async () => {
      const t = await start();
      const group = uuidv7();
      const [mia, noor] = [t.world.user({ [group]: 4 }), t.world.user({ [group]: 4 })];
      const [hers, theirs] = [await t.socket(mia), await t.socket(noor)];
      const watching = await hers.command('conversation.watch', { conversationId: group });
      expect(watching.data).toEqual({ presence: [{ userId: noor, presence: 'online' }] });
      expect((await hers.command('ping')).data).toMatchObject({ heads: { [group]: 4 } });
      await theirs.command('presence.set', { presence: 'away' });
      expect(await hers.next('presence.changed')).toMatchObject({ data: { userId: noor, presence: 'away' } });

      const zoe = t.world.user();
      await t.socket(zoe);
      t.hub.follow(zoe, group);
      expect(await hers.next('presence.changed')).toMatchObject({ data: { userId: zoe, presence: 'online' } });

      await hers.command('conversation.unwatch', { conversationId: group });
      await theirs.command('presence.set', { presence: 'online' });
      expect((await hers.command('ping')).data).toEqual({ heads: {}, presence: [] });
      expect(hers.events('presence.changed')).toHaveLength(2);
    });

    test('of who is removed while a watch begins is not followed', async () => {
      const t = await start();
      const group = uuidv7();
      const [mia, noor] = [t.world.user({ [group]: 4 }), t.world.user({ [group]: 4 })];
      const [hers, theirs] = [await t.socket(mia), await t.socket(noor)];
      const read = t.world.members.bind(t.world);
      t.world.members = async (conversationId, userId) => {
        const members = await read(conversationId, userId);
        t.hub.unfollow(noor, group);
        return members;
      };
      const watching = await hers.command('conversation.watch', { conversationId: group });
      expect(watching.data).toEqual({ presence: [] });
      await theirs.command('presence.set', { presence: 'away' });
      await hers.command('ping');
      expect(hers.events('presence.changed')).toEqual([]);
    });

    test('of a conversation that one is not in cannot be watched, nor of more than twenty', async () => {
      const t = await start();
      const groups = Array.from({ length: 21 }, () => uuidv7());
      const mia = t.world.user(Object.fromEntries(groups.map((id) => [id, 0])));
      const socket = await t.socket(mia);
      const unknown = await socket.command('conversation.watch', { conversationId: uuidv7() });
      expect(unknown).toMatchObject({ ok: false, error: { code: 'not_found' } });
      for (const conversationId of groups.slice(0, 20)) {
        expect(await socket.command('conversation.watch', { conversationId })).toMatchObject({ ok: true });
      }
      const tooMany = await socket.command('conversation.watch', { conversationId: groups[20] });
      expect(tooMany).toMatchObject({ ok: false, error: { code: 'conflict' } });
    });
  });

  describe('typing', () => {
    test('reaches the members, at most once in 3 s', async () => {
      const t = await start();
      const group = uuidv7();
      const [mia, noor] = [t.world.user({ [group]: 0 }), t.world.user({ [group]: 0 })];
      const [hers, theirs] = [await t.socket(mia), await t.socket(noor)];
      for (let i = 0; i < 10; i += 1) {
        expect(await hers.command('typing.start', { conversationId: group })).toMatchObject({ ok: true, data: {} });
        if (i > 0) await hers.command('typing.stop', { conversationId: group });
      }
      await theirs.command('ping');
      expect(theirs.events('typing.changed')).toEqual([
        typingEvent(group, mia),
        { ...typingEvent(group, mia), data: { userId: mia, typing: false } },
      ]);
    });

    test('says the same of a conversation that one is not in as of one that is not there, and passes nothing', async () => {
      const t = await start();
      const group = uuidv7();
      const [mia, noor] = [t.world.user({ [group]: 0 }), t.world.user()];
      const [hers, theirs] = [await t.socket(mia), await t.socket(noor)];
      const foreign = await theirs.command('typing.start', { conversationId: group });
      const absent = await theirs.command('typing.start', { conversationId: uuidv7() });
      expect({ ...foreign, id: 0 }).toEqual({ ...absent, id: 0 });
      expect(foreign).toMatchObject({ ok: true });
      await hers.command('ping');
      expect(hers.events('typing.changed')).toEqual([]);
    });

    test('does not pass a block in a direct message', async () => {
      const t = await start();
      const direct = uuidv7();
      const noor = t.world.user({ [direct]: 0 });
      const mia = t.world.user({ [direct]: 0 }, { [direct]: noor });
      const [hers, theirs] = [await t.socket(mia), await t.socket(noor)];
      t.hub.blockChanged(noor, mia, true);
      expect(await hers.command('typing.start', { conversationId: direct })).toMatchObject({ ok: true });
      await theirs.command('ping');
      expect(theirs.events('typing.changed')).toEqual([]);
    });
  });

  describe('the end', () => {
    test('a drain says goodbye, ends what runs, refuses what is new, and closes with 4000', async () => {
      let finish = (): void => undefined;
      const held = new Promise<void>((resolve) => (finish = resolve));
      const t = await start({ send: () => held });
      const sockets = await Promise.all(Array.from({ length: 5 }, () => t.socket(t.world.user())));
      const socket = sockets[0]!;
      const running = socket.command('message.send', { conversationId: uuidv7(), clientId: uuidv7(), text: 'last' });
      await expect.poll(() => t.sent).toEqual(['last']);
      const drained = t.hub.drain();
      const goodbye = await socket.next('goodbye');
      expect(goodbye.data?.['retryAfterMs']).toBeGreaterThanOrEqual(250);
      expect((await t.open()).status).toBe(503);
      const late = { conversationId: uuidv7(), clientId: uuidv7(), text: 'late' };
      expect(await socket.command('message.send', late)).toMatchObject({ ok: false, error: { code: 'draining' } });
      finish();
      expect(await running).toMatchObject({ ok: true });
      for (const each of sockets) expect(await each.ended).toMatchObject({ code: 4000 });
      await drained;
      expect(t.sent).toEqual(['last']);
      expect(t.world.seenAt.size).toBe(5);
    });

    test(
      'of a socket whose other end has silently vanished comes within the idle timeout',
      { timeout: 30_000 },
      async () => {
        const t = await start({ limits: { idleTimeoutSeconds: 8 } });
        const vanished = await t.socket(t.world.user());
        const ended = await vanished.ended;
        expect(vanished.pings).toBeGreaterThan(0);
        expect(ended.code).toBeUndefined();
        await expect.poll(() => t.hub.stats().users).toBe(0);
      },
    );
  });
});

test('a command without a handler, or with two, stops the start', async () => {
  const t = await startTestHub({ transport: 'ws' });
  started.push(t);
  expect(() => t.hub.mount([])).toThrow(/nobody handles .*message\.send/);
  expect(() => t.hub.mount([{ type: 'ping', handle: async () => ({}) }])).toThrow(/ping.*handler already/);
});
