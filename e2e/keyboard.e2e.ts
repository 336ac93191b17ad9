import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { callSwitches } from './support/caller.ts';
import { inChat, password } from './support/chat.ts';
import { firstInSignIn, inHand, userField } from './support/keyboard.ts';
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
  return { page, faults, ...hand };
};

test(
  'without a mouse one signs in, writes, reacts, edits, calls and signs out, and the focus is never lost',
  { timeout: 180_000 },
  async () => {
    const kay = await arrive('Kay Key', 'kay');
    await kay.page.context().close();
    const mo = await arrive('Mo Mouse', 'momo');

    const { page, faults } = await openPage(browser);
    await page.addInitScript(() => {
      for (const type of ['pointerdown', 'touchstart'])
        addEventListener(type, () => console.error('something else than the keyboard was used'), true);
    });
    await page.goto(`${server.url}/examples/page/`);
    await page.locator('teatime-chat').evaluate((element) => element.setAttribute('mode', 'launcher'));
    await page.getByRole('button', { name: 'Open chat' }).waitFor();
    const { chat, composer, message } = inChat(page);
    const { tabTo, shiftTabTo, press, type, focused } = inHand(page);

    await tabTo('Open chat');
    await press('Enter');
    await focused(await firstInSignIn(page));
    if ((await firstInSignIn(page)) !== userField) await tabTo(userField);
    await type('kay');
    await tabTo('Password');
    await type(password);
    await press('Enter');
    await focused('New message');

    // Somebody to write to.
    await press('Enter');
    await focused('Search people');
    await type('mo mou');
    await chat.getByRole('option', { name: 'Mo Mouse' }).waitFor();
    await press('ArrowDown', 'Enter');
    await focused('Message');
    await type('By the keybord');
    await press('Enter');
    await mo.openConversation('Kay Key');
    await mo.message('By the keybord').waitFor();
    await mo.say('Tea or coffee?');
    await message('Tea or coffee?').waitFor();

    // A reaction, by the bar of the message.
    await shiftTabTo(/Tea or coffee\?$/);
    await press('Enter');
    await focused('React with 👍');
    await press('ArrowRight', 'Enter');
    await mo
      .message('Tea or coffee?')
      .getByRole('button', { name: /^❤️, 1: Kay Key/ })
      .waitFor();
    await focused(/Tea or coffee\?$/);

    // Its own message is edited, by the menu.
    await press('ArrowUp');
    await focused(/By the keybord$/);
    await press('Enter');
    await focused('React with 👍');
    await press('End', 'Enter');
    await focused('Edit');
    await press('Enter');
    await focused('Message');
    await press('ControlOrMeta+A');
    await type('By the keyboard');
    await press('Enter');
    await mo.message('By the keyboard').waitFor();
    await focused('Message');

    // A call; whoever takes it has a mouse.
    await shiftTabTo('Audio call');
    await press('Enter');
    await mo.chat
      .getByRole('alertdialog', { name: 'Kay Key' })
      .getByRole('button', { name: 'Accept', exact: true })
      .click();
    await chat
      .locator('teatime-call-stage')
      .getByRole('group', { name: /^Mo Mouse/ })
      .waitFor();
    // Whoever leaves before there is a connection leaves a call that failed.
    await chat
      .locator('teatime-call-stage')
      .getByText(/^0:\d\d$/)
      .waitFor();
    await tabTo('Leave the call');
    await press('Enter');
    await mo.chat.getByText('The call has ended.').waitFor();

    await composer.waitFor();
    await shiftTabTo('Back to conversations');
    await press('Enter');
    await focused(/Mo Mouse/);
    await shiftTabTo('Your profile');
    await press('Enter');
    await tabTo('Sign out');
    await press('Enter');
    await focused(await firstInSignIn(page));
    await press('Escape');
    await focused('Open chat');
    expect([...faults, ...mo.faults]).toEqual([]);
  },
);
