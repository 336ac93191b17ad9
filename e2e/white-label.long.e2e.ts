import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { iconPrints, printOf } from '../widget/elements/icon-names.ts';
import type { IconNode } from '../widget/elements/icon.ts';
import { launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const switches = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  [server, browser] = await Promise.all([startServer(), launchBrowser(switches)]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** Opens a page of one's own around the chat: one of the server's, under its policy, with another body and style sheet. */
const openHost = async (body: string, style = ''): Promise<WatchedPage> => {
  const watched = await openPage(browser);
  await watched.page.goto(`${server.url}/examples/page/`);
  await watched.page.evaluate(
    ([body, style]) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      document.adoptedStyleSheets = [sheet];
      (document.querySelector('teatime-chat') as HTMLElement & { destroy(): void }).destroy();
      document.body.innerHTML = body;
    },
    [body, style] as const,
  );
  return watched;
};

/** An account, and an access token for it as a page's own server would hand it out. */
const anAccount = async (username: string, displayName: string): Promise<{ id: string; token: string }> => {
  const response = await fetch(`${server.url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, displayName, password: 'two sugars, no milk' }),
  });
  const { user, accessToken } = (await response.json()) as { user: { id: string }; accessToken: string };
  return { id: user.id, token: accessToken };
};

/** Everything that is written on a page or said by it, in all shadow roots. */
const wordsOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const words: string[] = [document.title];
    const collect = (root: ParentNode): void => {
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        if (element.matches('script, style, code')) continue;
        for (const name of ['aria-label', 'title', 'alt', 'placeholder', 'aria-description'])
          words.push(element.getAttribute(name) ?? '');
        for (const node of element.childNodes) if (node instanceof Text) words.push(node.data);
        if (element.shadowRoot) collect(element.shadowRoot);
      }
    };
    collect(document);
    return words.join('\n');
  });

describe('the example of a product page', () => {
  test('shows a chat of its own looks, pictures, words and sign-in, and says nowhere who made it', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${server.url}/examples/white-label/`);
    const { chat, composer, message } = inChat(page);
    await chat.getByRole('button', { name: 'Ask us' }).click();
    await page.getByRole('heading', { name: 'Questions about the notebook' }).waitFor();
    expect(await chat.locator('teatime-sign-in').count()).toBe(0);
    expect(await wordsOf(page)).not.toMatch(/teatime/i);

    await page.getByRole('button', { name: 'Continue' }).click();
    await composer.waitFor();
    await page.getByRole('button', { name: 'Ask for the size' }).click();
    await expect.poll(() => composer.inputValue()).toBe('What size is it, exactly?');
    const send = chat.locator('teatime-composer .send');
    expect(await send.locator('path').getAttribute('d')).toBe('M4 12h14M12 6l6 6-6 6');
    expect(await send.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe('rgb(39, 64, 139)');
    await composer.press('Enter');
    await message('What size is it, exactly?').waitFor();
    expect(await wordsOf(page)).not.toMatch(/teatime/i);

    await chat.getByRole('button', { name: 'Back to conversations' }).click();
    await page.getByText('Answered by the people who sew them.').waitFor();
    await page.locator('img[slot=header-start]').waitFor();
    await chat.getByRole('heading', { name: 'Your questions' }).waitFor();
    expect(await wordsOf(page)).not.toMatch(/teatime/i);
    expect(faults).toEqual([]);
  });

  test('fits a phone without scrolling sideways', async () => {
    const { page, faults } = await openPage(browser, {
      viewport: { width: 320, height: 640 },
      hasTouch: true,
      isMobile: true,
    });
    await page.goto(`${server.url}/examples/white-label/`);
    await page.getByRole('button', { name: 'Ask whether it takes your ink' }).tap();
    await page.getByRole('button', { name: 'Continue' }).tap();
    const { composer } = inChat(page);
    // What was to be asked before the sign-in is in the composer after it.
    await expect.poll(() => composer.inputValue()).toBe('Does the paper take fountain pen ink?');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(faults).toEqual([]);
  });
});

describe('slots', () => {
  const names = ['launcher', 'header-start', 'header-end', 'empty', 'sign-in', 'composer-actions', 'footer'];

  test('each show what the page puts there, and the chat’s own again when it is gone', async () => {
    const [pia, rob] = await Promise.all([anAccount('pia', 'Pia Lund'), anAccount('rob', 'Rob Oyelaran')]);
    const { page, faults } = await openHost(
      `<teatime-chat>${names.map((name) => `<b slot="${name}">my ${name}</b>`).join('')}</teatime-chat>`,
    );
    const { chat, composer } = inChat(page);
    const mine = (name: string) => page.locator(`b[slot=${name}]`);
    await mine('launcher').click();
    await mine('sign-in').waitFor();
    expect(await chat.locator('teatime-sign-in').count()).toBe(0);
    await mine('sign-in').evaluate((element) => element.remove());
    await chat.getByLabel(/^User name, e-mail/).waitFor();

    await chat.evaluate(
      (element, token) => (element as HTMLElement & { signIn(token: string): Promise<void> }).signIn(token),
      pia.token,
    );
    for (const name of ['header-start', 'header-end', 'empty', 'footer']) await mine(name).waitFor();
    expect(await chat.getByText('No conversations yet').count()).toBe(0);
    await mine('empty').evaluate((element) => element.remove());
    await chat.getByText('No conversations yet').waitFor();

    await chat.evaluate(
      (element, userId) =>
        (element as HTMLElement & { openConversation(target: { userId: string }): Promise<void> }).openConversation({
          userId,
        }),
      rob.id,
    );
    await composer.waitFor();
    await mine('composer-actions').waitFor();
    expect(faults).toEqual([]);
  });
});

