import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokens } from '../widget/styles/tokens.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat, password } from './support/chat.ts';
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

/** A value that nothing has by itself. */
const oddValue = (name: string): string =>
  ({
    font: '"Courier New"',
    'font-mono': '"Arial Black"',
    'font-size': '17.25px',
    density: '1.37',
    duration: '777ms',
    shadow: '0 0 7px rgb(1, 2, 3)',
  })[name] ?? (/radius/.test(name) ? '3.5px' : /width|height/.test(name) ? '333px' : 'rgb(1, 2, 3)');

/** Sets each token on the chat, one after the other, and tells which of them change how anything in it is drawn. */
const findMoving = (page: Page, names: readonly string[]): Promise<string[]> =>
  page.locator('teatime-chat').evaluate(
    (chat: HTMLElement, odd) => {
      const looked = ['color', 'background-color', 'background-image', 'border-top-color', 'border-inline-start-color'];
      looked.push('border-bottom-color', 'border-top-left-radius', 'border-bottom-right-radius', 'outline-color');
      looked.push('outline-style', 'box-shadow', 'font-family', 'font-size', 'min-height', 'height', 'width');
      looked.push('padding-top', 'transition-duration', 'animation-duration', 'accent-color', 'scrollbar-color');
      const shown: Element[] = [chat];
      const collect = (root: ParentNode): void => {
        for (const element of root.querySelectorAll('*')) {
          if (element.localName !== 'slot' && element.checkVisibility()) shown.push(element);
          if (element.shadowRoot) collect(element.shadowRoot);
        }
      };
      collect(chat.shadowRoot!);
      const draw = (): string =>
        shown
          .map((element) => {
            const style = getComputedStyle(element);
            const ring = style.outlineStyle === 'none' ? '' : style.outlineColor;
            return looked.map((name) => (name === 'outline-color' ? ring : style.getPropertyValue(name))).join(';');
          })
          .join('\n');
      const { style } = chat;
      // What is on its way from one colour to the next has not changed yet.
      style.setProperty('--teatime-duration', '0s');
      const before = draw();
      return odd
        .filter(([name, value]) => {
          const own = style.getPropertyValue(`--teatime-${name}`);
          style.setProperty(`--teatime-${name}`, value!);
          const moved = draw() !== before;
          if (own) style.setProperty(`--teatime-${name}`, own);
          else style.removeProperty(`--teatime-${name}`);
          return moved;
        })
        .map(([name]) => name!);
    },
    names.map((name) => [name, oddValue(name)]),
  );

describe('tokens', () => {
  test('each change how something is drawn', { timeout: 180_000 }, async () => {
    const still = new Set<string>(Object.keys(tokens));
    const { page, faults } = await openPage(browser, { viewport: { width: 1300, height: 900 } });
    const look = async (): Promise<void> => {
      for (const name of await findMoving(page, [...still])) still.delete(name);
    };
    await page.goto(`${server.url}/examples/page/`);
    const { chat, register, composer, openConversation, say, message } = inChat(page);

    // The gate: fields, a button hovered and pressed, an error.
    await chat.getByLabel(/^User name, e-mail/).fill('nobody');
    await chat.getByLabel('Password', { exact: true }).fill(password);
    const submit = chat.getByRole('button', { name: 'Sign in', exact: true });
    await submit.click();
    await chat.getByText("That name and password don't match.").waitFor();
    await submit.hover();
    await look();
    await page.mouse.down();
    await look();
    await page.mouse.move(5, 5);
    await page.mouse.up();
    await chat.getByLabel('Password', { exact: true }).focus();
    await look();

    // The list with something unread, then the conversation with its details.
    await register({ name: 'Wim Aerts', username: 'wim' });
    const other = await openPage(browser);
    await other.page.goto(`${server.url}/examples/page/`);
    const xia = inChat(other.page);
    await xia.register({ name: 'Xia Lin', username: 'xia' });
    await xia.writeTo('Wim Aerts');
    await xia.say('Look at `this`');
    const item = chat.locator('teatime-conversation-item').filter({ hasText: 'Xia Lin' });
    await item.locator('.pill').waitFor();
    await item.hover();
    await look();
    await openConversation('Xia Lin');
    await say('I do, and *gladly*');
    await message('I do, and').waitFor();
    await xia.message('I do, and').waitFor();
    await message('I do, and').getByText('Read', { exact: true }).waitFor({ state: 'attached' });
    await chat.getByRole('button', { name: /details/i }).click();
    await chat.locator('teatime-details').waitFor();
    await composer.focus();
    await look();
    await message('Look at').hover();
    await message('Look at').getByRole('button', { name: 'More', exact: true }).click();
    await chat.getByRole('menuitem').first().waitFor();
    await look();
    await page.keyboard.press('Escape');

    // Somebody who has been away for a while takes ten minutes to come by: the dot is what is looked at here.
    await chat
      .locator('teatime-conversation-item teatime-avatar')
      .first()
      .evaluate((avatar) => avatar.setAttribute('presence', 'away'));
    await chat.locator('teatime-conversation-item .presence.away').waitFor();
    await look();

    // The other modes, and a line that is down.
    await chat.evaluate((element) => element.setAttribute('mode', 'launcher'));
    await chat.evaluate((element) => element.setAttribute('open', ''));
    await chat.locator('dialog').waitFor();
    await look();
    await chat.evaluate((element) => element.setAttribute('mode', 'inline'));
    await look();
    await server.crash();
    await chat.locator('teatime-notices .notice').waitFor();
    await look();
    await server.start();
    expect([...still]).toEqual([]);
    expect([...faults, ...other.faults]).toEqual([]);
  });
});

describe('the theme lab', () => {
  test('is accessible, in light, dark and from right to left', async () => {
    const { page } = await openPage(browser, { viewport: { width: 1200, height: 1000 } });
    await page.goto(`${server.url}/examples/theme-lab/`);
    await inChat(page).composer.waitFor();
    // The page's policy lets no script of a test in but as part of the page itself.
    const { readFile } = await import('node:fs/promises');
    await page.evaluate(await readFile('node_modules/axe-core/axe.min.js', 'utf8'));
    for (const [theme, dir] of [
      ['Light', 'ltr'],
      ['Dark', 'rtl'],
    ] as const) {
      await page.getByRole('radio', { name: theme }).check();
      const faults = await page.evaluate(async (dir) => {
        document.documentElement.dir = dir;
        const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
        const { violations } = await axe.run(document);
        return violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
        );
      }, dir);
      expect(faults).toEqual([]);
    }
  });
});
