import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

describe('the launcher', () => {
  test('loads and stores nothing before it is used, opens with the focus inside, and gives it back on Escape', async () => {
    const { page, faults } = await openPage(browser);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.route(`${server.url}/closed.html`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><title>Closed</title><script type="module" src="/teatime-chat.js"></script><button>Before</button><teatime-chat></teatime-chat>',
      }),
    );
    await page.goto(`${server.url}/closed.html`, { waitUntil: 'networkidle' });
    expect(asked.filter((path) => path.startsWith('/api') || path.includes('.app.'))).toEqual([]);
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);

    const { chat } = inChat(page);
    const launcher = chat.getByRole('button', { name: 'Open chat' });
    await launcher.focus();
    await page.keyboard.press('Enter');
    await chat.getByLabel(/^User name, e-mail/).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.localName)).toBe('teatime-chat');
    await page.keyboard.press('Escape');
    await chat.getByLabel(/^User name, e-mail/).waitFor({ state: 'hidden' });
    await expect
      .poll(() => chat.evaluate((element) => element.shadowRoot?.activeElement?.className))
      .toContain('launcher');
    expect(faults).toEqual([]);
  });

  test('shows what is unread while it is closed, and shares one session and socket with others on the page', async () => {
    const [one, other] = await Promise.all([openPage(browser), openPage(browser)]);
    let sockets = 0;
    one.page.on('websocket', () => sockets++);
    await Promise.all([one, other].map(({ page }) => page.goto(`${server.url}/examples/script-tag/`)));
    const inline = inChat(one.page, 'teatime-chat[mode=inline]');
    const writer = inChat(other.page, 'teatime-chat[mode=inline]');
    await Promise.all([
      inline.register({ name: 'Kim Lo', username: 'kim' }),
      writer.register({ name: 'Lea Ma', username: 'lea' }),
    ]);
    // Somebody who was signed in the last time is told of unread messages by the closed launcher.
    const before = sockets;
    await one.page.reload();
    await writer.writeTo('Kim Lo');
    await writer.say('Are you there?');
    const launcher = one.page.locator('teatime-chat[mode=launcher]');
    await launcher.getByRole('button', { name: 'Open chat, 1 unread message' }).click();
    const panel = inChat(one.page, 'teatime-chat[mode=launcher]');
    await panel.openConversation('Lea Ma');
    await panel.say('Yes');
    await writer.message('Yes').waitFor();
    expect(sockets - before).toBe(1);
    expect([...one.faults, ...other.faults]).toEqual([]);
  });

  test('fills a phone, without scrolling sideways, and leaves the page as it was', async () => {
    const { page, faults } = await openPage(browser, {
      viewport: { width: 360, height: 640 },
      hasTouch: true,
      isMobile: true,
    });
    await page.goto(`${server.url}/examples/script-tag/`);
    const hand = inChat(page, 'teatime-chat[mode=launcher]');
    await hand.chat.getByRole('button', { name: 'Open chat' }).tap();
    await hand.register({ name: 'Moe Ng', username: 'moe' });
    const box = await hand.chat.locator('dialog').boundingBox();
    expect(box).toMatchObject({ x: 0, y: 0, width: 360, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await hand.chat.getByRole('button', { name: 'Close chat' }).last().tap();
    await hand.chat.locator('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.documentElement.style.overflow)).toBe('');
    expect(faults).toEqual([]);
  });
});

test('an element that is moved in the page keeps its session, its socket and the open conversation', async () => {
  const { page, faults } = await openPage(browser);
  let sockets = 0;
  page.on('websocket', () => sockets++);
  await page.goto(`${server.url}/`);
  const hand = inChat(page, '#mia');
  await hand.composer.waitFor();
  await hand.composer.fill('half a thought');
  // The other person on the page has one too, and may be later.
  await expect.poll(() => sockets).toBe(2);
  await hand.chat.evaluate((element) => document.querySelector('main')?.prepend(element));
  await expect.poll(() => hand.composer.inputValue()).toBe('half a thought');
  await hand.composer.press('Enter');
  await hand
    .message('half a thought')
    .getByText(/Sent|Delivered|Read/)
    .waitFor({ state: 'attached' });
  expect(sockets).toBe(2);
  expect(faults).toEqual([]);
});

describe('the gallery', () => {
  test('seats two people who talk with each other, and shows how to embed what one sees', async () => {
    const { page, faults } = await openPage(browser, { viewport: { width: 1200, height: 1400 } });
    await page.goto(`${server.url}/`);
    const [mia, noor] = [inChat(page, '#mia'), inChat(page, '#noor')];
    await mia.say('A cup of tea?');
    await noor.message('A cup of tea?').waitFor();
    await noor.say('Always');
    await mia.message('Always').waitFor();
    await page.getByRole('button', { name: 'Let them talk' }).click();
    await noor.message('is the kettle on?').first().waitFor();

    await page.getByRole('radio', { name: 'Dark' }).check();
    await page.getByRole('radio', { name: 'Right to left' }).check();
    await page.getByLabel('Hibiscus').check();
    await page.getByLabel('Language').selectOption('en-GB');
    expect(await mia.chat.evaluate((element) => getComputedStyle(element).colorScheme)).toBe('dark');
    expect(await mia.chat.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
    const snippet = await page.locator('#snippet').innerText();
    for (const part of ['theme="dark"', 'dir="rtl"', 'lang="en-GB"', '--teatime-accent', `server="${server.url}"`])
      expect(snippet).toContain(part);
    await page.reload();
    await mia.composer.waitFor();
    expect(await page.locator('#snippet').innerText()).toBe(snippet);

    await page.getByRole('radio', { name: 'Launcher' }).check();
    await page.locator('#noor').getByRole('button', { name: 'Open chat' }).click();
    await noor.message('Always').waitFor();
    expect(faults).toEqual([]);
  });

  test('works for one person with an account where there are no demo people', async () => {
    const { page, faults } = await openPage(browser);
    await page.route('**/api/v1/demo/sessions', (route) => route.fulfill({ status: 404, body: '{}' }));
    await page.goto(`${server.url}/`);
    await page.getByText('runs without its demo people').waitFor();
    await inChat(page, '#mia').register({ name: 'Ned Fox', username: 'ned' });
    expect(await page.locator('#noor').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test('is accessible', async () => {
    const { page } = await openPage(browser, { viewport: { width: 1200, height: 1400 } });
    await page.goto(`${server.url}/`);
    await inChat(page, '#noor').composer.waitFor();
    // The page's policy lets no script of a test in but as part of the page itself.
    const { readFile } = await import('node:fs/promises');
    await page.evaluate(await readFile('node_modules/axe-core/axe.min.js', 'utf8'));
    const faults = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const { violations } = await axe.run(document);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
      );
    });
    expect(faults).toEqual([]);
  });
});
