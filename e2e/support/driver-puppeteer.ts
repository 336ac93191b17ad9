import type { Browser, BrowserContext, ElementHandle } from 'puppeteer-core';
import type { DrivenBrowser, Tab } from './driver.ts';

const size = { width: 1100, height: 900 };

/** A browser that puppeteer drives: Firefox, by WebDriver BiDi, and Chromium. */
export function drivePuppeteer(browser: Browser): DrivenBrowser {
  return {
    visitor: async () => openTab(await browser.createBrowserContext()),
    close: () => browser.close(),
  };
}

async function openTab(context: BrowserContext): Promise<Tab> {
  const page = await context.newPage();
  await page.setViewport(size);
  return {
    another: () => openTab(context),
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    resize: (width, height) => page.setViewport({ width, height }),
    evaluate: (run, ...args) => page.evaluate(run as (...given: unknown[]) => never, ...args),
    point: (x, y, press) => (press ? page.mouse.click(x, y) : page.mouse.move(x, y)),
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    async choose(paths, find, ...args) {
      const found = await page.evaluateHandle(find as (...given: unknown[]) => Element | undefined, ...args);
      const input = found.asElement() as ElementHandle<HTMLInputElement> | null;
      if (!input) throw new Error('unable to choose files; there is no input for them');
      await input.uploadFile(...paths);
    },
    screenshot: () => page.screenshot(),
  };
}