describe('parts and states', () => {
  const parts = ['launcher', 'panel', 'header', 'list', 'item', 'button', 'composer', 'bubble', 'call-stage'];
  /** Each part has a colour of its own. */
  const color = (part: string): string => `rgb(${parts.indexOf(part) + 1}, 20, 30)`;
  const style = [
    ...parts.map((part) => `teatime-chat::part(${part}) { outline: 2px solid ${color(part)}; }`),
    ...['open', 'offline', 'in-call'].map((state) => `teatime-chat:state(${state}) { --${state}: yes; }`),
  ].join('\n');

  test('are within reach of the page’s style sheets, however deep they are', async () => {
    const [una, vic] = await Promise.all([anAccount('una', 'Una Brand'), anAccount('vic', 'Vic Moss')]);
    const { page, faults } = await openHost('<teatime-chat></teatime-chat>', style);
    const { chat, composer, say, message } = inChat(page);
    const outline = (part: string): Promise<string> =>
      chat
        .locator(`[part~=${part}]`)
        .first()
        .evaluate((element) => getComputedStyle(element).outlineColor);
    const state = (name: string): Promise<string> =>
      chat.evaluate((element, name) => getComputedStyle(element).getPropertyValue(`--${name}`), name);
    const call = <T extends unknown[]>(method: string, ...args: T): Promise<void> =>
      chat.evaluate(
        (element, [method, args]) =>
          (element as unknown as Record<string, (...args: unknown[]) => Promise<void>>)[method]!(...args),
        [method, args] as const,
      );

    expect(await outline('launcher')).toBe(color('launcher'));
    expect(await state('open')).toBe('');
    await call('show');
    expect(await state('open')).toBe('yes');
    await chat.getByLabel(/^User name, e-mail/).waitFor();
    expect(await outline('panel')).toBe(color('panel'));
    expect(await outline('button')).toBe(color('button'));

    await call('signIn', una.token);
    await call('openConversation', { userId: vic.id });
    await composer.waitFor();
    expect(await outline('composer')).toBe(color('composer'));
    await say('Hello');
    await message('Hello').waitFor();
    expect(await outline('bubble')).toBe(color('bubble'));
    await chat.getByRole('button', { name: 'Back to conversations' }).click();
    await chat.locator('[part~=item]').waitFor();
    for (const part of ['header', 'list', 'item']) expect(await outline(part)).toBe(color(part));

    await expect.poll(() => state('offline')).toBe('');
    await server.crash();
    await expect.poll(() => state('offline')).toBe('yes');
    await server.start();
    await expect.poll(() => state('offline'), { timeout: 30_000 }).toBe('');

    expect(await state('in-call')).toBe('');
    await call('startCall', { userId: vic.id });
    await chat.locator('[part~=call-stage]').waitFor();
    expect(await outline('call-stage')).toBe(color('call-stage'));
    await expect.poll(() => state('in-call')).toBe('yes');
    await call('hangUp');
    await expect.poll(() => state('in-call')).toBe('');
    await call('hide');
    expect(await state('open')).toBe('');
    expect(faults).toEqual([]);
  });
});

describe('icons', () => {
  test('are all known by name, so that a page can replace each of them', async () => {
    const used = new Set<string>();
    for (const file of readdirSync('widget', { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue;
      for (const [, name] of readFileSync(`widget/${file}`, 'utf8').matchAll(
        /^import \w+ from 'lucide\/.*\/(.+)\.mjs'/gm,
      ))
        used.add(name!);
    }
    const prints: Record<string, string> = {};
    for (const name of [...used].sort()) {
      const path = new URL(`../node_modules/lucide/dist/esm/icons/${name}.mjs`, import.meta.url).href;
      prints[name] = printOf(((await import(path)) as { default: IconNode }).default);
    }
    expect(used.size).toBeGreaterThan(50);
    expect(iconPrints).toEqual(prints);
  });

  test('are replaced by a path or by a copy of an element, in their size, and unknown names are told', async () => {
    const { page, faults } = await openHost(
      `<svg id="cross" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"></circle></svg>
      <teatime-chat></teatime-chat>`,
    );
    const warned: string[] = [];
    page.on('console', (message) => message.type() === 'warning' && warned.push(message.text()));
    await page.evaluate(() => {
      const chat = customElements.get('teatime-chat') as unknown as { icons: Record<string, unknown> };
      chat.icons = { x: document.querySelector('#cross'), coffee: 'M2 2h20v20H2z', teapot: 'M0 0h1v1z' };
    });
    const { chat } = inChat(page);
    await chat.getByRole('button', { name: 'Open chat' }).click();
    await chat.getByLabel(/^User name, e-mail/).waitFor();
    expect(await chat.locator('teatime-sign-in .mark path').getAttribute('d')).toBe('M2 2h20v20H2z');
    const cross = chat.locator('teatime-panel .close svg');
    expect(await cross.locator('circle').count()).toBe(1);
    expect(await cross.evaluate((svg) => [svg.id, svg.clientWidth, svg.ariaHidden])).toEqual(['', 20, 'true']);
    expect(await page.locator('#cross').count()).toBe(1);
    expect(warned.join()).toContain('unable to replace the icon "teapot"');
    expect(faults).toEqual([]);
  });
});
