import { once } from 'node:events';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { connect, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { arrive, callSwitches, inCalls, type Caller } from './support/caller.ts';
import { aCertificate } from './support/certificate.ts';
import { inChat, type ChatHand } from './support/chat.ts';
import { embed, serveHostPage } from './support/host-page.ts';
import { startServer, type TestServer } from './support/server.ts';
import { strictPolicy } from './support/strict-policy.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser(callSwitches)]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

declare global {
  interface Window {
    breaches?: string[];
  }
}

/** Notes what a page's policies refuse, in shadow roots and by reports too: from before its first script on. */
const watchPolicies = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const breaches: string[] = (window.breaches = []);
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
      breaches.push(`${effectiveDirective} ${blockedURI} ${sample}`),
    );
    // What COEP refuses is reported, and nothing else tells it from a picture that is not there.
    new ReportingObserver((reports) => {
      for (const { type, body } of reports) if (type === 'coep') breaches.push(JSON.stringify(body));
    }).observe();
  });

const breaches = (page: Page): Promise<string[] | undefined> => page.evaluate(() => window.breaches);

const aPicture = async (name: string) => ({
  name,
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 320, height: 200, channels: 3, background: '#2a7' } })
    .png()
    .toBuffer(),
});

/** The pictures of the chat are there, decoded. */
const seesPictures = (hand: ChatHand, selector: string): Promise<void> =>
  expect
    .poll(
      () =>
        hand.chat
          .locator(selector)
          .evaluateAll((all) => all.map((one) => one instanceof HTMLImageElement && one.naturalWidth > 0)),
      { timeout: 30_000 },
    )
    .toSatisfy((loaded: boolean[]) => loaded.length > 0 && loaded.every(Boolean));

/** Opens every view there is, in a conversation with somebody. */
const seeEverything = async (page: Page, hand: ChatHand, other: Caller): Promise<void> => {
  const { chat } = hand;
  const button = (name: string | RegExp) => chat.getByRole('button', { name, exact: true });

  await button('Your profile').click();
  await button('Add a picture').click();
  await chat.locator('teatime-avatar-editor input[type=file]').setInputFiles(await aPicture('me.png'));
  await chat.locator('.stage').waitFor();
  await chat.locator('teatime-avatar-editor').getByRole('button', { name: 'Save' }).click();
  await button('Change the picture').waitFor();
  await seesPictures(hand, 'teatime-profile teatime-avatar img');
  await page.keyboard.press('Escape');

  await hand.writeTo('Ben Okri');
  await hand.say('under **your** policy, `code` and https://example.org');
  await other.openConversation('Ada Byron');
  await other.say('I see');
  await hand.message('I see').hover();
  await hand.act('I see', 'Add a reaction');
  await page.keyboard.press('Escape');
  await button('Emoji').click();
  await chat.getByLabel('Search emoji').fill('tea');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');

  const chooser = page.waitForEvent('filechooser');
  await button('Attach files').click();
  await (await chooser).setFiles(await aPicture('leaf.png'));
  await chat.locator('teatime-file-tray').getByRole('listitem').waitFor();
  await hand.say('a picture');
  await seesPictures(hand, 'teatime-message-files img');
  await hand
    .message('a picture')
    .getByText(/Delivered|Read/)
    .first()
    .waitFor({ state: 'attached' });
  await other.message('a picture').locator('teatime-message-files img').waitFor();
  await chat.getByRole('button', { name: /^Open: Picture leaf/ }).click();
  const lightbox = page.getByRole('dialog', { name: 'Pictures and videos' });
  await lightbox.waitFor();
  await page.keyboard.press('Escape');
  await lightbox.waitFor({ state: 'hidden' });

  await button('Record a voice message').click();
  await button('Stop and listen').click();
  const preview = chat.locator('teatime-voice-recorder teatime-voice-player');
  await preview.getByRole('button', { name: 'Play' }).click();
  await button('Discard the recording').click();

  await button('Details').click();
  await chat.locator('teatime-details').getByRole('button', { name: 'Media, files and audio' }).click();
  await chat.locator('teatime-shared-files img').first().waitFor();
  await button('Close details').or(button('Back to details')).first().click();
};

/** Calls somebody with a camera, who answers, and hangs up. */
const makeCall = async (page: Page, hand: ChatHand, other: Caller): Promise<void> => {
  const { stage, button } = inCalls(page, hand.chat);
  await button('Video call').click();
  // Where the devices are allowed already, nothing is asked before it rings.
  const start = button('Call with video');
  await start.or(stage).first().waitFor({ timeout: 60_000 });
  if (await start.isVisible()) await start.click();
  await other.button('Accept with video').click();
  const video = stage.locator('.tile:not(.own) video');
  await video.waitFor({ timeout: 45_000 });
  await expect
    .poll(() => video.evaluate((element) => (element as HTMLVideoElement).videoWidth), { timeout: 45_000 })
    .toBeGreaterThan(0);
  await button('Leave the call').click();
  await hand.chat.getByText('The call has ended.').waitFor();
};

