import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { build, type Plugin } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { projectRoot } from '../../backend/project-root.ts';
import type { Chat, OpenConversation } from '../../widget/model/types.ts';
import type { createChat } from '../../widget/model/chat.ts';
import { launchBrowser } from '../support/browser.ts';

declare global {
  interface Window {
    /** The chat's factory, on the pages of these tests. */
    teatime: { createChat: typeof createChat };
    chat: Chat;
    talk: OpenConversation;
  }
}

/** A Chromium, and a site whose pages have the model without any pixels. */
export interface Pages {
  readonly origin: string;
  /** A page of the site whose Permissions-Policy lets it use no camera and no microphone. */
  readonly forbidding: string;
  /** A browser profile of its own, ended with the test. */
  newContext(): Promise<BrowserContext>;
  close(): Promise<void>;
}

/** PeerJS as the widget's bundle has it. */
const peerjsForMedia: Plugin = {
  name: 'peerjs-for-media',
  async setup(bundler) {
    const { unusedByCalls } = (await import(`${projectRoot}/scripts/peerjs-for-media.js`)) as {
      unusedByCalls: Readonly<Record<string, string>>;
    };
    const namespace = 'unused';
    bundler.onResolve({ filter: /^(?:webrtc-adapter|peerjs-js-binarypack|@msgpack\/msgpack)$/ }, ({ path }) => ({
      path,
      namespace,
    }));
    bundler.onLoad({ filter: /./, namespace }, ({ path }) => ({ contents: unusedByCalls[path] ?? '' }));
  },
};

/** Builds the model and starts the browser, with further switches if given. */
export const startPages = async (switches: readonly string[] = []): Promise<Pages> => {
  const bundle = await build({
    entryPoints: [`${projectRoot}/widget/model/chat.ts`],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'teatime',
    target: 'es2022',
    plugins: [peerjsForMedia],
  });
  const script = bundle.outputFiles[0]!.text;
  const host = createServer(({ url }, response) => {
    if (url === '/forbidding') response.setHeader('Permissions-Policy', 'camera=(), microphone=()');
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>host</title><script>${script.replaceAll('</script', '<\\/script')}</script>`);
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  const browser = await launchBrowser(switches);
  const origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  return {
    origin,
    forbidding: `${origin}/forbidding`,
    async newContext() {
      const context = await browser.newContext();
      onTestFinished(() => context.close());
      return context;
    },
    async close() {
      await browser.close();
      host.close();
    },
  };
};

/** Opens a page with a chat that starts; what its cookie says, it is signed in as. */
export const aPage = async (
  pages: Pages,
  context: BrowserContext,
  url: string,
  storage: 'local' | 'session' = 'local',
): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(pages.origin);
  await begin(page, url, storage);
  return page;
};

/** Starts a chat on a page. */
export const begin = (page: Page, url: string, storage: 'local' | 'session' = 'local'): Promise<void> =>
  page.evaluate(
    async ([at, kept]) => {
      window.chat = window.teatime.createChat({ server: at, site: 'default', storage: kept });
      await window.chat.start();
    },
    [url, storage] as const,
  );

/** Registers somebody on a page. */
export const register = (page: Page, username: string): Promise<void> =>
  page.evaluate(
    (name) => window.chat.register({ username: name, displayName: name, password: 'a long enough one' }),
    username,
  );

/** Opens the direct message with somebody on a page; resolves with its id. */
export const talkWith = (page: Page, userId: string): Promise<string> =>
  page.evaluate(async (id) => {
    const conversationId = await window.chat.openDirect(id);
    window.talk = window.chat.open(conversationId);
    return conversationId;
  }, userId);

/** Waits until the page's timeline shows these texts, if `done` each of them sent. */
export const pageShows = async (page: Page, texts: readonly string[], done: boolean): Promise<void> => {
  await page.waitForFunction(
    ([wanted, sent]) => {
      const { items } = window.talk.$timeline.get();
      return (
        items.length === wanted.length &&
        items.every(
          ({ message, delivery }, index) => message.text === wanted[index] && (!sent || delivery !== 'sending'),
        )
      );
    },
    [texts, done] as const,
    { timeout: 15_000 },
  );
};
