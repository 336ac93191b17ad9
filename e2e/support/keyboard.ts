import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What a person does by the keyboard alone: what is named is named as assistive technology names it. */
export interface KeyboardHand {
  /** Tabs on until what has that name has the focus; fails when the focus leaves the page first, or cannot be seen on the way. */
  tabTo(name: string | RegExp): Promise<void>;
  /** The same, backwards. */
  shiftTabTo(name: string | RegExp): Promise<void>;
  /** Tabs on until what has the focus now has it again; tells what had it on the way. */
  tabRound(): Promise<readonly string[]>;
  press(...keys: readonly string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** Waits until what has that name has the focus. */
  focused(name: string | RegExp): Promise<void>;
}

/** More steps than any view has. */
const enough = 60;

/** Somebody at the keyboard of a page. */
export function inHand(page: Page): KeyboardHand {
  const { keyboard } = page;
  const holder = (): Promise<Holder> => page.evaluate(focusHolder);
  const go = async (key: string, name: string | RegExp): Promise<void> => {
    const passed: string[] = [];
    for (let step = 0; step < enough; step++) {
      await keyboard.press(key);
      const here = await holder();
      if (here.name !== '' && !here.seen) throw new Error(`unable to see the focus; it is on ${here.name}`);
      if (fits(here.name, name)) return;
      passed.push(here.name);
    }
    throw new Error(`unable to reach ${name} by ${key}; passed ${passed.join(' | ')}`);
  };
  return {
    tabTo: (name) => go('Tab', name),
    shiftTabTo: (name) => go('Shift+Tab', name),
    async tabRound() {
      const { name: start } = await holder();
      const passed: string[] = [];
      for (let step = 0; step < enough; step++) {
        await keyboard.press('Tab');
        const { name } = await holder();
        if (name === start) return passed;
        passed.push(name);
      }
      throw new Error(`unable to come round to ${start}; passed ${passed.join(' | ')}`);
    },
    async press(...keys) {
      for (const key of keys) await keyboard.press(key);
    },
    async type(text) {
      await keyboard.type(text);
    },
    async focused(name) {
      await expect
        .poll(async () => (await holder()).name, { timeout: 20_000 })
        .toSatisfy((now: string) => fits(now, name), `has the name ${name}`);
    },
  };
}

/** The field of the sign-in form that comes first. */
export const userField = 'User name, e-mail or phone';

/** What of the sign-in form has the focus at first: where a finger would throw up the keyboard by a field it is the title. */
export const firstInSignIn = async (page: Page): Promise<string> =>
  (await page.evaluate(() => matchMedia('(pointer: fine)').matches)) ? userField : 'Good to see you';

/** Opens a page with a closed launcher between two buttons of its own. It opens no sockets: to Chromium it does not come from this machine. */
export async function launcherPage(page: Page, server: string): Promise<void> {
  await page.route(`${server}/launcher.html`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><html lang="en"><title>Shop</title><meta name="viewport" content="width=device-width"><script type="module" src="/teatime-chat.js"></script><button>Before</button><teatime-chat></teatime-chat><button>After</button>',
    }),
  );
  await page.goto(`${server}/launcher.html`);
  await page.getByRole('button', { name: 'Open chat' }).waitFor();
}

const fits = (name: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? name === wanted : wanted.test(name);

interface Holder {
  readonly name: string;
  /** Something is drawn around it, or around what it is in. */
  readonly seen: boolean;
}

/** In the page: what has the focus, however deep in the shadow. */
function focusHolder(): Holder {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return { name: '', seen: true };
  const labels = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels : null;
  const text = element instanceof HTMLElement ? element.innerText || element.shadowRoot?.textContent : '';
  const name = element.ariaLabel ?? labels?.[0]?.textContent ?? text ?? '';
  const drawn = (shown: Element): boolean => {
    const { outlineStyle, boxShadow } = getComputedStyle(shown);
    return outlineStyle !== 'none' || boxShadow !== 'none';
  };
  // A field in a box leaves the ring to the box, a message to its bubble.
  const around = [element, element.parentElement, element.parentElement?.parentElement].filter((one) => !!one);
  const seen = [...around, ...(element.shadowRoot?.querySelectorAll('*') ?? [])].some(drawn);
  return { name: name.replace(/\s+/g, ' ').trim(), seen };
}
