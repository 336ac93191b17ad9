import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { launch, type Browser, type ElementHandle, type Page } from 'puppeteer-core';

/** The path of Firefox: FIREFOX_PATH, or one of this machine; undefined where there is none. */
export function findFirefox(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['firefox-esr', 'firefox'];
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env['FIREFOX_PATH'] ?? '', ...found].find((path) => path !== '' && isExecutable(path));
}

/** Starts Firefox without a window, driven by WebDriver BiDi, with a camera and a microphone that it makes up. */
export function launchFirefox(): Promise<Browser> {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error('unable to find Firefox; install it or set FIREFOX_PATH');
  return launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    defaultViewport: { width: 1100, height: 900 },
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      // On a machine that has no network but loopback there is no other way, and no answer to a name in `.local`.
      'media.peerconnection.ice.loopback': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
    },
  });
}

/** What somebody does in the `<teatime-chat>` of a page in Firefox, by what they can see of it. */
export interface FirefoxHand {
  /** Waits for a text, wherever in the shadow it stands. */
  shows(text: string): Promise<void>;
  /** Waits for what has that role and name, wherever in the shadow it stands. */
  sees(role: string, name: string): Promise<ElementHandle>;
  press(name: string): Promise<void>;
  fill(label: string, text: string): Promise<void>;
  register(person: { name: string; username: string }): Promise<void>;
}

/** The chat of a page in Firefox. */
export function inFirefox(page: Page): FirefoxHand {
  const sees = async (role: string, name: string): Promise<ElementHandle> => {
    const found = await page.waitForFunction(findShown, { polling: 100 }, role, name);
    return found.asElement() as ElementHandle;
  };
  const press = async (name: string): Promise<void> => (await sees('button', name)).click();
  const fill = async (label: string, text: string): Promise<void> => (await sees('textbox', label)).type(text);
  const shows = async (text: string): Promise<void> => {
    await page.waitForFunction(
      (wanted) => {
        const holds = (root: ParentNode): boolean =>
          [...root.querySelectorAll('*')].some(
            ({ shadowRoot, childNodes }) =>
              [...childNodes].some((node) => node instanceof Text && node.data.includes(wanted)) ||
              (shadowRoot !== null && holds(shadowRoot)),
          );
        return holds(document);
      },
      { polling: 100 },
      text,
    );
  };
  return {
    shows,
    sees,
    press,
    fill,
    async register({ name, username }) {
      await press('New here? Make an account');
      await fill('Your name', name);
      await fill('User name', username);
      await fill('Password', 'two sugars, no milk');
      await press('Make account');
      await shows('No conversations yet');
    },
  };
}

/**
 * In the page: what is shown with that role and name. The browser's own search by role looks at each shadow root by itself and again at each change,
 * which takes seconds while a call is on.
 */
const findShown = (role: string, name: string): Element | undefined => {
  const nameOf = (element: Element): string => {
    const root = element.getRootNode() as Document | ShadowRoot;
    const by = root.getElementById(element.getAttribute('aria-labelledby') ?? '');
    const label = element instanceof HTMLInputElement ? element.labels?.[0] : element;
    return element.getAttribute('aria-label') ?? (by ?? label)?.textContent ?? '';
  };
  const fits = (element: Element): boolean =>
    (element.getAttribute('role') ?? { button: 'button', input: 'textbox' }[element.localName]) === role &&
    nameOf(element).replace(/\s+/g, ' ').trim() === name &&
    element.checkVisibility();
  const search = (root: ParentNode): Element | undefined => {
    for (const element of root.querySelectorAll('*')) {
      const found = fits(element) ? element : element.shadowRoot && search(element.shadowRoot);
      if (found) return found;
    }
    return undefined;
  };
  return search(document);
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
