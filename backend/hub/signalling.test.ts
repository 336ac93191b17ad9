import { setTimeout as wait } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import { afterEach, describe, expect, test } from 'vitest';
import { createLocalBroker } from './broker-local.ts';
import { encodeFrame, type Incoming, type RawFrame, type RawSocket } from './raw-socket.ts';
import type { SignalAdmission } from './signalling-data.ts';
import { TestCalls } from './test-calls.ts';
import { brokenFrames } from './test-frames.ts';
import { signalPath, startTestHub, type TestHub, type TestHubOptions } from './test-hub.ts';

const started: TestHub[] = [];
afterEach(async () => {
  for (const { hub } of started.splice(0)) await hub.close();
});

const mebibyte = 1024 * 1024;
const offer = (dst: string, more: object = {}): string =>
  JSON.stringify({
    type: 'OFFER',
    dst,
    payload: { sdp: { type: 'offer', sdp: 'v=0' }, connectionId: 'mc_1' },
    ...more,
  });
const signal = (type: string, dst: string, payload: unknown = { connectionId: 'mc_1' }): string =>
  JSON.stringify({ type, dst, payload });
/** Resolves when all that the socket has sent was handled: the answer to an offer to nobody comes behind it. */
const settle = async (socket: RawSocket): Promise<void> => {
  const nobody = uuidv7();
  socket.text(offer(nobody));
  await socket.find(({ type, ...frame }) => type === 'EXPIRE' && frame['src'] === nobody);
};
const heardBy = (socket: RawSocket): Incoming[] => socket.received.filter(({ type }) => type !== 'OPEN');

