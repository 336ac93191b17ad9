import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TeatimeChat } from '../widget/element.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const switches = [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection',
  ];
  [server, browser] = await Promise.all([startServer({ STUN_URLS: 'stun:127.0.0.1:9' }), launchBrowser(switches)]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** Notes what each connection of a page is made with. */
const watchConnections = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const noted: unknown[] = ((globalThis as { noted?: unknown[] }).noted = []);
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        noted.push(...(this.getConfiguration().iceServers ?? []).flatMap(({ urls }) => urls));
      }
    };
  });
const notedOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => [...new Set((globalThis as unknown as { noted: string[] }).noted)]);

test('a call goes by the servers that the page names, and by those of the chat server where it names none', async () => {
  const people = await Promise.all([openPage(browser), openPage(browser)]);
  const [one, other] = people.map(({ page }) => page) as [Page, Page];
  await Promise.all(people.map(({ page }) => watchConnections(page)));
  await Promise.all(people.map(({ page }) => page.goto(`${server.url}/examples/page/`)));
  const [ada, ben] = [inChat(one), inChat(other)];
  await Promise.all([
    ada.register({ name: 'Ada Byron', username: 'ada' }),
    ben.register({ name: 'Ben Okri', username: 'ben' }),
  ]);
  const userId = await ben.chat.evaluate((host) => (host as unknown as TeatimeChat).user!.id);
  const asked = await ada.chat.evaluate(async (host, id) => {
    const chat = host as unknown as TeatimeChat;
    chat.iceServers = [{ urls: 'stun:127.0.0.1:10' }];
    await chat.startCall({ userId: id });
    return JSON.stringify(await chat.diagnose());
  }, userId);
  expect(asked).toContain('127.0.0.1:10');
  expect(asked).not.toContain('127.0.0.1:9');
  await ben.chat
    .getByRole('button', { name: /^Accept/ })
    .first()
    .click();
  await expect.poll(() => notedOn(one), { timeout: 30_000 }).toEqual(['stun:127.0.0.1:10']);
  await expect.poll(() => notedOn(other), { timeout: 30_000 }).toEqual(['stun:127.0.0.1:9']);
  for (const hand of [ada, ben]) await hand.chat.locator('teatime-call-stage .tile:not(.own)').waitFor();
});
