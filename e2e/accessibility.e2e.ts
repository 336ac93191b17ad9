import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookerAt, motionsIn } from './support/accessible.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { callSwitches, inCalls } from './support/caller.ts';
import { inChat } from './support/chat.ts';
import { firstInSignIn, inHand, launcherPage } from './support/keyboard.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser(callSwitches)]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** Somebody with an account whose chat fills the page. */
const arrive = async (name: string, username: string) => {
  const { page, faults } = await openPage(browser);
  await page.goto(`${server.url}/examples/page/`);
  const hand = inChat(page);
  await hand.register({ name, username });
  return { page, faults, ...hand, ...inCalls(page, hand.chat) };
};

test(
  'the main views are accessible in light, dark and from right to left, and still when stillness is asked for',
  { timeout: 180_000 },
  async () => {
    const val = await arrive('Val Vale', 'valvale');
    const { page, faults } = await openPage(browser);
    await page.goto(`${server.url}/examples/page/`);
    const hand = inChat(page);
    const { chat, composer, message } = hand;
    const { button, stage } = inCalls(page, chat);
    await chat.getByLabel(/^User name, e-mail/).waitFor();
    const looker = await lookerAt(page, chat);

    await looker.look('sign-in');
    await hand.register({ name: 'Uma Ray', username: 'umaray' });
    await looker.look('empty list');
    await button('Your profile').click();
    await button('Sign out').waitFor();
    await looker.look('profile');
    await button('Back').click();
    await hand.writeTo('Val Vale');
    await hand.say('Is the *kettle* on?');
    await val.openConversation('Uma Ray');
    await val.message('Is the kettle on?').waitFor();
    await val.say('It boils');
    await message('It boils').waitFor();
    await looker.look('list and conversation');
    await message('Is the kettle').hover();
    await button('More').click();
    await chat.getByRole('menuitem', { name: 'Edit' }).waitFor();
    await looker.look('menu of a message');
    await page.keyboard.press('Escape');
    await button('Add a reaction').click();
    await chat.getByRole('dialog', { name: 'Emoji' }).waitFor();
    await looker.look('emoji picker');
    await page.keyboard.press('Escape');
    await button('Details').click();
    await button('Close details').waitFor();
    await looker.look('details');
    await button('Close details').click();
    await composer.waitFor();

    await val.button('Audio call').click();
    const card = chat.getByRole('alertdialog', { name: 'Val Vale' });
    await card.waitFor();
    await looker.look('incoming call');
    await card.getByRole('button', { name: 'Accept', exact: true }).click();
    await stage.getByRole('group', { name: /^Val Vale/ }).waitFor();
    await looker.look('call');
    await button('Leave the call').click();
    await val.chat.getByText('The call has ended.').waitFor();
    expect(looker.faults).toEqual([]);
    expect([...faults, ...val.faults]).toEqual([]);
  },
);

describe('a screen reader', () => {
  test('is told of new messages of others and of nothing else, once, by a region beside the log', async () => {
    const [ada, bob] = await Promise.all([arrive('Ada Ear', 'ada-ear'), arrive('Bob Eye', 'bob-eye')]);
    await bob.writeTo('Ada Ear');
    await bob.say('before it is open');
    await ada.openConversation('Bob Eye');
    await ada.message('before it is open').waitFor();
    const log = ada.chat.getByRole('log', { name: 'Messages' });
    expect(await log.getAttribute('aria-live')).toBe('off');
    expect(await log.locator('[aria-live]:not([aria-live=off]), [role=status], [role=alert]').count()).toBe(0);
    await listen(ada.chat.locator('teatime-timeline'));

    await ada.say('my own');
    await bob.message('my own').waitFor();
    await bob.act('my own', 'Add a reaction');
    await bob.chat.getByRole('dialog', { name: 'Emoji' }).locator('.grid button').first().click();
    await ada.message('my own').locator('.reaction').waitFor();
    await bob.act('before it is open', 'Edit');
    await bob.say('before it was open');
    await ada.message('before it was open').waitFor();
    await bob.say('Hm');
    await expect.poll(() => heard(ada.page)).toEqual(['Bob Eye: Hm']);
    await bob.say('Hm');
    await expect.poll(() => heard(ada.page)).toEqual(['Bob Eye: Hm', 'Bob Eye: Hm']);
    expect([...ada.faults, ...bob.faults]).toEqual([]);
  });
});

/** Notes each text that the polite region of a timeline comes to hold. */
const listen = (timeline: Locator): Promise<void> =>
  timeline.evaluate((element) => {
    const heard: string[] = ((globalThis as { heard?: string[] }).heard = []);
    const region = element.shadowRoot!.querySelector('[aria-live=polite]')!;
    const note = (): unknown => heard.push(region.textContent!.trim());
    new MutationObserver(note).observe(region, { childList: true, characterData: true, subtree: true });
  });

const heard = (page: Page): Promise<string[]> => page.evaluate(() => (globalThis as { heard?: string[] }).heard ?? []);

describe('the panel of the launcher', () => {
  test('lets the focus out beside the page, and holds it where it covers the page', async () => {
    const { page } = await openPage(browser);
    await launcherPage(page, server.url);
    const hand = inHand(page);
    await hand.tabTo('Open chat');
    await hand.press('Enter');
    await hand.focused(await firstInSignIn(page));
    await hand.tabTo('After');

    await page.setViewportSize({ width: 360, height: 640 });
    await page.locator('teatime-panel').getByRole('button', { name: 'Close chat' }).click();
    await hand.focused('Open chat');
    await hand.press('Enter');
    await hand.focused(await firstInSignIn(page));
    // Once round: nothing of the page is among it.
    const stops = await hand.tabRound();
    expect(stops).toContain('Password');
    expect(stops).not.toContain('After');
    expect(stops).not.toContain('Before');
    await hand.press('Escape');
    await hand.focused('Open chat');
  });

  test('stands still for who asks for stillness', async () => {
    for (const reducedMotion of ['no-preference', 'reduce'] as const) {
      const { page } = await openPage(browser, { reducedMotion });
      await launcherPage(page, server.url);
      // What is slow enough to be seen by a test moves for others.
      await page.locator('teatime-chat').evaluate((chat) => chat.style.setProperty('--teatime-duration', '20s'));
      await page.getByRole('button', { name: 'Open chat' }).click();
      await page.getByLabel(/^User name, e-mail/).waitFor();
      const motions = await motionsIn(page);
      if (reducedMotion === 'reduce') expect(motions).toEqual([]);
      else expect(motions).not.toEqual([]);
    }
  });
});
