import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { arrive, visit } from './support/phone.ts';
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

describe('Back on a phone', () => {
  test('leads step by step through the chat and out of it, and leaves the page where it was', async () => {
    await arrive(browser, server.url, 'Ben Back');
    const { page, chat, launcher, writeTo, composer, place, goBack, isOpen, faults } = await arrive(
      browser,
      server.url,
      'Ada Back',
    );
    await expect.poll(place).toEqual({ index: 1, depth: 1, heard: [], visits: 0 });
    await writeTo('Ben Back');
    await expect.poll(place).toMatchObject({ index: 2, depth: 2 });
    await chat.getByRole('button', { name: 'Details' }).tap();
    await chat.locator('teatime-details').waitFor();
    await expect.poll(place).toMatchObject({ index: 3, depth: 3 });

    await goBack();
    await chat.locator('teatime-details').waitFor({ state: 'detached' });
    await expect.poll(() => composer.isVisible()).toBe(true);
    await goBack();
    await expect.poll(() => chat.locator('teatime-conversation-list').isVisible()).toBe(true);
    expect(await isOpen()).toBe(true);
    await goBack();
    await expect.poll(isOpen).toBe(false);
    await expect.poll(place).toEqual({ index: 0, depth: 0, heard: ['/ undefined'], visits: 0 });
    expect(await page.evaluate(() => document.documentElement.style.overflow)).toBe('');

    await launcher.tap();
    await chat.getByRole('button', { name: 'Your profile' }).tap();
    await chat.locator('teatime-profile').waitFor();
    await expect.poll(place).toMatchObject({ index: 2, depth: 2 });
    await goBack();
    await chat.locator('teatime-conversation-list').waitFor();
    await expect.poll(place).toMatchObject({ index: 1, depth: 1, heard: ['/ undefined'] });
    expect(faults).toEqual([]);
  });

  test('finds no entry left behind by what was closed with buttons, and a Forward that leads nowhere does nothing', async () => {
    const { page, chat, launcher, place, isOpen, faults } = await visit(browser, server.url);
    await page.evaluate(() => (globalThis as unknown as { go(path: string): void }).go('/a'));
    await launcher.tap();
    await chat.getByRole('button', { name: 'Sign in' }).waitFor();
    await expect.poll(place).toMatchObject({ index: 2, depth: 1 });
    await chat.locator('dialog').getByRole('button', { name: 'Close chat' }).tap();
    await expect.poll(place).toEqual({ index: 1, depth: 0, heard: ['/a /a'], visits: 1 });
    // It gets there, and is led back.
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          let heard = 0;
          addEventListener('popstate', () => ++heard === 2 && resolve());
          history.forward();
        }),
    );
    expect(await isOpen()).toBe(false);
    await expect.poll(place).toMatchObject({ index: 1, depth: 0, heard: ['/a /a'] });
    await page.evaluate(() => history.back());
    await expect.poll(place).toMatchObject({ index: 0, heard: ['/a /a', '/ undefined'] });
    expect(faults).toEqual([]);
  });

  test('skips the chat on the way between views of the page that it led to', async () => {
    const { page, chat, launcher, place, isOpen, faults } = await visit(browser, server.url);
    await launcher.tap();
    await chat.getByRole('button', { name: 'Sign in' }).waitFor();
    await expect.poll(place).toMatchObject({ index: 1, depth: 1 });
    // What a page does with a link in a message.
    await chat.evaluate((element) => {
      void (element as unknown as { hide(): Promise<void> }).hide();
      (globalThis as unknown as { go(path: string): void }).go('/b');
    });
    await expect.poll(place).toMatchObject({ index: 2, depth: 0, heard: [] });
    await page.evaluate(() => history.back());
    await expect.poll(place).toMatchObject({ index: 0, depth: 0, heard: ['/ undefined'] });
    expect(await isOpen()).toBe(false);
    await page.evaluate(() => history.forward());
    await expect.poll(place).toMatchObject({ index: 2, depth: 0, heard: ['/ undefined', '/b /b'] });
    expect(faults).toEqual([]);
  });

  test('is not touched where the panel floats beside the page', async () => {
    const { chat, launcher, place } = await visit(browser, server.url, { viewport: { width: 1000, height: 800 } });
    await launcher.tap();
    await chat.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await place()).toEqual({ index: 0, depth: 0, heard: [], visits: 0 });
  });
});

describe('the screen of a phone', () => {
  test("is the panel's but for its edges, and the composer stays above the keyboard with the last message in sight", async () => {
    await arrive(browser, server.url, 'Ben Screen');
    const ada = await arrive(browser, server.url, 'Ada Screen');
    const { page, chat, composer } = ada;
    const session = await page.context().newCDPSession(page);
    await ada.writeTo('Ben Screen');
    for (let n = 1; n <= 12; n++) await ada.say(`Line ${n}.`);
    await ada.message('Line 12.').waitFor();
    const boxOf = (locator: Locator) => locator.boundingBox().then((box) => box!);
    const panel = chat.locator('dialog');
    expect(await boxOf(panel)).toEqual({ x: 0, y: 0, width: 360, height: 740 });

    // Chromium has no keyboard on a machine without a screen, so that what the browser would say of it is said in its place.
    const cover = (height: number, offsetTop: number): Promise<void> =>
      page.evaluate(
        ([height, offsetTop]) => {
          const viewport = visualViewport!;
          Object.defineProperties(viewport, {
            height: { value: height, configurable: true },
            offsetTop: { value: offsetTop, configurable: true },
          });
          viewport.dispatchEvent(new Event('resize'));
        },
        [height, offsetTop] as const,
      );
    await composer.tap();
    await cover(400, 60);
    await expect.poll(() => boxOf(panel)).toEqual({ x: 0, y: 60, width: 360, height: 400 });
    const field = await boxOf(composer);
    expect(field.y + field.height).toBeLessThanOrEqual(460);
    await expect
      .poll(async () => {
        const { y, height } = await boxOf(ada.message('Line 12.'));
        return y > 60 && y + height <= field.y;
      })
      .toBe(true);
    await cover(740, 0);
    await expect.poll(() => boxOf(panel)).toEqual({ x: 0, y: 0, width: 360, height: 740 });
    await page.evaluate(() => {
      for (const key of ['height', 'offsetTop']) Reflect.deleteProperty(visualViewport!, key);
    });

    // Two fingers that zoom in make the visible part smaller, but not the panel.
    await session.send('Emulation.setPageScaleFactor', { pageScaleFactor: 2 });
    await page.waitForFunction(() => visualViewport!.scale > 1.9);
    expect(await panel.evaluate((element: HTMLElement) => element.offsetHeight)).toBe(740);
    await session.send('Emulation.setPageScaleFactor', { pageScaleFactor: 1 });

    await session.send('Emulation.setSafeAreaInsetsOverride', { insets: { top: 47, bottom: 34, left: 0, right: 0 } });
    await expect.poll(async () => (await boxOf(chat.locator('teatime-panel'))).y).toBe(47);
    const inside = await boxOf(chat.locator('teatime-panel'));
    expect(inside.height).toBe(740 - 47 - 34);
    // Once, not twice.
    const end = await boxOf(composer);
    expect(706 - (end.y + end.height)).toBeLessThan(24);
  });
});
