import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchBrowser, watch } from './browser.ts';
import { callSwitches } from './caller.ts';
import { inChat, type ChatHand } from './chat.ts';
import { startServer, type TestServer } from './server.ts';
import { watchFrames } from './witness.ts';

/** One of several tabs of a browser. */
export interface Tab extends ChatHand {
  readonly page: Page;
  readonly faults: string[];
  /** How many open sockets to the server are its own. */
  sockets(): number;
}

/** A person in a browser of their own, with its first tab. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly tab: Tab;
  readonly name: string;
}

/** A server, and people who open tabs on it. */
export interface TabHouse {
  readonly server: TestServer;
  readonly browser: Browser;
  /** Another tab in a browser, at the example page. */
  tab(context: BrowserContext): Promise<Tab>;
  /** Somebody who makes an account. */
  arrive(first: string, options?: BrowserContextOptions): Promise<Visitor>;
  /** Waits until the server has so many sockets. */
  expectSockets(count: number): Promise<void>;
  /** Closes all browsers and waits until the server knows. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** Opens one. */
export async function openTabHouse(): Promise<TabHouse> {
  // Each tab in a process of its own, so that one can crash alone.
  const [server, browser] = await Promise.all([startServer(), launchBrowser([...callSwitches, '--process-per-tab'])]);
  const contexts: BrowserContext[] = [];
  let count = 0;

  const tab = async (context: BrowserContext): Promise<Tab> => {
    const { page, faults } = watch(await context.newPage());
    const open = new Set<object>();
    page.on('websocket', (socket) => {
      if (!/\/ws\?/.test(socket.url())) return;
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    });
    // Nobody tells of the end of a socket whose page is gone.
    page.on('framenavigated', (frame) => frame === page.mainFrame() && open.clear());
    page.on('crash', () => open.clear());
    page.on('close', () => open.clear());
    await watchFrames(page);
    await page.goto(`${server.url}/examples/page/`);
    return { page, faults, ...inChat(page), sockets: () => open.size };
  };

  const sockets = async (): Promise<number> => {
    const response = await fetch(`${server.url}/metrics`);
    return Number(/^teatime_hub_connections (\d+)$/m.exec(await response.text())?.[1]);
  };
  const expectSockets = (wanted: number) => expect.poll(sockets, { timeout: 30_000 }).toBe(wanted);

  return {
    server,
    browser,
    tab,
    async arrive(first, options = {}) {
      const context = await browser.newContext({ viewport: { width: 900, height: 1400 }, ...options });
      contexts.push(context);
      const opened = await tab(context);
      count += 1;
      const name = `${first} Tab${count}`;
      await opened.register({ name, username: `${first}${count}` });
      return { context, tab: opened, name };
    },
    expectSockets,
    async empty() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      await expectSockets(0);
    },
    async close() {
      await browser.close();
      await server.remove();
    },
  };
}

/** Waits until one of these tabs has the socket; answers which, and those that speak through it. */
export async function rolesOf(tabs: readonly Tab[]): Promise<{ leader: Tab; followers: Tab[] }> {
  const open = () => tabs.reduce((sum, tab) => sum + tab.sockets(), 0);
  await expect.poll(open, { timeout: 30_000 }).toBe(1);
  const leader = tabs.find((tab) => tab.sockets() === 1);
  if (!leader) throw new Error('unable to tell who leads; nobody has a socket');
  return { leader, followers: tabs.filter((tab) => tab !== leader) };
}
