import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import type { Browser, Page } from 'playwright-core';
import { rollup } from 'rollup';
import { build as viteBuild } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pack, type Packed } from './package/packed.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };

let server: TestServer;
let browser: Browser;
let packed: Packed;
let site: Server;
let address: string;

beforeAll(async () => {
  [server, browser, packed] = await Promise.all([startServer(), launchBrowser(), pack(['react', 'react-dom'])]);
  // A site of somebody else: its files are what is in the folder that the package was unpacked to.
  site = createServer(({ url = '/' }, response) => {
    try {
      const file = readFileSync(join(packed.folder, new URL(url, 'http://site').pathname));
      response.setHeader('Content-Type', types[extname(url)] ?? 'application/octet-stream').end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
}, 180_000);
afterAll(async () => {
  site?.close();
  site?.closeAllConnections();
  await browser?.close();
  await server?.remove();
  packed?.remove();
});

/** Opens a page of the site with that markup, and notes the scripts that it loads. */
const open = async (name: string, body: string, head = '') => {
  packed.write(
    `${name}.html`,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`,
  );
  const { page, faults } = await openPage(browser);
  const scripts: string[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.url());
  });
  await page.goto(`${address}/${name}.html`);
  return { page, faults, scripts, hand: inChat(page) };
};

const launcherOf = (page: Page) => page.locator('teatime-chat').getByRole('button', { name: 'Open chat' });
const isApp = (url: string): boolean => url.includes('.app.');

describe('the loader', () => {
  test('puts the launcher into a page that has nothing but its script, and fetches the rest when the pointer comes', async () => {
    const { page, faults, scripts, hand } = await open(
      'loader',
      '<p>Shop</p>',
      `<script src="${server.url}/loader.js" async data-server="${server.url}" data-position="bottom-start"></script>`,
    );
    const launcher = launcherOf(page);
    await launcher.waitFor();
    expect(await page.locator('teatime-chat').getAttribute('position')).toBe('bottom-start');
    await page.waitForLoadState('networkidle');
    expect(scripts.filter(isApp)).toEqual([]);
    const bytes = await Promise.all(
      scripts.map(async (url) => gzipSync(await (await fetch(url)).text(), { level: 9 })),
    );
    expect(bytes.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(4_150);
    await launcher.hover();
    await expect.poll(() => scripts.filter(isApp).length).toBe(1);
    await launcher.click();
    await hand.register({ name: 'Loa Der', username: 'loader' });
    expect(faults).toEqual([]);
  });

  test('leaves the element of the page alone, twice over and as a module, and no globals behind', async () => {
    const tag = `src="${server.url}/loader.js" data-mode="launcher"`;
    const { page, faults } = await open(
      'twice',
      `<script>window.before = Object.keys(window)</script>
       <teatime-chat server="${server.url}"></teatime-chat>
       <script ${tag}></script><script ${tag}></script><script type="module" ${tag}></script>`,
    );
    await page.waitForFunction(() => customElements.get('teatime-chat'));
    await page.waitForLoadState('networkidle');
    expect(await page.locator('teatime-chat').count()).toBe(1);
    await launcherOf(page).waitFor();
    const added = await page.evaluate(() =>
      Object.keys(window).filter((key) => !(window as unknown as { before: string[] }).before.includes(key)),
    );
    expect(added.filter((key) => key !== 'before')).toEqual([]);
    expect(faults).toEqual([]);
  });
});

describe('integrity', () => {
  const listed = async (): Promise<Record<string, string>> => (await fetch(`${server.url}/integrity.json`)).json();

  test('the listed hashes let the entry and its chunks in', async () => {
    const hashes = Object.entries(await listed()).map(([file, hash]) => [`${server.url}/${file}`, hash] as const);
    const { page, faults, hand } = await open(
      'pinned',
      `<teatime-chat server="${server.url}" mode="inline"></teatime-chat>`,
      `<script type="importmap">${JSON.stringify({ integrity: Object.fromEntries(hashes) })}</script>
       <script type="module" src="${server.url}/teatime-chat.js" integrity="${(await listed())['teatime-chat.js']}" crossorigin="anonymous"></script>`,
    );
    await hand.chat.getByLabel(/^User name, e-mail/).waitFor();
    await page.waitForLoadState('networkidle');
    expect(faults).toEqual([]);
  });

  test('another file than the hashed one is kept out', async () => {
    const { 'loader.js': wrong } = await listed();
    const { page, faults } = await open(
      'tampered',
      `<teatime-chat server="${server.url}"></teatime-chat>`,
      `<script type="module" src="${server.url}/teatime-chat.js" integrity="${wrong}" crossorigin="anonymous"></script>`,
    );
    await expect.poll(() => faults.join()).toContain('integrity');
    expect(await page.evaluate(() => customElements.get('teatime-chat') === undefined)).toBe(true);
  });
});

describe('from npm', () => {
  test.each(['Rollup', 'Vite'])(
    '%s builds a page whose first load has the launcher only, and which works',
    async (tool) => {
      const name = tool.toLowerCase();
      packed.write(
        `${name}/main.js`,
        `import { TeatimeChat } from 'teatime';
       const chat = document.createElement('teatime-chat');
       if (!(chat instanceof TeatimeChat)) throw new Error('not registered');
       chat.server = ${JSON.stringify(server.url)};
       document.body.append(chat);`,
      );
      const dir = join(packed.folder, name, 'out');
      if (tool === 'Rollup') {
        const bundle = await rollup({
          input: join(packed.folder, name, 'main.js'),
          plugins: [nodeResolve({ browser: true })],
        });
        await bundle.write({ dir, format: 'es' });
        await bundle.close();
      } else await viteInto(name, 'main.js');
      const { page, faults, scripts, hand } = await open(
        name,
        `<script type="module" src="/${name}/out/main.js"></script>`,
      );
      await launcherOf(page).waitFor();
      await page.waitForLoadState('networkidle');
      const before = scripts.length;
      expect(scripts.every((url) => url.startsWith(`${address}/${name}/out/`))).toBe(true);
      const first = await Promise.all(scripts.map(async (url) => gzipSync(await (await fetch(url)).text()).length));
      expect(first.reduce((sum, size) => sum + size, 0)).toBeLessThan(6_500);
      await launcherOf(page).click();
      await hand.register({ name: `Ann ${tool}`, username: `ann-${name}` });
      expect(scripts.length).toBeGreaterThan(before);
      expect(faults).toEqual([]);
    },
  );

  test('React 18 hands objects and listeners to the component, and StrictMode costs neither session nor listeners', async () => {
    packed.write(
      'react/main.js',
      `import { createElement, StrictMode, useRef, useState } from 'react';
       import { createRoot } from 'react-dom/client';
       import { TeatimeChat } from 'teatime/react';
       const strings = { launcher: { open: 'Ask the shop' } };
       const View = () => {
         const chat = useRef(null);
         const [heard, setHeard] = useState([]);
         const [shown, setShown] = useState(true);
         const [mode, setMode] = useState('launcher');
         const hear = (event) => setHeard((all) => [...all, event.type]);
         return createElement('main', null,
           createElement('output', null, heard.join(' ')),
           createElement('button', { onClick: () => chat.current.show() }, 'By ref'),
           createElement('button', { onClick: () => setMode('inline') }, 'Inline'),
           createElement('button', { onClick: () => setShown(false) }, 'Away'),
           shown && createElement(TeatimeChat, { ref: chat, server: ${JSON.stringify(server.url)}, mode, strings, className: 'box', onTeatimeReady: hear, onTeatimeOpenChange: hear }));
       };
       createRoot(document.body.appendChild(document.createElement('div'))).render(createElement(StrictMode, null, createElement(View)));`,
    );
    await viteInto('react', 'main.js', 'development');
    const { page, faults, hand } = await open('react', '<script type="module" src="/react/out/main.js"></script>');
    await page.locator('teatime-chat').getByRole('button', { name: 'Ask the shop' }).waitFor();
    await page.getByRole('button', { name: 'By ref' }).click();
    await hand.register({ name: 'Rea Act', username: 'react' });
    await expect.poll(() => page.locator('output').textContent()).toBe('teatime-open-change teatime-ready');
    await page.getByRole('button', { name: 'Inline' }).click();
    await expect.poll(() => hand.chat.getAttribute('mode')).toBe('inline');
    await hand.chat.getByText('No conversations yet').waitFor();
    expect(await hand.chat.getAttribute('class')).toBe('box');
    await page.getByRole('button', { name: 'Away' }).click();
    await expect.poll(() => page.locator('teatime-chat').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

/** Has Vite build a folder's module into its `out/main.js` and chunks beside it. */
async function viteInto(name: string, input: string, mode = 'production'): Promise<void> {
  await viteBuild({
    root: join(packed.folder, name),
    configFile: false,
    logLevel: 'error',
    mode,
    // The site serves the folder below the address of the page.
    base: `/${name}/out/`,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    build: {
      outDir: 'out',
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: join(packed.folder, name, input),
        output: { entryFileNames: 'main.js', chunkFileNames: '[name].[hash].js' },
      },
    },
  });
}
