import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

const places = [process.env['CHROME_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of Chromium: CHROME_PATH, or one of this machine. */
export function chromiumPath(): string {
  const found = places.find((path) => path && existsSync(path));
  if (!found) throw new Error('unable to find Chromium; install it or set CHROME_PATH');
  return found;
}

/** Starts the Chromium of this machine, with further switches if given. */
export function launchBrowser(switches: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
      ...switches,
    ],
  });
}

/** A page with what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Uncaught errors, breaches of the Content-Security-Policy and errors on the console, but for failed requests. */
  readonly faults: string[];
}

/** Opens a page in a browser of its own: cookies and storage are not shared with others. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  return watch(await context.newPage());
}

/** Notes what goes wrong in a page. */
export function watch(page: Page): WatchedPage {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`a script ran: ${dialog.type()} ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    // A server that is down, or an access token that has to be fetched, is not the page's fault.
    if (message.type() === 'error' && !/^Failed to load resource|WebSocket connection to/.test(message.text()))
      faults.push(message.text());
  });
  return { page, context: page.context(), faults };
}
