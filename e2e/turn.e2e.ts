import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { iceCredentials } from '../backend/features/calls/ice-credentials.ts';
import { findTurnServer, startTurnServer, type TurnServer } from '../backend/testing/turn-server.ts';
import { launchBrowser } from './support/browser.ts';
import { dialOut, linkState, mediaOf, refusals, takeAnswer, takeOffer, type Dial } from './support/peer-page.ts';

let server: TurnServer;
let browser: Browser;
let host: Server;

beforeAll(async () => {
  host = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Peer</title>'),
  ).listen(0, '127.0.0.1');
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
  await server?.stop();
  host?.close();
});

/** A page that may use camera and microphone. */
const aPage = async (): Promise<Page> => {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`);
  return page;
};

const dial = (turn: TurnServer, { userId = 'ida', age = 0 } = {}): Dial => {
  const now = Date.now() - age * 1000;
  const { username, credential } = iceCredentials({ userId, secret: turn.secret, ttlSeconds: 600, now });
  const urls = ['udp', 'tcp'].map((transport) => `turn:127.0.0.1:${turn.port}?transport=${transport}`);
  return { iceServers: [{ urls, username, credential }], iceTransportPolicy: 'relay' };
};

describe.skipIf(findTurnServer() === undefined)('two pages that may meet by coturn only', () => {
  beforeAll(async () => {
    // The shipped file lets nobody reach this machine; here both ends are on it.
    server = await startTurnServer(['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.1']);
  });

  test('see and hear each other, and neither learns an address of the other', async () => {
    const [ida, jon] = [await aPage(), await aPage()];
    const offer = await ida.evaluate(dialOut, dial(server, { userId: 'ida' }));
    const answer = await jon.evaluate(takeOffer, { ...dial(server, { userId: 'jon' }), offer });
    await ida.evaluate(takeAnswer, answer);

    for (const page of [ida, jon]) {
      await expect.poll(() => page.evaluate(mediaOf), { timeout: 20_000 }).toMatchObject({ seen: true, heard: true });
      expect(await page.evaluate(linkState)).toEqual({ state: 'connected', pair: ['relay', 'relay'] });
    }
    for (const description of [offer, answer]) {
      const candidates = description.split('\r\n').filter((line) => line.startsWith('a=candidate:'));
      expect(candidates.length).toBeGreaterThan(0);
      for (const candidate of candidates) expect(candidate).toMatch(/ typ relay raddr 0\.0\.0\.0 rport 0 /);
      // The address for those who know nothing of ICE is the relay's or none.
      expect(description).toMatch(/^c=IN IP4 (?:0\.0\.0\.0|127\.0\.0\.1)\r$/m);
    }
  });

  test('find no way with credentials that have ended', async () => {
    const ida = await aPage();
    const offer = await ida.evaluate(dialOut, dial(server, { age: 601 }));
    expect(offer).not.toContain('a=candidate:');
    const codes = await ida.evaluate(refusals);
    expect(codes.length).toBeGreaterThan(0);
    expect(new Set(codes)).toEqual(new Set([401]));
  });
});

describe.skipIf(findTurnServer() === undefined)('two pages and coturn with the shipped file as it is', () => {
  test('do not meet on the machine of the server', async () => {
    const strict = await startTurnServer();
    onTestFinished(() => strict.stop());
    const [ida, jon] = [await aPage(), await aPage()];
    const offer = await ida.evaluate(dialOut, dial(strict));
    const answer = await jon.evaluate(takeOffer, { ...dial(strict, { userId: 'jon' }), offer });
    await ida.evaluate(takeAnswer, answer);
    for (const user of ['ida', 'jon']) {
      const refused = new RegExp(`user <\\d+:${user}>: incoming packet CREATE_PERMISSION processed, error 403`);
      await expect.poll(() => strict.output(), { timeout: 20_000 }).toMatch(refused);
    }
    expect(await ida.evaluate(linkState)).not.toMatchObject({ state: 'connected' });
    expect(await ida.evaluate(mediaOf)).toEqual({ seen: false, heard: false });
  });
});
