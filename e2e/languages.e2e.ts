import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
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

/** A page in a language with nothing but the chat. */
const pageIn = (lang: string, attributes = ''): string =>
  `<!doctype html><html lang="${lang}"><title>Chat</title><script type="module" src="/teatime-chat.js"></script><teatime-chat ${attributes}></teatime-chat>`;

describe('languages', () => {
  test('are switched while somebody writes: the draft stays, nothing is signed out, no socket is opened anew', async () => {
    const { page, faults } = await openPage(browser, { viewport: { width: 1200, height: 1400 } });
    let sockets = 0;
    page.on('websocket', () => sockets++);
    await page.goto(`${server.url}/`);
    const mia = page.locator('#mia');
    await mia.getByPlaceholder('Message Noor').fill('half a thought');
    await page.locator('#noor').getByPlaceholder('Message Mia').waitFor();
    const before = sockets;
    for (const [lang, placeholder, direction] of [
      ['de', 'Nachricht an Noor', 'ltr'],
      ['ar', 'رسالة إلى Noor', 'rtl'],
      ['en-GB', 'Message Noor', 'ltr'],
    ] as const) {
      await page.getByLabel('Language').selectOption(lang);
      const composer = mia.getByPlaceholder(placeholder);
      await composer.waitFor();
      expect(await composer.inputValue()).toBe('half a thought');
      expect(await mia.evaluate((element) => getComputedStyle(element).direction)).toBe(direction);
    }
    expect(sockets).toBe(before);
    expect(faults).toEqual([]);
  });

  test('are fetched when they are needed, one at a time, and never by a page in English', async () => {
    const { page, faults } = await openPage(browser);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const languages = (): string[] => asked.filter((path) => /\.(?:languages|ar|de)\.[\w-]+\.js$/.test(path));
    for (const lang of ['en', 'de'])
      await page.route(`${server.url}/${lang}.html`, (route) =>
        route.fulfill({ contentType: 'text/html', body: pageIn(lang) }),
      );
    await page.goto(`${server.url}/en.html`);
    await page.getByRole('button', { name: 'Open chat' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(languages()).toEqual([]);
    await page.goto(`${server.url}/de.html`);
    await page.getByRole('button', { name: 'Chat öffnen' }).waitFor();
    expect(languages()).toEqual([expect.stringContaining('.languages.')]);
    await page.getByRole('button', { name: 'Chat öffnen' }).click();
    await page.getByRole('button', { name: 'Anmelden' }).waitFor();
    expect(languages().slice(1)).toEqual([expect.stringContaining('.de.')]);
    expect(faults).toEqual([]);
  });

  test('never show English first, and English serves when one cannot be fetched, until it can', async () => {
    const { page } = await openPage(browser);
    await page.route(`${server.url}/de.html`, (route) =>
      route.fulfill({ contentType: 'text/html', body: pageIn('de', 'mode="page"') }),
    );
    // Notes every text that the sign-in form ever had.
    await page.addInitScript(() => {
      const seen = ((globalThis as { seen?: string[] }).seen = [] as string[]);
      const look = (): void => {
        const panel = document.querySelector('teatime-chat')?.shadowRoot?.querySelector('teatime-panel')?.shadowRoot;
        const text = panel?.querySelector('teatime-sign-in')?.shadowRoot?.querySelector('h2')?.textContent ?? '';
        if (text && seen.at(-1) !== text) seen.push(text);
        requestAnimationFrame(look);
      };
      look();
    });
    const seen = (): Promise<string[]> => page.evaluate(() => (globalThis as { seen?: string[] }).seen ?? []);
    await page.goto(`${server.url}/de.html`);
    await page.getByRole('heading', { name: 'Schön, Sie zu sehen' }).waitFor();
    expect(await seen()).toEqual(['Schön, Sie zu sehen']);

    await page.route(/\.de\.[\w-]+\.js$/, (route) => route.abort());
    await page.goto(`${server.url}/de.html`);
    await page.getByRole('heading', { name: 'Good to see you' }).waitFor();
    await page.unroute(/\.de\.[\w-]+\.js$/);
    await page.getByRole('heading', { name: 'Schön, Sie zu sehen' }).waitFor();
    expect(await seen()).toEqual(['Good to see you', 'Schön, Sie zu sehen']);
  });
});