describe.each(['uws', 'ws'] as const)('signalling on the transport %s', (transport) => {
  const start = async (options: Omit<TestHubOptions, 'transport'> = {}): Promise<TestHub> => {
    const hub = await startTestHub({ transport, ...options });
    started.push(hub);
    return hub;
  };
  const join = async (t: TestHub, admission: SignalAdmission): Promise<RawSocket> => {
    const socket = await t.signal(admission);
    await socket.next('OPEN');
    return socket;
  };
  /** Two who are in a call, with their sockets. */
  const pair = async (t: TestHub) => {
    const callId = uuidv7();
    const [mia, noor] = [t.calls.join(callId), t.calls.join(callId)];
    return { callId, mia, noor, mias: await join(t, mia), noors: await join(t, noor) };
  };
  /** The hub still passes signals, and serves the other path. */
  const survives = async (t: TestHub): Promise<void> => {
    const { noor, mias, noors } = await pair(t);
    mias.text(offer(noor.peerId));
    await noors.next('OFFER');
    expect(await (await t.socket(t.world.user())).command('ping')).toMatchObject({ ok: true });
  };

  describe('the upgrade', () => {
    test('keeps each of many sockets that are opened at the same time, though each has to be looked up first', async () => {
      const t = await start({ limits: { unauthenticatedSocketsPerAddress: 100 } });
      t.calls.gate = () => wait(5);
      const sockets = Array.from({ length: 100 }, () => join(t, t.calls.join(uuidv7())));
      for (const socket of await Promise.all(sockets)) {
        socket.text(offer(uuidv7()));
        await socket.next('EXPIRE');
      }
    });

    test('answers 404 where there are no calls', async () => {
      const t = await start({ calls: false });
      expect((await t.open({ path: signalPath(uuidv7(), 'ticket') })).status).toBe(404);
    });

    test('opens for the id that the ticket is for, without compression', async () => {
      const t = await start();
      const mia = t.calls.join(uuidv7());
      const socket = await t.signal(mia, { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } });
      expect(socket.status).toBe(101);
      expect(socket.headers).not.toMatch(/extensions/i);
      expect(await socket.next('OPEN')).toEqual({ type: 'OPEN' });
      expect(t.hub.stats()).toMatchObject({ signalling: 1, connections: 0 });
    });

    test('refuses another’s id, an id that nobody has yet, and what is no ticket', async () => {
      const t = await start();
      const { mia, noor, mias } = await pair(t);
      const claim = async (id: string, ticket: string): Promise<RawSocket> => t.open({ path: signalPath(id, ticket) });
      for (const id of [mia.peerId, uuidv7()]) {
        const socket = await claim(id, t.calls.ticket(noor.peerId));
        expect(await socket.next('ID-TAKEN')).toMatchObject({ payload: { msg: expect.any(String) } });
        expect(await socket.ended).toMatchObject({ code: 4500 });
        expect(socket.events('OPEN')).toEqual([]);
      }
      const forged = await claim(mia.peerId, 'forged');
      expect(await forged.next('ERROR')).toMatchObject({ payload: { msg: expect.any(String) } });
      expect(await forged.ended).toMatchObject({ code: 4500 });
      // Whose id was claimed has lost nothing.
      mias.text(offer(noor.peerId));
      await settle(mias);
      expect(mias.isEnded).toBe(false);
      expect(t.calls.goneIds).toEqual([]);
    });

    test('takes each ticket once: who has read it somewhere comes too late', async () => {
      const t = await start();
      const mia = t.calls.join(uuidv7());
      const ticket = t.calls.ticket(mia.peerId);
      const mias = await t.signal(mia, { ticket });
      await mias.next('OPEN');
      const stolen = await t.signal(mia, { ticket });
      await stolen.next('ERROR');
      expect(await stolen.ended).toMatchObject({ code: 4500 });
      expect(stolen.events('OPEN')).toEqual([]);
      await settle(mias);
    });

    test('refuses the ticket of somebody who has left', async () => {
      const t = await start();
      const mia = t.calls.join(uuidv7());
      t.calls.joined.delete(mia.peerId);
      expect(await (await t.signal(mia)).ended).toMatchObject({ code: 4500 });
    });

    test.each([
      'key=teatime',
      'key=teatime&id=a',
      'key=teatime&token=a',
      'key=peerjs&id=a&token=a',
      'id=a&token=a',
      'key=teatime&id=a&id=b&token=a',
      'key=teatime&id=a&token=a&token=b',
      'key=teatime&id=a&token=a&access_token=b',
      'key=teatime&id=&token=',
      '',
    ])('refuses the query %j', async (query) => {
      const t = await start();
      expect((await t.open({ path: `/peerjs?${query}` })).status).toBe(400);
    });

    test('takes exactly the origins of the call’s site, the server’s own, and clients without one', async () => {
      const t = await start();
      t.world.origins.add('https://good.example').add('https://xn--gd-fka.example');
      const status = async (origin?: string, siteKey = 'default'): Promise<number> => {
        const admission = { ...t.calls.join(uuidv7()), siteKey };
        t.calls.joined.set(admission.peerId, admission);
        return (await t.signal(admission, { headers: origin === undefined ? {} : { Origin: origin } })).status;
      };
      expect(await status()).toBe(101);
      expect(await status('https://good.example')).toBe(101);
      expect(await status('https://GOOD.example:443')).toBe(101);
      expect(await status(`http://127.0.0.1:${t.port}`)).toBe(101);
      for (const origin of [
        'null',
        'https://evil.test',
        'https://good.example.evil.test',
        'http://good.example',
        'https://gооd.example',
        'junk',
      ]) {
        expect(`${origin}: ${await status(origin)}`).toBe(`${origin}: 403`);
      }
      expect(await status('https://good.example', 'other')).toBe(403);
    });

    test('leaves no ticket in the log, whatever becomes of it', async () => {
      const t = await start();
      const mia = t.calls.join(uuidv7());
      const ticket = t.calls.ticket(mia.peerId);
      const paths = [signalPath(mia.peerId, ticket), signalPath(uuidv7(), ticket), `/peerjs?token=${ticket}`];
      for (const path of paths) await t.open({ path });
      await t.open({ path: signalPath(mia.peerId, ticket), headers: { Origin: 'https://evil.test' } });
      t.calls.gate = () => Promise.reject(new Error('the database is away'));
      expect((await t.open({ path: signalPath(mia.peerId, ticket) })).status).toBe(503);
      t.calls.seen = () => Promise.reject(new Error('the database is away'));
      await expect.poll(() => t.log.join('')).toContain('unable to keep who was seen');
      expect(t.log.join('')).not.toContain(ticket);
    });

    test('lets an address have so many tickets looked up at a time', async () => {
      const t = await start({ limits: { unauthenticatedSocketsPerAddress: 2 } });
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => (open = resolve));
      t.calls.gate = () => opened;
      const callId = uuidv7();
      const waiting = [t.signal(t.calls.join(callId)), t.signal(t.calls.join(callId))];
      await expect.poll(async () => (await t.open()).status).toBe(429);
      expect((await t.signal(t.calls.join(callId))).status).toBe(429);
      open();
      for (const socket of await Promise.all(waiting)) expect(socket.status).toBe(101);
      expect((await t.signal(t.calls.join(callId))).status).toBe(101);
    });
  });

  describe('frames', () => {
    test.each(['OFFER', 'ANSWER', 'CANDIDATE', 'LEAVE'])(
      '%s passes as it is, and says who it is from',
      async (type) => {
        const t = await start();
        const { mia, noor, mias, noors } = await pair(t);
        const payload = {
          connectionId: 'mc_1',
          sdp: { sdp: 'v=0\r\n', type: 'x' },
          deep: [{ ключ: ['🙂', null, 1.5] }],
        };
        mias.text(JSON.stringify({ type, src: 'somebody else', dst: noor.peerId, payload, extra: 1 }));
        const passed = { type, src: mia.peerId, dst: noor.peerId, ...(type !== 'LEAVE' && { payload }) };
        expect(await noors.next(type)).toEqual(passed);
      },
    );

    test('keep their order, though each has to be allowed first', async () => {
      const t = await start();
      const { noor, mias, noors } = await pair(t);
      const waits = [20, 0, 10, 0, 5];
      t.calls.question = () => new Promise((resolve) => setTimeout(resolve, waits.shift() ?? 0));
      for (let index = 0; index < 5; index += 1) mias.text(signal('CANDIDATE', noor.peerId, { index }));
      await settle(mias);
      expect(noors.events('CANDIDATE').map(({ payload }) => payload)).toEqual(
        [0, 1, 2, 3, 4].map((index) => ({ index })),
      );
    });

    test('to who is in no call with the sender, blocked, gone or unknown are answered alike and passed to nobody', async () => {
      const t = await start();
      const { callId, mia, noor, mias, noors } = await pair(t);
      const elsewhere = t.calls.join(uuidv7());
      const theirs = await join(t, elsewhere);
      const left = t.calls.join(callId);
      const lefts = await join(t, left);
      t.calls.joined.delete(left.peerId);
      t.calls.blocked.add(`${mia.peerId} ${noor.peerId}`);
      const offline = t.calls.join(callId);
      for (const dst of [elsewhere.peerId, left.peerId, noor.peerId, offline.peerId, uuidv7()]) {
        for (const type of ['OFFER', 'ANSWER', 'CANDIDATE']) {
          mias.text(signal(type, dst));
          expect(await mias.next('EXPIRE')).toEqual({ type: 'EXPIRE', src: dst, dst: mia.peerId });
        }
        mias.text(signal('LEAVE', dst));
      }
      await settle(mias);
      await settle(noors);
      for (const socket of [theirs, lefts, noors]) {
        expect(heardBy(socket).filter(({ type }) => type !== 'EXPIRE')).toEqual([]);
      }
      // Who has left is not heard either.
      lefts.text(offer(mia.peerId));
      expect(await lefts.next('EXPIRE')).toEqual({ type: 'EXPIRE', src: mia.peerId, dst: left.peerId });
      expect(mias.events('OFFER')).toEqual([]);
    });

    test('that only the server says are not taken from a client', async () => {
      const t = await start();
      const { mia, noor, noors } = await pair(t);
      for (const type of ['EXPIRE', 'OPEN', 'ID-TAKEN', 'ERROR', 'nonsense', '__proto__', 'constructor']) {
        const socket = await join(t, mia);
        socket.text(signal(type, noor.peerId));
        await socket.next('ERROR');
        await settle(socket);
      }
      expect(heardBy(noors)).toEqual([]);
    });

    test('keep who sends them alive', async () => {
      const t = await start();
      const { mia, noor, mias } = await pair(t);
      await expect.poll(() => t.calls.seenIds, { timeout: 3000 }).toEqual([mia.peerId, noor.peerId]);
      t.calls.seenIds.length = 0;
      mias.text('{"type":"HEARTBEAT"}');
      await expect.poll(() => t.calls.seenIds, { timeout: 3000 }).toEqual([mia.peerId]);
      expect(heardBy(mias)).toEqual([]);
    });

    test('that the database cannot judge now are answered as lost, and the next one may pass', async () => {
      const t = await start();
      const { noor, mias, noors } = await pair(t);
      t.calls.question = () => Promise.reject(new Error('the database is away'));
      mias.text(offer(noor.peerId));
      await mias.next('EXPIRE');
      t.calls.question = undefined;
      mias.text(offer(noor.peerId));
      await noors.next('OFFER');
    });

    test.each([
      ['no JSON', '{not json'],
      ['null', 'null'],
      ['a number', '42'],
      ['an array', '[]'],
      ['a string', '""'],
      ['type null', '{"type":null}'],
      ['no dst', '{"type":"OFFER","payload":{}}'],
      ['a dst that is no string', '{"type":"OFFER","dst":{"a":1},"payload":{}}'],
      ['no payload', '{"type":"OFFER","dst":"a"}'],
      ['a payload that is no object', '{"type":"OFFER","dst":"a","payload":1}'],
      ['the same key twice', '{"type":"OFFER","dst":"a","dst":"b","payload":{}}'],
      ['depth 10,000', `{"type":"OFFER","dst":"a","payload":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ])('with %s are refused, and the socket lives', async (_name, text) => {
      const t = await start();
      const { mias } = await pair(t);
      mias.text(text);
      const refusal = await mias.next('ERROR');
      expect(JSON.stringify(refusal).length).toBeLessThan(200);
      await settle(mias);
    });

    test('in binary are refused', async () => {
      const t = await start();
      const { noor, mias, noors } = await pair(t);
      mias.write({ opcode: 2, payload: offer(noor.peerId) });
      await mias.next('ERROR');
      await settle(mias);
      expect(heardBy(noors)).toEqual([]);
    });

    test('that are broken end the socket with 4502 at the third within 10 s', async () => {
      const t = await start();
      const { mias, noors } = await pair(t);
      for (let i = 0; i < 3; i += 1) mias.text('{not json');
      expect(await mias.ended).toMatchObject({ code: 4502 });
      expect(mias.events('ERROR')).toHaveLength(3);
      await settle(noors);
      await survives(t);
    });

    test.each(brokenFrames)('%s ends that socket alone', async (_name, frames) => {
      const t = await start();
      const { mia, mias, noors } = await pair(t);
      mias.write(...frames);
      const { code } = await mias.ended;
      expect([undefined, 1000, 1002, 1006, 1007, 1009]).toContain(code);
      await expect.poll(() => t.calls.goneIds).toEqual([mia.peerId]);
      await settle(noors);
      await survives(t);
    });

    test('without a mask never become signals', async () => {
      const t = await start({ limits: { idleTimeoutSeconds: 8 } });
      const { noor, mias, noors } = await pair(t);
      mias.write({ payload: offer(noor.peerId), masked: false });
      await Promise.race([mias.ended, settle(noors)]);
      expect(heardBy(noors).filter(({ type }) => type !== 'EXPIRE')).toEqual([]);
      mias.tcp.destroy();
      await survives(t);
    });

    test('of 5,000 empty fragments cost next to nothing', async () => {
      const t = await start();
      const { noor, mias, noors } = await pair(t);
      const empty = Array.from({ length: 5000 }, (): RawFrame => ({ opcode: 0, fin: false }));
      const whole = [{ payload: '', fin: false }, ...empty, { opcode: 0, payload: offer(noor.peerId) }].map(
        encodeFrame,
      );
      const before = process.cpuUsage();
      mias.tcp.write(Buffer.concat(whole));
      // uWebSockets.js takes the message, as one; ws refuses so many pieces.
      await Promise.race([mias.ended, noors.next('OFFER').catch(() => undefined)]);
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(150);
    });

    test('in a flood end the socket with 4005, and disturb nobody', async () => {
      const t = await start();
      const { mia, noor, mias, noors } = await pair(t);
      const frames = Array.from({ length: 2000 }, (): RawFrame => ({ payload: '{"type":"HEARTBEAT"}' }));
      mias.write(...frames);
      expect(await mias.ended).toMatchObject({ code: 4005 });
      const back = await join(t, mia);
      noors.text(offer(mia.peerId));
      await back.next('OFFER');
      expect(noor.peerId).not.toBe(mia.peerId);
    });

    test('wait for a slow database only up to a limit', async () => {
      const t = await start({ limits: { backpressureBytes: 100_000 } });
      const { noor, mias } = await pair(t);
      t.calls.question = () => new Promise(() => undefined);
      const big = signal('CANDIDATE', noor.peerId, { candidate: 'x'.repeat(30_000) });
      for (let i = 0; i < 4; i += 1) mias.text(big);
      expect(await mias.ended).toMatchObject({ code: 4005 });
    });
  });

  describe('the soak', () => {
    test('of 10,000 offers of 60 KiB to unknown ids leaves nothing behind', { timeout: 200_000 }, async () => {
      // The socket of this test answers no pings.
      const limits = { signalsPerSecond: 1_000_000, signalBurst: 1_000_000, idleTimeoutSeconds: 600 };
      const t = await start({ limits });
      const { mia, noor, mias, noors } = await pair(t);
      const bytes = encodeFrame({ payload: offer(uuidv7(), { payload: { sdp: 'x'.repeat(60 * 1024) } }) });
      const send = async (count: number): Promise<void> => {
        const until = mias.received.length + count;
        for (let sent = 0; sent < count; sent += 1) {
          // At the pace of the answers: what is measured is what the server keeps, not what waits in this process to be sent.
          if (!mias.tcp.write(bytes)) await new Promise((resolve) => mias.tcp.once('drain', resolve));
        }
        await expect.poll(() => mias.received.length, { timeout: 60_000, interval: 20 }).toBe(until);
        mias.received.length = 0;
      };
      await send(2000);
      const before = process.memoryUsage().rss;
      for (let round = 0; round < 5; round += 1) await send(2000);
      expect(process.memoryUsage().rss - before).toBeLessThan(40 * mebibyte);
      noors.text(offer(mia.peerId));
      await mias.find(({ type, ...frame }) => type === 'OFFER' && frame['src'] === noor.peerId);
    });
  });

  describe('the end', () => {
    test('of a socket is told once, also when it says that it leaves', async () => {
      const t = await start();
      const { mia, noor, mias, noors } = await pair(t);
      mias.text('{"type":"LEAVE"}');
      await mias.ended;
      expect(t.calls.goneIds).toEqual([mia.peerId]);
      noors.tcp.destroy();
      await expect.poll(() => t.calls.goneIds).toEqual([mia.peerId, noor.peerId]);
      expect(t.hub.stats().signalling).toBe(0);
    });

    test('comes to the old socket of an id when a fresh ticket opens a new one, and it can say nothing more', async () => {
      const t = await start();
      const { mia, noor, mias, noors } = await pair(t);
      let answer = (): void => undefined;
      const asked = new Promise<void>((resolve) => (answer = resolve));
      let questions = 0;
      t.calls.question = () => ((questions += 1), asked);
      // One of its frames is being judged when it is replaced.
      mias.text(offer(noor.peerId));
      await expect.poll(() => questions).toBe(1);
      const next = await join(t, mia);
      expect(await mias.ended).toMatchObject({ code: 4500, reason: 'taken over' });
      answer();
      next.text(signal('ANSWER', noor.peerId));
      await noors.next('ANSWER');
      expect(noors.events('OFFER')).toEqual([]);
      noors.text(offer(mia.peerId));
      await next.next('OFFER');
      expect(t.calls.goneIds).toEqual([]);
      next.tcp.destroy();
      await expect.poll(() => t.calls.goneIds).toEqual([mia.peerId]);
    });

    test('comes with that of the site, whose other sockets end too', async () => {
      const t = await start();
      const callId = uuidv7();
      const [theirs, others] = [t.calls.join(callId), t.calls.join(callId)];
      t.calls.joined.set(theirs.peerId, { ...theirs, siteKey: 'shop' });
      const [ending, staying] = [await join(t, theirs), await join(t, others)];
      const chat = await t.socket(t.world.user());
      t.hub.closeSite({ id: 'another', key: 'shop' }, 'site_disabled');
      expect(await ending.ended).toMatchObject({ code: 4503 });
      await settle(staying);
      expect(await chat.command('ping')).toMatchObject({ ok: true });
      t.hub.closeSite({ id: 'site', key: 'default' }, 'site_disabled');
      expect(await staying.ended).toMatchObject({ code: 4503 });
      expect(await chat.ended).toMatchObject({ code: 4503 });
    });

    test('comes with that of the session, and of all the user’s', async () => {
      const t = await start();
      const callId = uuidv7();
      const userId = uuidv7();
      const [one, two] = [t.calls.join(callId, userId), t.calls.join(callId, userId)];
      const [ones, twos, others] = [await join(t, one), await join(t, two), await join(t, t.calls.join(callId))];
      t.hub.closeSession(one.sessionId, 'session_revoked');
      expect(await ones.ended).toMatchObject({ code: 4501 });
      await settle(twos);
      t.hub.closeUser(userId, 'session_revoked');
      expect(await twos.ended).toMatchObject({ code: 4501 });
      await settle(others);
    });

    test('of a session keeps out whose ticket is being looked up just then', async () => {
      const t = await start();
      const mia = t.calls.join(uuidv7());
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => (open = resolve));
      let asked = false;
      t.calls.gate = () => ((asked = true), opened);
      const coming = t.signal(mia);
      await expect.poll(() => asked).toBe(true);
      t.hub.closeSession(mia.sessionId, 'session_revoked');
      open();
      expect(await (await coming).ended).toMatchObject({ code: 4500 });
      // Later tickets are judged by the directory alone.
      await join(t, mia);
    });

    test('comes to the oldest when a user has too many', async () => {
      const t = await start({ limits: { socketsPerUser: 2 } });
      const [callId, userId] = [uuidv7(), uuidv7()];
      const sockets = [];
      for (let i = 0; i < 3; i += 1) sockets.push(await join(t, t.calls.join(callId, userId)));
      expect(await sockets[0]!.ended).toMatchObject({ code: 4005 });
      await settle(sockets[1]!);
    });

    test('of the server closes with 4000 and lets nobody in', async () => {
      const t = await start();
      const { mia, mias, noors } = await pair(t);
      const drained = t.hub.drain();
      for (const socket of [mias, noors]) expect(await socket.ended).toMatchObject({ code: 4000 });
      await drained;
      expect((await t.signal(mia)).status).toBe(503);
    });
  });

  describe('between two processes', () => {
    const two = async () => {
      const [broker, calls] = [createLocalBroker(), new TestCalls()];
      const [here, there] = [await start({ broker, calls }), await start({ broker, calls })];
      const callId = uuidv7();
      const [mia, noor] = [calls.join(callId), calls.join(callId)];
      return { calls, here, there, mia, noor, mias: await join(here, mia), noors: await join(there, noor) };
    };

    test('frames pass in order, and none is answered as lost', async () => {
      const { mia, noor, mias, noors } = await two();
      for (let index = 0; index < 20; index += 1) mias.text(signal('CANDIDATE', noor.peerId, { index }));
      noors.text(offer(mia.peerId));
      await mias.next('OFFER');
      await settle(mias);
      expect(noors.events('CANDIDATE').map((each) => (each as { payload?: { index: number } }).payload?.index)).toEqual(
        Array.from({ length: 20 }, (_, index) => index),
      );
      // Longer than the other process is given to take a frame.
      await new Promise((resolve) => setTimeout(resolve, 1200));
      expect(mias.events('EXPIRE')).toHaveLength(1);
    });

    test('who is gone there is answered as lost', async () => {
      const { there, mia, noor, mias, noors } = await two();
      noors.tcp.destroy();
      await expect.poll(() => there.hub.stats().signalling).toBe(0);
      mias.text(offer(noor.peerId));
      expect(await mias.next('EXPIRE')).toEqual({ type: 'EXPIRE', src: noor.peerId, dst: mia.peerId });
    });

    test('who comes back on the other one is taken over from the first, and is not gone', async () => {
      const { calls, here, there, mia, noor, mias, noors } = await two();
      const ticket = calls.ticket(mia.peerId);
      const next = await there.signal(mia, { ticket });
      await next.next('OPEN');
      expect(await mias.ended).toMatchObject({ code: 4500, reason: 'taken over' });
      noors.text(offer(mia.peerId));
      await next.next('OFFER');
      next.text(signal('ANSWER', noor.peerId));
      await noors.next('ANSWER');
      // The ticket is used on both.
      await (await here.signal(mia, { ticket })).next('ERROR');
      expect(calls.goneIds).toEqual([]);
    });

    test('the end of a session is the end of its sockets on both', async () => {
      const { here, noor, noors } = await two();
      here.hub.closeSession(noor.sessionId, 'session_revoked');
      expect(await noors.ended).toMatchObject({ code: 4501 });
    });
  });
});
