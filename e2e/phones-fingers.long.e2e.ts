import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { callSwitches } from './support/caller.ts';
import { troublesOf } from './support/fingers.ts';
import { arrive, visit, type Visitor } from './support/phone.ts';
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

/** Keeps a finger on the middle of what a locator finds, until something has happened. */
const holdOn = async ({ page }: Visitor, target: Locator, until: () => Promise<void>): Promise<void> => {
  await target.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await target.boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const at = [{ x: x + width / 2, y: y + height / 2 }];
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at });
  await until();
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
};

describe('fingers on the smallest phone', () => {
  const small = { viewport: { width: 320, height: 640 } };

  test('hit everything in every view, which never scrolls sideways nor makes Safari zoom', async () => {
    const ben = await arrive(browser, server.url, 'Ben Finger', small);
    const ada = await visit(browser, server.url, small);
    const { page, chat, launcher, faults } = ada;
    const button = (name: string | RegExp): Locator =>
      chat.getByRole('button', { name, exact: typeof name === 'string' });
    /** Nothing is in the way of a finger, as soon as the view is drawn. */
    const isFine = (view: string): Promise<void> => expect.poll(() => troublesOf(page), { message: view }).toEqual([]);
    await isFine('closed');
    await launcher.tap();
    await button('Sign in').waitFor();
    await isFine('sign-in');
    await button(/^New here/).tap();
    await button('Make account').waitFor();
    await isFine('registration');
    await chat.getByLabel('Your name', { exact: true }).fill('Ada Finger');
    await chat.getByLabel('User name', { exact: true }).fill('ada.finger');
    await chat.getByLabel('Password', { exact: true }).fill('two sugars, no milk');
    await button('Make account').tap();
    await chat.getByText('No conversations yet').waitFor();
    await isFine('empty list');
    await button('New message').first().tap();
    await isFine('new message');
    await button(/^New group/).tap();
    await isFine('new group');
    await page.goBack();
    await ada.writeTo('Ben Finger');
    await isFine('empty conversation');
    await ada.say('A long word: ' + 'tea'.repeat(60));
    await ada.message(/A long word/).waitFor();
    await ben.openConversation('Ada Finger');
    await ben.say('`code` and https://example.com/' + 'path/'.repeat(20));
    await ada.message(/code/).waitFor();
    await isFine('conversation');

    const bubble = ada.message(/code/).locator('.bubble').first();
    await holdOn(ada, bubble, () => button('Add a reaction').waitFor());
    await isFine('actions');
    await button('Add a reaction').tap();
    await chat.locator('teatime-emoji-picker input').waitFor();
    await isFine('emoji');
    await chat.locator('teatime-emoji-picker .grid button').first().tap();
    await chat.locator('teatime-message .reaction').waitFor();
    await isFine('reaction');

    await button('Details').tap();
    await chat.locator('teatime-details').waitFor();
    await isFine('details');
    await page.goBack();
    await page.goBack();
    await button('Your profile').tap();
    await chat.locator('teatime-profile').waitFor();
    await isFine('profile');
    await chat.locator('teatime-privacy').scrollIntoViewIfNeeded();
    await isFine('privacy');
    await page.goBack();
    await isFine('list');

    await ben.page.evaluate(() => {
      const element = document.querySelector('teatime-chat')!;
      return element.startCall(element.conversation, { video: true });
    });
    await chat.locator('teatime-call .card').waitFor();
    await isFine('somebody calls');
    await button(/^Check camera/).tap();
    await chat.locator('teatime-call-setup').waitFor();
    await isFine('before the call');
    await chat.locator('teatime-call-setup').getByRole('button', { name: 'Join', exact: true }).tap();
    await chat.locator('teatime-call-stage video').first().waitFor();
    await isFine('call');
    await page.goBack();
    await chat.locator('teatime-conversation-list').waitFor();
    await isFine('list beside a call');
    await chat.evaluate((element) => (element as HTMLElementTagNameMap['teatime-chat']).hangUp());
    expect(faults).toEqual([]);
  }, 120_000);
});
