import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import { findTurnServer, startTurnServer, type TurnServer } from '../../backend/testing/turn-server.ts';
import { accept, aCaller, call, callIs, callSwitches, mediaFlows, showsThem } from './call-pages.ts';
import { startPages, type Pages } from './pages.ts';

// Browsers that encode pictures take their time on a machine that is busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

describe.skipIf(findTurnServer() === undefined)('a call that may go by coturn only', () => {
  let turn: TurnServer;
  let server: TestBackend;
  let pages: Pages;

  beforeAll(async () => {
    // The shipped file lets nobody reach this machine; here both ends are on it.
    turn = await startTurnServer(['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.1']);
    pages = await startPages(callSwitches);
    server = await startTestBackend({
      allowedOrigins: [pages.origin],
      calls: {
        turn: { urls: [`turn:127.0.0.1:${turn.port}?transport=udp`], secret: turn.secret },
        relayOnly: 'everybody',
      },
    });
  }, 120_000);
  afterAll(async () => {
    await pages?.close();
    await server?.close();
    await turn?.stop();
  });

  test('carries pictures and sound, and tells nobody an address of the other', async () => {
    const [ida, jon] = await Promise.all([aCaller(pages, server), aCaller(pages, server)]);
    await call(ida, jon);
    await callIs(jon, 'incoming');
    await accept(jon);
    for (const each of [ida, jon]) await callIs(each, 'connected');
    for (const each of [ida, jon]) await mediaFlows(each);
    for (const { page } of [ida, jon]) {
      const told = await page.evaluate(() =>
        window.witness.links.flatMap(
          ({ remoteDescription }) => remoteDescription?.sdp.match(/^a=candidate:.*$/gm) ?? [],
        ),
      );
      expect(told.length).toBeGreaterThan(0);
      for (const candidate of told) expect(candidate).toMatch(/ typ relay /);
    }
  });
});

describe.skipIf(findTurnServer() === undefined)('a call by a relay that lets little through', () => {
  let turn: TurnServer;
  let server: TestBackend;
  let pages: Pages;

  beforeAll(async () => {
    turn = await startTurnServer(['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.1', '--max-bps=14000']);
    pages = await startPages(callSwitches);
    server = await startTestBackend({
      allowedOrigins: [pages.origin],
      calls: {
        turn: { urls: [`turn:127.0.0.1:${turn.port}?transport=udp`], secret: turn.secret },
        relayOnly: 'everybody',
      },
    });
  }, 120_000);
  afterAll(async () => {
    await pages?.close();
    await server?.close();
    await turn?.stop();
  });

  test('holds pictures back, says so, and carries sound', async () => {
    const [ida, jon] = await Promise.all([aCaller(pages, server), aCaller(pages, server)]);
    await call(ida, jon);
    await callIs(jon, 'incoming');
    await accept(jon);
    await callIs(ida, 'connected', 30_000);
    for (const [each, other] of [
      [ida, jon],
      [jon, ida],
    ] as const)
      await showsThem(each, other, { videoPaused: true, video: true }, 40_000);
    for (const each of [ida, jon]) await mediaFlows(each, { pictures: false });
  }, 120_000);
});
