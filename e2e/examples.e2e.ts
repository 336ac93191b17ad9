import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { keepLinks } from './support/call-links.ts';
import { callSwitches, inCalls } from './support/caller.ts';
import { inChat, type ChatHand } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;
/** Noor is at the other side of all of them: on the page of Vue, in her conversation with Mia. */
let noor: Guest;

interface Guest extends WatchedPage {
  readonly hand: ChatHand;
  /** A button of the page itself, not of the chat in it. */
  own(name: string | RegExp): Locator;
  /** How many sockets the chat has opened so far, not counting those of calls. */
  sockets(): number;
}

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser(callSwitches)]);
  noor = await open('vue', 'noor');
  await noor.own('Write').click();
  await noor.hand.composer.waitFor();
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
  expect(noor?.faults).toEqual([]);
});

/** Opens an example as one of the demo people, and waits until its page is there. */
const open = async (name: string, as: 'mia' | 'noor' = 'mia'): Promise<Guest> => {
  const watched = await openPage(browser);
  const { page, context } = watched;
  let opened = 0;
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).pathname === '/ws') opened += 1;
  });
  await context.addInitScript(keepLinks);
  await page.goto(`${server.url}/examples/${name}/${as === 'noor' ? '?as=noor' : ''}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return {
    ...watched,
    hand: inChat(page),
    own: (label) => page.locator('header, main').getByRole('button', { name: label, exact: true }).first(),
    sockets: () => opened,
  };
};

/** Opens an example as Mia until the test is over. */
const openAsMia = async (name: string): Promise<Guest> => {
  const mia = await open(name);
  onTestFinished(() => mia.context.close());
  expect(await mia.page.getByRole('link', { name: 'Open Noor’s side' }).getAttribute('href')).toBe('?as=noor');
  return mia;
};

/** What one writes, the other reads, both ways. */
const talk = async ({ hand }: Guest, about: string): Promise<void> => {
  await hand.say(`${about}: hello`);
  await noor.hand.message(`${about}: hello`).waitFor();
  await noor.hand.say(`${about}: hello yourself`);
  await hand.message(`${about}: hello yourself`).waitFor();
};

const fact = (page: Page, name: string): Promise<string | null> =>
  page.locator('dt', { hasText: name }).locator('+ dd').textContent();

/** The page is no wider than a small phone, and nothing in it is. */
const fitsPhone = async ({ page }: Guest): Promise<void> => {
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
};

describe('the example of', () => {
  test('React counts in its header what comes in, and opens the chat by a button beside a person', async () => {
    const mia = await openAsMia('react');
    await expect.poll(() => fact(mia.page, 'Connection')).toBe('connected');
    await expect.poll(() => fact(mia.page, 'Signed in')).toBe('Mia Lindqvist');
    await noor.hand.say('React: are you there?');
    await mia.own('Messages 1').waitFor();
    await expect.poll(() => fact(mia.page, 'Latest message')).toBe('Noor Haddad: React: are you there?');
    expect(await fact(mia.page, 'The panel is')).toBe('closed');
    await mia.own('Write').click();
    await mia.own('Messages 0').waitFor();
    await expect.poll(() => fact(mia.page, 'The panel is')).toBe('open');
    await talk(mia, 'React');
    // Strict mode mounted everything twice.
    expect(mia.sockets()).toBe(1);
    await fitsPhone(mia);
    expect(mia.faults).toEqual([]);
  });

  test('Vue fills in a draft by a template ref, and changes the language while the chat is in use', async () => {
    const mia = await openAsMia('vue');
    await mia.own('Ask about order 1042').click();
    await expect.poll(() => mia.hand.composer.inputValue()).toBe('Is order 1042 on its way?');
    await mia.page.getByLabel('Language of the chat').selectOption('ar');
    await mia.hand.chat.locator('[dir=rtl]').first().waitFor();
    await mia.hand.chat.getByRole('button', { name: 'رموز تعبيرية', exact: true }).waitFor();
    await mia.page.getByLabel('Language of the chat').selectOption('en');
    await mia.hand.chat.getByRole('button', { name: 'Emoji', exact: true }).waitFor();
    expect(await mia.hand.composer.inputValue()).toBe('Is order 1042 on its way?');
    await talk(mia, 'Vue');
    await expect.poll(() => fact(mia.page, 'Connection')).toBe('connected');
    await fitsPhone(mia);
    expect(mia.faults).toEqual([]);
  });

  test('Svelte asks in its own words whether to take a call', async () => {
    const mia = await openAsMia('svelte');
    await mia.own('Write').click();
    await talk(mia, 'Svelte');
    await noor.own('Call').click();
    await mia.page.getByRole('alert').getByText('Noor Haddad').waitFor();
    expect(await mia.hand.chat.getByRole('alertdialog').count()).toBe(0);
    await mia.own('Answer').click();
    const others = inCalls(noor.page, noor.hand.chat);
    await others.stage.getByRole('group', { name: /^Mia Lindqvist/ }).waitFor();
    await others.button('Leave the call').click();
    await mia.page.getByText('Have Noor call you').waitFor();
    await fitsPhone(mia);
    expect(mia.faults).toEqual([]);
  });

  test('plain Vite counts without the chat, and loads it when it is asked for', async () => {
    const mia = await openAsMia('vite');
    await expect.poll(() => fact(mia.page, 'Connection')).toBe('connected');
    await expect.poll(() => fact(mia.page, 'Signed in')).toBe('Mia Lindqvist');
    await noor.hand.say('Vite: are you there?');
    await mia.own('Messages 1').waitFor();
    await expect.poll(() => fact(mia.page, 'Latest message')).toBe('Noor Haddad: Vite: are you there?');
    expect(await mia.page.evaluate(() => customElements.get('teatime-chat') === undefined)).toBe(true);
    await mia.own('Messages 1').click();
    await mia.own('Messages 0').waitFor();
    expect(await fact(mia.page, 'Counted by')).toBe('the element');
    await talk(mia, 'Vite');
    await fitsPhone(mia);
    expect(mia.faults).toEqual([]);
  });

  test('a strict policy is sent as it is listed, is not violated, and says so when it is', async () => {
    const mia = await openAsMia('strict-csp');
    await talk(mia, 'Strict');
    const policy = (await mia.page.request.get(mia.page.url())).headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
    const listed = mia.page.getByLabel('The policy of this page');
    expect((await listed.locator('dt').allTextContents()).join('; ')).toBe(policy);
    expect((await listed.locator('dd').allTextContents()).filter((reason) => reason === '')).toEqual([]);
    const violations = mia.page.getByRole('status').filter({ hasText: 'Violations' }).locator('strong');
    expect(await violations.textContent()).toBe('0');
    expect(mia.faults).toEqual([]);
    await mia.own('Break it on purpose').click();
    await expect.poll(() => violations.textContent()).toBe('1');
    expect(mia.faults.join()).toContain('style-src');
    await fitsPhone(mia);
  });

  test('navigation keeps a draft, the connection and a call while views come and go, also by Back', async () => {
    const mia = await openAsMia('spa-navigation');
    const { page, hand } = mia;
    const call = inCalls(page, hand.chat);
    const goTo = async (view: string) => {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
      await page.getByRole('heading', { level: 1, name: view }).waitFor();
    };
    await page.evaluate(() => (document.querySelector('teatime-chat')!.dataset['seen'] = 'first'));
    await mia.own('Write').click();
    await talk(mia, 'Navigation');
    await hand.composer.fill('half a thought');

    await goTo('Teas');
    await goTo('Messages');
    await page.locator('main teatime-chat[mode=inline]').waitFor();
    await expect.poll(() => hand.composer.inputValue()).toBe('half a thought');
    await noor.own('Call').click();
    await hand.chat.getByRole('alertdialog').getByRole('button', { name: 'Accept', exact: true }).click();
    await expect
      .poll(async () => (await call.links()).map(({ state }) => state), { timeout: 30_000 })
      .toEqual(['connected']);
    const heard = async () => (await call.links())[0]?.energy ?? 0;

    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Teas' }).waitFor();
    await page.locator('#dock > teatime-chat[mode=launcher]').waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    const before = await heard();
    await expect.poll(heard, { timeout: 30_000 }).toBeGreaterThan(before + 0.0005);
    expect(await hand.chat.evaluate((element) => element.matches(':state(in-call)'))).toBe(true);
    await page.goForward();
    await page.goForward();
    await page.getByRole('heading', { level: 1, name: 'Messages' }).waitFor();
    await call.button('Leave the call').click();
    await noor.hand.chat.getByText('The call has ended.').waitFor();

    await expect.poll(() => hand.composer.inputValue()).toBe('half a thought');
    expect(await hand.chat.getAttribute('data-seen')).toBe('first');
    expect(mia.sockets()).toBe(1);
    await fitsPhone(mia);
    expect(mia.faults).toEqual([]);
  });
});

describe('the theme lab', () => {
  test('shows each choice on a real chat, warns of what cannot be read, and copies a style sheet that does the same elsewhere', async () => {
    const { page, context, faults } = await openPage(browser, {
      viewport: { width: 1200, height: 1000 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    onTestFinished(() => context.close());
    await page.goto(`${server.url}/examples/theme-lab/`);
    const verdict = page.locator('#verdict');
    await inChat(page).composer.waitFor();
    await expect.poll(() => verdict.innerText()).toBe('All of it');

    const before = await drawn(page);
    await page.getByRole('button', { name: 'Hibiscus' }).click();
    await page.getByRole('radio', { name: 'Filled' }).check();
    await expect.poll(async () => (await drawn(page)).color).toBe('rgb(160, 48, 90)');
    await page.getByLabel('Corners').fill('4');
    await expect.poll(async () => (await drawn(page)).radius).toBeLessThan(before.radius);
    await page.getByLabel('Density').fill('0.8');
    await expect.poll(async () => (await drawn(page)).padding).toBeLessThan(before.padding);
    await page.locator('select[name=font]').selectOption({ label: 'Serif' });
    await expect.poll(async () => (await drawn(page)).font).toContain('Georgia');
    await page.getByLabel('Size of type').fill('18');
    await expect.poll(async () => (await drawn(page)).size).toBeGreaterThan(before.size);
    await expect.poll(() => verdict.innerText()).toBe('All of it');

    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await page.locator('#css').textContent());
    const chosen = await drawn(page);

    // Colours that cannot be told apart are named.
    await page.getByRole('checkbox', { name: 'Own colours' }).check();
    await page.locator('input[name=surface]').fill('#cccccc');
    await page.locator('input[name=text]').fill('#999999');
    await expect.poll(() => verdict.innerText()).toMatch(/too faint/);
    const row = page.getByRole('row', { name: /^Text on the background/ });
    expect(await row.innerText()).toContain('too faint: needs 4.5');

    // Elsewhere: a page with nothing but the style sheet.
    await page.getByRole('button', { name: 'Start again' }).click();
    await expect.poll(() => drawn(page)).toEqual(before);
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    }, copied);
    await expect.poll(() => drawn(page)).toEqual(chosen);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(faults).toEqual([]);
  });
});

/** What the choices of the lab change in the chat's frame and in one's own message. */
const drawn = async (page: Page) => {
  const { chat } = inChat(page);
  const radius = await chat
    .locator('[part~=panel]')
    .evaluate((panel) => Number.parseFloat(getComputedStyle(panel).borderStartStartRadius));
  const own = await chat
    .locator('[part~=bubble]')
    .filter({ hasText: 'On my way' })
    .evaluate((bubble) => {
      const { backgroundColor, paddingBlockStart, fontFamily, fontSize } = getComputedStyle(bubble);
      return {
        color: backgroundColor,
        padding: Number.parseFloat(paddingBlockStart),
        font: fontFamily,
        size: Number.parseFloat(fontSize),
      };
    });
  return { radius, ...own };
};
