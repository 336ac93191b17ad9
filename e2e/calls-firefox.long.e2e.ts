import type { Browser as Chromium, Locator } from 'playwright-core';
import type { Browser as Firefox } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { keepLinks, openLinks, type CallLink } from './support/call-links.ts';
import { inChat } from './support/chat.ts';
import { findFirefox, inFirefox, launchFirefox } from './support/firefox.ts';
import { startServer, type TestServer } from './support/server.ts';

/** Waits until the one link of a page has decoded more sound than silence, and more pictures, than it had so far. */
const mediaFlows = async (links: () => Promise<CallLink[]>, { pictures = true } = {}): Promise<void> => {
  const [before] = await links();
  const flow = async () =>
    (await links()).map(({ frames, energy }) => ({
      seen: !pictures || frames > (before?.frames ?? 0) + 10,
      heard: energy > (before?.energy ?? 0) + 0.001,
    }));
  await expect.poll(flow, { timeout: 20_000 }).toEqual([{ seen: true, heard: true }]);
};

describe.skipIf(findFirefox() === undefined)('somebody in Chromium and somebody in Firefox', () => {
  let server: TestServer;
  let chromium: Chromium;
  let firefox: Firefox;

  beforeAll(async () => {
    const switches = [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
      // Firefox has no answer to a name in `.local` on a machine that has no network but loopback.
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ];
    [server, chromium, firefox] = await Promise.all([startServer(), launchBrowser(switches), launchFirefox()]);
  });
  afterAll(async () => {
    await Promise.all([chromium?.close(), firefox?.close()]);
    await server?.remove();
  });

  const arriveInChromium = async (name: string, username: string) => {
    const { page, context, faults } = await openPage(chromium);
    await context.addInitScript(keepLinks);
    await page.goto(`${server.url}/examples/page/`);
    const hand = inChat(page);
    await hand.register({ name, username });
    const button = (label: string): Locator => hand.chat.getByRole('button', { name: label, exact: true });
    return { faults, ...hand, button, links: () => page.evaluate(openLinks) };
  };

  const arriveInFirefox = async (name: string, username: string) => {
    const context = await firefox.createBrowserContext();
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`uncaught: ${String(error)}`));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.evaluateOnNewDocument(keepLinks);
    await page.goto(`${server.url}/examples/page/`);
    const hand = inFirefox(page);
    await hand.register({ name, username });
    return { page, faults, ...hand, links: () => page.evaluate(openLinks) };
  };

  test('call each other, whoever begins, see and hear each other, and hang up', async () => {
    const [ann, fay] = await Promise.all([arriveInChromium('Ann Lee', 'ann'), arriveInFirefox('Fay Wu', 'fay')]);
    await ann.writeTo('Fay Wu');
    await ann.say('May I call?');
    // A right click leads to a look at oneself first, also where the devices are allowed already.
    await ann.button('Video call').click({ button: 'right' });
    await ann.button('Call with video').click();
    await fay.sees('alertdialog', 'Ann Lee');
    await fay.press('Accept with video');
    await Promise.all([mediaFlows(ann.links), mediaFlows(fay.links)]);

    // What is switched in Firefox is seen in Chromium, without a word about media between them.
    const faysTile = ann.chat.locator('teatime-call-stage .tile:not(.own)');
    await fay.press('Turn microphone off');
    await ann.chat.getByRole('group', { name: /^Fay Wu, microphone off/ }).waitFor();
    await fay.press('Turn camera off');
    await faysTile.locator('video').waitFor({ state: 'detached' });
    await fay.press('Turn camera on');
    await fay.press('Turn microphone on');
    await faysTile.locator('video').waitFor();
    await Promise.all([mediaFlows(ann.links), mediaFlows(fay.links)]);

    await fay.press('Leave the call');
    await ann.chat.getByText('The call has ended.').waitFor();

    // The other way round, and with cameras that come later.
    await (await fay.page.waitForSelector('>>> teatime-conversation-item'))?.click();
    await fay.press('Audio call');
    await fay.press('Call');
    await ann.chat.getByRole('alertdialog', { name: 'Fay Wu' }).waitFor();
    await ann.button('Accept').click();
    await Promise.all([ann, fay].map(({ links }) => mediaFlows(links, { pictures: false })));
    await fay.press('Turn camera on');
    await ann.button('Turn camera on').click();
    await Promise.all([mediaFlows(ann.links), mediaFlows(fay.links)]);
    await ann.button('Leave the call').click();
    await fay.shows('The call has ended.');
    expect([...ann.faults, ...fay.faults]).toEqual([]);
  }, 120_000);
});
