import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
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

/** Somebody with a browser of their own who has just made an account. */
const arrive = async (name: string, username: string) => {
  const { page, faults } = await openPage(browser);
  await page.goto(`${server.url}/examples/page/`);
  const hand = inChat(page);
  await hand.register({ name, username });
  return { page, faults, ...hand };
};

describe('people in browsers of their own', () => {
  test('register, find each other, write, see each other type and read, and change what they said', async () => {
    const [ada, ben] = await Promise.all([arrive('Ada Byron', 'ada'), arrive('Ben Okri', 'ben')]);
    await ada.writeTo('Ben Okri');
    await ada.say('Hello Ben, is this **yours**?');

    // Ben is told in his list, without a reload, and where Ada is.
    const item = ben.chat.getByRole('option').filter({ hasText: 'Ada Byron' });
    await item.getByText('1 unread message').waitFor({ state: 'attached' });
    await ada.message('Hello Ben').getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
    await ben.openConversation('Ada Byron');
    await ben.chat.getByRole('main').or(ben.chat.locator('teatime-conversation-header')).getByText('Online').waitFor();
    expect(await ben.message('Hello Ben').locator('strong').textContent()).toBe('yours');
    await ada.message('Hello Ben').getByText('Read', { exact: true }).waitFor({ state: 'attached' });
    await item.getByText('unread').waitFor({ state: 'detached' });

    await ben.composer.pressSequentially('It is');
    await ada.chat.locator('teatime-conversation-header').getByText('typing…').waitFor();
    await ben.say('It is mine, thank you');
    await ada.message('It is mine').waitFor();
    await ada.chat.locator('teatime-conversation-header').getByText('typing…').waitFor({ state: 'detached' });

    await ada.act('It is mine', 'Reply');
    await ada.say('You are welcome');
    await ben
      .message('You are welcome')
      .getByRole('button', { name: /^Reply to You: It is mine/ })
      .waitFor();

    await ben.act('It is mine', 'Edit');
    await ben.say('It is mine, thanks a lot');
    await ada.message('thanks a lot').getByText('edited').waitFor();

    await ada.message('thanks a lot').hover();
    await ada.message('thanks a lot').getByRole('button', { name: 'React with ❤️' }).click();
    await ben.message('thanks a lot').getByRole('button', { name: '❤️, 1: Ada Byron' }).click();
    await ada.message('thanks a lot').getByRole('button', { name: '❤️, 2: You and Ben Okri' }).waitFor();

    await ada.act('You are welcome', 'Delete');
    await ben.message('This message was deleted.').waitFor();
    await ada.message('You deleted this message.').waitFor();

    expect([...ada.faults, ...ben.faults]).toEqual([]);
  });

  test('make a group, in which who is removed hears no more', async () => {
    const [cleo, dan, eve] = await Promise.all([
      arrive('Cleo Marsh', 'cleo'),
      arrive('Dan Vale', 'dan'),
      arrive('Eve Stone', 'eve'),
    ]);
    await cleo.createGroup('First flush', ['Dan Vale', 'Eve Stone']);
    await cleo.say('Welcome, both');
    await Promise.all([dan.openConversation('First flush'), eve.openConversation('First flush')]);
    await Promise.all([dan.message('Welcome, both').waitFor(), eve.message('Welcome, both').waitFor()]);
    await dan.say('Glad to be here');
    await eve.message('Glad to be here').waitFor();

    await cleo.chat.getByRole('button', { name: 'Details', exact: true }).click();
    await cleo.chat.getByRole('button', { name: 'Manage Eve Stone' }).click();
    await cleo.chat.getByRole('menuitem', { name: 'Remove from group' }).click();
    await eve.chat.getByText('No conversations yet').waitFor();
    await cleo.say('Only the two of us now');
    await dan.message('Only the two of us now').waitFor();
    expect(await eve.chat.getByText('Only the two of us').count()).toBe(0);

    // The name of the group can be changed, and everybody sees it.
    await cleo.chat.getByRole('button', { name: 'Rename' }).click();
    await cleo.chat.locator('teatime-details').getByLabel('Group name').fill('Second flush');
    await cleo.chat.locator('teatime-details').getByRole('button', { name: 'Save' }).click();
    await dan.chat.getByRole('option').filter({ hasText: 'Second flush' }).waitFor();
    expect([...cleo.faults, ...dan.faults, ...eve.faults]).toEqual([]);
  });

  test('sign out and in again, and find everything where it was, also after the server was restarted', async () => {
    const [fay, gus] = await Promise.all([arrive('Fay Wren', 'fay'), arrive('Gus Pike', 'gus')]);
    await fay.writeTo('Gus Pike');
    await fay.say('Keep this');
    await gus.chat.getByRole('option').filter({ hasText: 'Fay Wren' }).waitFor();
    await fay.chat.getByRole('button', { name: 'Your profile' }).click();
    await fay.chat.getByRole('button', { name: 'Sign out' }).click();
    await fay.chat.getByLabel(/^User name, e-mail/).waitFor();

    expect(await server.terminate()).toBe(0);
    await server.start();
    await fay.signIn('FAY');
    await fay.openConversation('Gus Pike');
    await fay.message('Keep this').waitFor();
    // The other one has done nothing: the session and the line come back by themselves.
    await gus.openConversation('Fay Wren');
    await fay.say('Back again');
    await gus.message('Back again').waitFor();
    expect([...fay.faults, ...gus.faults]).toEqual([]);
  });
});
