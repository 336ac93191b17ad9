import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { uuidv7 } from 'uuidv7';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createListener, type Listener } from '../backend/http/listener.ts';
import type { SignalAdmission } from '../backend/hub/signalling-data.ts';
import { startTestHub, type TestHub } from '../backend/hub/test-hub.ts';
import { launchBrowser } from './support/browser.ts';
import { answering, dialPeer, heardOf, mediaFrom, openPeer, sendTo, type PeerStart } from './support/peerjs-page.ts';

let browser: Browser;
let stock: string;

beforeAll(async () => {
  stock = readFileSync(new URL('../node_modules/peerjs/dist/peerjs.min.js', import.meta.url), 'utf8');
  browser = await launchBrowser([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
    // Without it Chromium looks for no candidates on a machine that has no network but loopback.
    '--allow-loopback-in-peer-connection',
  ]);
});
afterAll(async () => {
  await browser?.close();
});

describe.each(['uws', 'ws'] as const)('the stock client of PeerJS, on the transport %s', (transport) => {
  let hub: TestHub;
  let listener: Listener;
  let elsewhere: Server;
  let url: string;

  beforeAll(async () => {
    hub = await startTestHub({ transport });
    const page = '<!doctype html><title>Peer</title><script src="/peerjs.js"></script>';
    const answer: Parameters<typeof createServer>[1] = ({ url: path }, response) => {
      if (path === '/peerjs.js') response.setHeader('content-type', 'text/javascript').end(stock);
      else response.setHeader('content-type', 'text/html').end(page);
    };
    listener = createListener({ answer, hub: () => ({ host: '127.0.0.1', port: hub.port }) });
    const { port } = await listener.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${port}`;
    elsewhere = createServer(answer).listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    elsewhere?.close();
    await listener?.close();
    await hub?.hub.close();
  });

  const aPage = async (at = url): Promise<Page> => {
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(at);
    return page;
  };
  const start = (admission: SignalAdmission, ticket = hub.calls.ticket(admission.peerId)): PeerStart => ({
    id: admission.peerId,
    token: ticket,
    port: Number(new URL(url).port),
  });
  /** Two pages whose peers are open, in one call. */
  const pair = async () => {
    const callId = uuidv7();
    const [ida, jon] = [hub.calls.join(callId), hub.calls.join(callId)];
    const [idas, jons] = [await aPage(), await aPage()];
    expect(await idas.evaluate(openPeer, start(ida))).toBe(ida.peerId);
    expect(await jons.evaluate(openPeer, start(jon))).toBe(jon.peerId);
    return { callId, ida, jon, idas, jons };
  };

  test('carries data and media between two pages in one call, and stays open', async () => {
    const { ida, jon, idas, jons } = await pair();
    await jons.evaluate(answering);
    await idas.evaluate(dialPeer, jon.peerId);
    for (const page of [idas, jons]) {
      await expect.poll(() => page.evaluate(mediaFrom), { timeout: 20_000 }).toEqual({ seen: true, heard: true });
    }
    await idas.evaluate(sendTo, { peerId: jon.peerId, text: 'tea?' });
    await expect
      .poll(() => jons.evaluate(heardOf), { timeout: 10_000 })
      .toMatchObject({
        data: ['tea?'],
        from: [ida.peerId],
      });
    // Its heartbeat comes every five seconds.
    hub.calls.seenIds.length = 0;
    const both = [ida.peerId, jon.peerId].toSorted();
    await expect.poll(() => [...new Set(hub.calls.seenIds)].toSorted(), { timeout: 12_000 }).toEqual(both);
    for (const page of [idas, jons]) expect(await page.evaluate(heardOf)).toMatchObject({ errors: [] });
  });

  test('learns that somebody outside the call is not available, and they hear nothing', async () => {
    const { idas } = await pair();
    const stranger = hub.calls.join(uuidv7());
    const theirs = await aPage();
    await theirs.evaluate(openPeer, start(stranger));
    await theirs.evaluate(answering);
    for (const id of [stranger.peerId, uuidv7()]) await idas.evaluate(sendTo, { peerId: id, text: 'hello?' });
    await expect
      .poll(async () => (await idas.evaluate(heardOf)).errors.filter((type) => type === 'peer-unavailable').length)
      .toBeGreaterThanOrEqual(2);
    expect(await theirs.evaluate(heardOf)).toEqual({ data: [], from: [], errors: [] });
  });

  test('is told what is wrong with an id or a ticket that are not its own', async () => {
    const [ida, jon] = [hub.calls.join(uuidv7()), hub.calls.join(uuidv7())];
    const page = await aPage();
    expect(await page.evaluate(openPeer, start(ida, hub.calls.ticket(jon.peerId)))).toBe('unavailable-id');
    expect(await page.evaluate(openPeer, start(ida, 'stolen'))).toBe('server-error');
    hub.world.origins.clear();
    const { port } = elsewhere.address() as AddressInfo;
    const foreign = await aPage(`http://localhost:${port}`);
    expect(await foreign.evaluate(openPeer, start(ida))).toBe('network');
    hub.world.origins.add(`http://localhost:${port}`);
    expect(await foreign.evaluate(openPeer, start(ida))).toBe(ida.peerId);
  });

  test('asks nobody else for anything', async () => {
    const asked: string[] = [];
    const ida = hub.calls.join(uuidv7());
    const page = await aPage();
    page.on('request', (request) => asked.push(request.url()));
    page.on('websocket', (socket) => asked.push(socket.url()));
    await page.evaluate(openPeer, start(ida));
    expect(asked.map((each) => new URL(each).host)).toEqual([new URL(url).host]);
  });
});
