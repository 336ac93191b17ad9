import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTurnServer, startTurnServer, type TurnServer } from '../backend/testing/turn-server.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { keepLinks, openLinks } from './support/call-links.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

/** Everything that a page says and hears on its signalling sockets, as it comes. */
const listen = (page: Page) => {
  const said: string[] = [];
  const heard: string[] = [];
  page.on('websocket', (socket) => {
    if (!new URL(socket.url()).pathname.endsWith('/peerjs')) return;
    socket.on('framesent', ({ payload }) => said.push(String(payload)));
    socket.on('framereceived', ({ payload }) => heard.push(String(payload)));
  });
  return { said, heard };
};

/** Candidates in frames of PeerJS: those in descriptions, and those that came alone. */
const candidatesIn = (frames: readonly string[]): string[] =>
  frames.flatMap((frame) => frame.match(/candidate:[^"\\]+/g) ?? []);

describe.skipIf(findTurnServer() === undefined)('a call on a site that lets nobody see an address', () => {
  let turn: TurnServer;
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    // The shipped file lets nobody reach this machine; here both ends are on it.
    turn = await startTurnServer(['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.1']);
    const urls = ['udp', 'tcp'].map((transport) => `turn:127.0.0.1:${turn.port}?transport=${transport}`);
    const switches = [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      // Without it a browser that may also go straight finds no way to: the test would pass for want of a network.
      '--allow-loopback-in-peer-connection',
    ];
    [server, browser] = await Promise.all([
      startServer({ TURN_URLS: urls.join(' '), TURN_SECRET: turn.secret, RELAY_ONLY: 'everybody' }),
      launchBrowser(switches),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
    await turn?.stop();
  });

  const arrive = async (name: string, username: string) => {
    const { page, context, faults } = await openPage(browser);
    await context.addInitScript(keepLinks);
    const line = listen(page);
    await page.goto(`${server.url}/examples/page/`);
    const hand = inChat(page);
    await hand.register({ name, username });
    const button = (label: string): Locator => hand.chat.getByRole('button', { name: label, exact: true });
    return { page, faults, line, ...hand, button };
  };

  test('carries pictures and sound by coturn, and no other address is ever told', async () => {
    const [ann, ben] = await Promise.all([arrive('Ann Lee', 'ann'), arrive('Ben Okri', 'ben')]);
    await ann.writeTo('Ben Okri');
    await ann.say('May I call?');
    await ann.button('Video call').click();
    await ann.button('Call with video').click();
    await ben.chat.getByRole('alertdialog', { name: 'Ann Lee' }).waitFor();
    // Whoever is only rung tells nothing of where they are.
    expect(candidatesIn(ben.line.said)).toEqual([]);
    await ben.button('Accept with video').click();

    for (const { page } of [ann, ben]) {
      const flow = async () =>
        (await page.evaluate(openLinks)).map(({ frames, energy, pair }) => ({
          seen: frames > 10,
          heard: energy > 0.001,
          pair,
        }));
      await expect.poll(flow, { timeout: 20_000 }).toEqual([{ seen: true, heard: true, pair: ['relay', 'relay'] }]);
    }
    // Both by the server of this test: it says for whom it relays.
    expect(turn.output().match(/ALLOCATE processed, success/g)?.length).toBeGreaterThanOrEqual(2);

    await ben.button('Leave the call').click();
    await ann.chat.getByText('The call has ended.').waitFor();
    for (const { line } of [ann, ben]) {
      for (const told of [line.said, line.heard]) {
        const candidates = candidatesIn(told);
        expect(candidates.length).toBeGreaterThan(0);
        for (const candidate of candidates) expect(candidate).toMatch(/ typ relay raddr 0\.0\.0\.0 rport 0 /);
      }
    }
    expect([...ann.faults, ...ben.faults]).toEqual([]);
  }, 120_000);
});
