import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';

/** What a view is looked at in: the theme, and a language with its direction. */
const dresses = [
  { theme: 'light', lang: 'en', dir: 'ltr' },
  { theme: 'dark', lang: 'en', dir: 'ltr' },
  { theme: 'light', lang: 'ar', dir: 'rtl' },
] as const;

/** Looks at what a page's chat shows. */
export interface Looker {
  /** Notes what axe finds in the view in light, in dark and from right to left, and what is in motion. The chat is left in light and English. */
  look(view: string): Promise<void>;
  /** How many views were looked at. */
  readonly views: readonly string[];
  /** What was found so far. */
  readonly faults: readonly string[];
}

/** Gives a page axe, asks it for stillness, and looks at its chat from then on. With `SCREENSHOTS` set to a folder it keeps a picture of each view there. */
export async function lookerAt(page: Page, chat: Locator, folder = process.env['SCREENSHOTS']): Promise<Looker> {
  const views: string[] = [];
  const faults: string[] = [];
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await loadAxe(page);
  return {
    views,
    faults,
    async look(view) {
      views.push(view);
      for (const dress of dresses) {
        await putOn(chat, dress);
        const name = `${view}, ${dress.theme}, ${dress.dir}`;
        if (folder) await page.screenshot({ path: `${folder}/${name.replaceAll(/\W+/g, '-')}.png` });
        for (const fault of await faultsIn(chat)) faults.push(`${name}: ${fault}`);
        for (const motion of await motionsIn(page)) faults.push(`${name}: ${motion} moves`);
      }
      await putOn(chat, dresses[0]);
    },
  };
}

/** Loads axe into a page whose policy lets no script of a test in but as part of the page itself. */
export async function loadAxe(page: Page): Promise<void> {
  await page.evaluate(await readFile('node_modules/axe-core/axe.min.js', 'utf8'));
}

/** What axe finds in an element, shadow roots included. Rules about whole pages are left out: an element is a part of somebody's page. */
export function faultsIn(element: Locator): Promise<string[]> {
  return element.evaluate(async (root) => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const off = { enabled: false };
    const { violations } = await axe.run(root, {
      resultTypes: ['violations'],
      rules: { region: off, 'page-has-heading-one': off, 'landmark-one-main': off, 'target-size': { enabled: true } },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.flat().join(' ')}: ${failureSummary ?? ''}`),
    );
  });
}

/** What moves by itself in a page, shadow roots included: animations and transitions that run. */
export function motionsIn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const rootsIn = (root: Document | ShadowRoot): (Document | ShadowRoot)[] => [
      root,
      ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? rootsIn(shadowRoot) : [])),
    ];
    return rootsIn(document)
      .flatMap((root) => root.getAnimations())
      .filter(({ playState }) => playState === 'running')
      .map((animation) => {
        const { target, pseudoElement } = animation.effect as KeyframeEffect;
        const what = animation instanceof CSSTransition ? animation.transitionProperty : '';
        return `${target?.localName}.${target?.className ?? ''}${pseudoElement ?? ''} ${what}`;
      });
  });
}

/** What is cut off in a page, shadow roots included: text that its box hides and does not shorten by an ellipsis, and what stands out to the side. */
export function cutOffIn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all = (root: Document | ShadowRoot): Element[] =>
      [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
    const isShown = (one: Element): boolean =>
      one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest('.visually-hidden');
    return all(document)
      .filter((one) => one instanceof HTMLElement && isShown(one))
      .flatMap((one) => {
        const { clientWidth, clientHeight, scrollWidth, scrollHeight, localName, className } = one;
        const { overflowX, overflowY, textOverflow } = getComputedStyle(one);
        const box = one.getBoundingClientRect();
        const name = `${localName}.${className} "${one.textContent.trim().slice(0, 30)}"`;
        const hasText = [...one.childNodes].some((node) => node instanceof Text && node.data.trim() !== '');
        const hides = hasText && textOverflow !== 'ellipsis';
        if (hides && overflowX === 'hidden' && scrollWidth > clientWidth + 1) return [`${name} is cut off at its side`];
        if (hides && overflowY === 'hidden' && scrollHeight > clientHeight + 1) return [`${name} is cut off below`];
        const { fontSize, lineHeight } = getComputedStyle(one);
        const isField = one.matches('textarea, input:not([type=radio], [type=checkbox], [type=range], [type=file])');
        if (isField && Math.min(parseFloat(lineHeight) || clientHeight, clientHeight) < parseFloat(fontSize) * 1.1)
          return [`${name} has lines too low for its letters`];
        const isLeaf = hasText || one.matches('button, input, textarea');
        if (isLeaf && (box.left < -1 || box.right > innerWidth + 1)) return [`${name} is beside the page`];
        return [];
      });
  });
}

/** Dresses the chat, and waits until all of it is drawn that way. */
async function putOn(chat: Locator, { theme, lang, dir }: (typeof dresses)[number]): Promise<void> {
  await chat.evaluate(
    async (element, next) => {
      element.setAttribute('theme', next.theme);
      element.setAttribute('lang', next.lang);
      const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
      // A language is fetched when it is first wanted; the direction comes with it.
      while (getComputedStyle(element).direction !== next.dir) await frame();
      for (let count = 0; count < 2; count++) await frame();
    },
    { theme, lang, dir },
  );
}
