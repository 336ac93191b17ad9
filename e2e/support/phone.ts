import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openPage } from './browser.ts';
import { inChat, type ChatHand } from './chat.ts';
import { embed, serveHostPage } from './host-page.ts';

/** A small telephone. */
const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

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

const body = (server: string): string =>
  `<h1></h1><p id="tall"></p><script type="module" src="/router.js"></script>${embed(server, '')}`;

const head = `<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><style>#tall { height: 3000px }</style>`;

/** Somebody with a telephone on a page that has the chat behind its launcher. */
export interface Visitor extends ChatHand {
  readonly page: Page;
  readonly faults: string[];
  readonly launcher: Locator;
  /** Which entry of the tab's history is shown, how many of them are the chat's, and where the page's own router thought to be. */
  place(): Promise<{ index: number; depth: number; heard: string[]; visits: number }>;
  /** Presses Back and waits until the page is there. */
  goBack(): Promise<void>;
  isOpen(): Promise<boolean>;
}

/** Opens such a page in a browser of its own. */
export async function visit(browser: Browser, server: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const url = await serveHostPage({ body: body(server), head, scripts: { '/router.js': router } });
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
}

let people = 0;

/** Opens it and makes an account, with the panel open. */
export async function arrive(
  browser: Browser,
  server: string,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const visitor = await visit(browser, server, options);
  await visitor.launcher.tap();
  await visitor.register({ name, username: `phone${++people}` });
  return visitor;
}
