import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { callSwitches } from './support/caller.ts';
import { inChat, type ChatHand } from './support/chat.ts';
import { embed, serveHostPage } from './support/host-page.ts';
import { startServer, type TestServer } from './support/server.ts';

/** A small telephone. */
const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser(callSwitches)]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** A page that goes from one of its views to another by itself and notes what its router hears. */
const router = `
  globalThis.heard = [];
  const show = () => (document.querySelector('h1').textContent = location.pathname);
  globalThis.go = (path) => { history.pushState({ route: path }, '', path); show(); };
  addEventListener('popstate', () => { heard.push(location.pathname + ' ' + history.state?.route); show(); });
  // As counters of visits do.
  globalThis.visits = 0;
  const push = history.pushState;
  history.pushState = function (...args) { visits++; return push.apply(this, args); };
  show();`;

const body = (attributes = ''): string =>
  `<h1></h1><p id="tall"></p><script type="module" src="/router.js"></script>${embed(server.url, attributes)}`;

const head = `<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><style>#tall { height: 3000px }</style>`;

interface Visitor extends ChatHand {
  readonly page: Page;
  readonly faults: string[];
  readonly launcher: ReturnType<Page['locator']>;
  /** Which entry of the tab's history is shown, how many of them are the chat's, and where the page's own router thought to be. */
  place(): Promise<{ index: number; depth: number; heard: string[]; visits: number }>;
  /** Presses Back and waits until the page is there. */
  goBack(): Promise<void>;
  isOpen(): Promise<boolean>;
}

/** Somebody with a telephone on a page that has the chat behind its launcher. */
const visit = async (options: BrowserContextOptions = {}, attributes = ''): Promise<Visitor> => {
  const url = await serveHostPage({ body: body(attributes), head, scripts: { '/router.js': router } });
  const { page, faults } = await openPage(browser, { ...phone, ...options });
  await page.goto(url);
  const hand = inChat(page);
  return {
    ...hand,
    page,
    faults,
    launcher: hand.chat.locator('.launcher'),
    place: () =>
      page.evaluate(() => {
        const { heard, visits } = globalThis as unknown as { heard: string[]; visits: number };
        const { index } = navigation.currentEntry!;
        const { teatime: depth = 0 } = (history.state as { teatime?: number } | null) ?? {};
        return { index, depth, heard: [...new Set(heard)], visits };
      }),
    goBack: async () => void (await page.evaluate(() => history.back())),
    isOpen: () => hand.chat.evaluate((element) => element.hasAttribute('open')),
  };
};

let people = 0;

/** As many people as are wanted who write to each other. */
const aPerson = async (name: string): Promise<Visitor> => {
  const visitor = await visit();
  await visitor.launcher.tap();
  await visitor.register({ name, username: `phone${++people}` });
  return visitor;
};

describe('Back on a phone', () => {
  test('leads step by step through the chat and out of it, and leaves the page where it was', async () => {
    await aPerson('Ben Back');
    const { page, chat, launcher, writeTo, composer, place, goBack, isOpen, faults } = await aPerson('Ada Back');
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
    const { page, chat, launcher, place, isOpen, faults } = await visit();
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
    const { page, chat, launcher, place, isOpen, faults } = await visit();
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
    const { chat, launcher, place } = await visit({ viewport: { width: 1000, height: 800 } });
    await launcher.tap();
    await chat.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await place()).toEqual({ index: 0, depth: 0, heard: [], visits: 0 });
  });
});