describe('a page of another site', () => {
  test('may forbid all but the chat server, inline styles and unsafe sinks, and be isolated: every view works', async () => {
    const other = await arrive(browser, server.url, { name: 'Ben Okri' });
    const { page, faults } = await openPage(browser);
    await watchPolicies(page);
    const { origin } = new URL(server.url);
    const url = await serveHostPage({
      body: embed(server.url),
      headers: {
        'Content-Security-Policy': strictPolicy(origin),
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Cross-Origin-Opener-Policy': 'same-origin',
      },
    });
    await page.goto(url);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    const hand = inChat(page);
    await hand.register({ name: 'Ada Byron', username: 'ada' });
    await seeEverything(page, hand, other);
    await makeCall(page, hand, other);
    const diagnosis = await hand.chat.evaluate((element) =>
      (element as HTMLElement & { diagnose(): Promise<{ status: string; code: string }[]> }).diagnose(),
    );
    expect(diagnosis.length).toBeGreaterThan(0);
    expect(await breaches(page)).toEqual([]);
    expect(faults).toEqual([]);
  }, 150_000);

  test('may let scripts in by a nonce alone, and makes the rest of it run too', async () => {
    const { page, faults } = await openPage(browser);
    await watchPolicies(page);
    const { origin } = new URL(server.url);
    const url = await serveHostPage({
      body: embed(server.url).replace('<script', '<script nonce="tea-for-two"'),
      headers: {
        'Content-Security-Policy': strictPolicy(origin).replace(
          `script-src 'self' ${origin}`,
          "script-src 'nonce-tea-for-two'",
        ),
      },
    });
    await page.goto(url);
    const hand = inChat(page);
    await hand.register({ name: 'Nona Once', username: 'nona' });
    await hand.chat.getByRole('button', { name: 'Your profile' }).click();
    await hand.chat.getByRole('button', { name: 'Add a picture' }).waitFor();
    expect(await breaches(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

/** Lets a server of the test be reached on 127.0.0.1 until the test is over. */
const listen = async (made: Server): Promise<number> => {
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  onTestFinished(() => void made.close());
  return (made.address() as AddressInfo).port;
};

/** Terminates TLS for a server that is yet to start, as a reverse proxy does. */
const secure = async (pem: ServerOptions): Promise<{ url: string; target: { port: number } }> => {
  const target = { port: 0 };
  const made = createTlsServer(pem, (socket) => {
    const inner = connect(target.port, '127.0.0.1');
    for (const each of [socket, inner]) each.on('error', () => [socket, inner].map((end) => end.destroy()));
    socket.pipe(inner).pipe(socket);
  });
  return { url: `https://127.0.0.1:${await listen(made)}`, target };
};

test('a browser that blocks the cookies of third parties keeps people signed in, for each embedding site by itself', async () => {
  const pem = aCertificate();
  const { url, target } = await secure(pem);
  const behind = await startServer({ PUBLIC_URL: url });
  onTestFinished(() => behind.remove());
  target.port = Number(new URL(behind.url).port);
  const strict = await launchBrowser(['--test-third-party-cookie-phaseout']);
  onTestFinished(() => strict.close());

  // Any third party: of its cookies, those that are not partitioned must not come back, or this browser blocks nothing.
  const stranger = createSecureServer(pem, (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '');
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    const place = 'Path=/; Secure; SameSite=None';
    response.setHeader('Set-Cookie', [`everywhere=1; ${place}`, `here=1; ${place}; Partitioned`]);
    response.end(request.headers.cookie ?? '');
  });
  const strangerPort = await listen(stranger);

  const { page, faults } = await openPage(strict, { ignoreHTTPSErrors: true });
  const host = await serveHostPage({ body: embed(url) });
  await page.goto(host);
  const cookiesOf = (port: number): Promise<string> =>
    page.evaluate(async (at) => (await fetch(`https://127.0.0.1:${at}/`, { credentials: 'include' })).text(), port);
  await cookiesOf(strangerPort);
  expect(await cookiesOf(strangerPort)).toBe('here=1');

  const hand = inChat(page);
  await hand.register({ name: 'Cora Crumb', username: 'cora' });
  await page.reload();
  await hand.chat.getByText('No conversations yet').waitFor();
  expect(faults).toEqual([]);
  // On another site the same person is nobody yet.
  await page.goto(host.replace('localhost', 'elsewhere.localhost'));
  await hand.chat.getByLabel(/^User name, e-mail/).waitFor();
  await page.goto(host);
  await hand.chat.getByRole('button', { name: 'Your profile' }).click();
  await hand.chat.getByRole('button', { name: 'Sign out' }).click();
  await page.reload();
  await hand.chat.getByLabel(/^User name, e-mail/).waitFor();
  expect(faults.filter((each) => !/third-party cookie/i.test(each))).toEqual([]);
});
