import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { callSwitches } from './support/caller.ts';
import { inChat, type ChatHand } from './support/chat.ts';
import { troublesOf } from './support/fingers.ts';
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
const aPerson = async (name: string, options: BrowserContextOptions = {}): Promise<Visitor> => {
  const visitor = await visit(options);
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

/** Keeps a finger on the middle of what a locator finds, until something has happened. */
const holdOn = async ({ page }: Visitor, target: Locator, until: () => Promise<void>): Promise<void> => {
  await target.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await target.boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const at = [{ x: x + width / 2, y: y + height / 2 }];
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at });
  await until();
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
};

describe('fingers on the smallest phone', () => {
  const small = { viewport: { width: 320, height: 640 } };

  test('hit everything in every view, which never scrolls sideways nor makes Safari zoom', async () => {
    const ben = await aPerson('Ben Finger', small);
    const ada = await visit(small);
    const { page, chat, launcher, faults } = ada;
    const button = (name: string | RegExp): Locator =>
      chat.getByRole('button', { name, exact: typeof name === 'string' });
    /** Nothing is in the way of a finger, as soon as the view is drawn. */
    const isFine = (view: string): Promise<void> => expect.poll(() => troublesOf(page), { message: view }).toEqual([]);
    await isFine('closed');
    await launcher.tap();
    await button('Sign in').waitFor();
    await isFine('sign-in');
    await button(/^New here/).tap();
    await button('Make account').waitFor();
    await isFine('registration');
    await chat.getByLabel('Your name', { exact: true }).fill('Ada Finger');
    await chat.getByLabel('User name', { exact: true }).fill('ada.finger');
    await chat.getByLabel('Password', { exact: true }).fill('two sugars, no milk');
    await button('Make account').tap();
    await chat.getByText('No conversations yet').waitFor();
    await isFine('empty list');
    await button('New message').first().tap();
    await isFine('new message');
    await button(/^New group/).tap();
    await isFine('new group');
    await page.goBack();
    await ada.writeTo('Ben Finger');
    await isFine('empty conversation');
    await ada.say('A long word: ' + 'tea'.repeat(60));
    await ada.message(/A long word/).waitFor();
    await ben.openConversation('Ada Finger');
    await ben.say('`code` and https://example.com/' + 'path/'.repeat(20));
    await ada.message(/code/).waitFor();
    await isFine('conversation');

    const bubble = ada.message(/code/).locator('.bubble').first();
    await holdOn(ada, bubble, () => button('Add a reaction').waitFor());
    await isFine('actions');
    await button('Add a reaction').tap();
    await chat.locator('teatime-emoji-picker input').waitFor();
    await isFine('emoji');
    await chat.locator('teatime-emoji-picker .grid button').first().tap();
    await chat.locator('teatime-message .reaction').waitFor();
    await isFine('reaction');

    await button('Details').tap();
    await chat.locator('teatime-details').waitFor();
    await isFine('details');
    await page.goBack();
    await page.goBack();
    await button('Your profile').tap();
    await chat.locator('teatime-profile').waitFor();
    await isFine('profile');
    await chat.locator('teatime-privacy').scrollIntoViewIfNeeded();
    await isFine('privacy');
    await page.goBack();
    await isFine('list');

    await ben.page.evaluate(() => {
      const element = document.querySelector('teatime-chat')!;
      return element.startCall(element.conversation, { video: true });
    });
    await chat.locator('teatime-call .card').waitFor();
    await isFine('somebody calls');
    await button(/^Check camera/).tap();
    await chat.locator('teatime-call-setup').waitFor();
    await isFine('before the call');
    await chat.locator('teatime-call-setup').getByRole('button', { name: 'Join', exact: true }).tap();
    await chat.locator('teatime-call-stage video').first().waitFor();
    await isFine('call');
    await page.goBack();
    await chat.locator('teatime-conversation-list').waitFor();
    await isFine('list beside a call');
    await chat.evaluate((element) => (element as HTMLElementTagNameMap['teatime-chat']).hangUp());
    expect(faults).toEqual([]);
  }, 120_000);
});

describe('the screen of a phone', () => {
  test("is the panel's but for its edges, and the composer stays above the keyboard with the last message in sight", async () => {
    await aPerson('Ben Screen');
    const ada = await aPerson('Ada Screen');
    const { page, chat, composer } = ada;
    const session = await page.context().newCDPSession(page);
    await ada.writeTo('Ben Screen');
    for (let n = 1; n <= 12; n++) await ada.say(`Line ${n}`);
    await ada.message('Line 12').waitFor();
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
        const { y, height } = await boxOf(ada.message('Line 12'));
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
