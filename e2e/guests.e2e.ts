import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookerAt } from './support/accessible.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { teatimeOf } from './support/host.ts';
import { startServer, type TestServer } from './support/server.ts';

type Element = HTMLElement & {
  site: string;
  withUser: string;
  user: { id: string; displayName: string; kind?: string } | null;
  signIn(token: string): Promise<void>;
};

const site = 'teashop';
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  await teatimeOf(server)('site', 'create', site);
  await teatimeOf(server)('key', 'add', site);
  await teatimeOf(server)('site', 'update', site, '--guests', 'on');
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const mint = async (id: string, name: string): Promise<string> =>
  (await teatimeOf(server)<{ token: string }>('token', 'mint', site, id, '--name', name)).token;

const visit = async (withUser = '') => {
  const { page, faults } = await openPage(browser);
  const settle = async (): Promise<void> => {
    await page.locator('teatime-chat').evaluate(
      (chat: Element, given) => {
        chat.withUser = given.withUser;
        chat.site = given.site;
      },
      { site, withUser },
    );
  };
  await page.goto(`${server.url}/examples/page/`);
  await settle();
  return { page, faults, settle, ...inChat(page) };
};

const signOn = (page: Page, token: string): Promise<string> =>
  page.locator('teatime-chat').evaluate(async (chat: Element, given) => {
    await chat.signIn(given);
    return chat.user?.id ?? '';
  }, token);

const userOf = (page: Page) =>
  page.locator('teatime-chat').evaluate((chat: Element) => [chat.user?.displayName, chat.user?.kind]);

test('somebody with a name only talks with a person, comes back, and keeps it all when they sign on', async () => {
  const grace = await visit();
  const graceId = await signOn(grace.page, await mint('support', 'Grace Hopper'));
  // Somebody who was a customer before: what they said as a guest goes where they talked last year.
  const ada = await visit(graceId);
  const adaId = await signOn(ada.page, await mint('u-1815', 'Ada Byron'));
  await ada.say('Last year’s tea was good');
  await ada.message('Last year’s tea was good').waitFor();
  await ada.page.close();

  const guest = await visit(graceId);
  const looker = await lookerAt(guest.page, guest.chat);
  await guest.chat.getByRole('button', { name: 'Continue as a guest' }).click();
  await guest.chat.getByLabel('Your name', { exact: true }).waitFor();
  await looker.look('guest form');
  await guest.chat.getByLabel('Your name', { exact: true }).fill('Passer-by');
  await guest.chat.getByRole('button', { name: 'Start chatting' }).click();
  await guest.say('Do you have any left?');
  await guest.message('Do you have any left?').waitFor();
  await grace.openConversation('Passer-by');
  await grace.message('Do you have any left?').waitFor();
  await grace.chat
    .getByRole('button', { name: /details/i })
    .first()
    .click();
  await grace.chat.locator('teatime-details').getByText('Guest', { exact: true }).waitFor();
  await grace.say('Two tins');
  await guest.message('Two tins').waitFor();

  await guest.page.reload();
  await guest.settle();
  await guest.message('Two tins').waitFor();
  expect(await userOf(guest.page)).toEqual(['Passer-by', 'guest']);

  expect(await signOn(guest.page, await mint('u-1815', 'Ada Byron'))).toBe(adaId);
  for (const text of ['Last year’s tea was good', 'Do you have any left?', 'Two tins'])
    await guest.message(text).waitFor();
  expect(await userOf(guest.page)).toEqual(['Ada Byron', undefined]);
  await grace.chat.locator('teatime-conversation-item').filter({ hasText: 'Passer-by' }).waitFor({ state: 'detached' });
  await grace.openConversation('Ada Byron');
  await grace.message('Do you have any left?').waitFor();
  await guest.say('I take them');
  await grace.message('I take them').waitFor();

  expect(looker.faults).toEqual([]);
  expect([...grace.faults, ...guest.faults]).toEqual([]);
}, 120_000);

test('a guest whom the site has not known becomes that person, and another guest is warned before leaving', async () => {
  const grace = await visit();
  const graceId = await signOn(grace.page, await mint('support', 'Grace Hopper'));
  const guest = await visit(graceId);
  const come = async (name: string): Promise<void> => {
    await guest.chat.getByRole('button', { name: 'Continue as a guest' }).click();
    await guest.chat.getByLabel('Your name', { exact: true }).fill(name);
    await guest.chat.getByRole('button', { name: 'Start chatting' }).click();
    await guest.composer.waitFor();
  };
  await come('New here');
  await guest.say('Hello');
  await grace.openConversation('New here');
  expect(await signOn(guest.page, await mint('u-new', 'Mary Somerville'))).not.toBe('');
  await guest.message('Hello').waitFor();
  await grace.chat.locator('teatime-conversation-item').filter({ hasText: 'Mary Somerville' }).waitFor();

  await guest.page.reload();
  await guest.settle();
  const looker = await lookerAt(guest.page, guest.chat);
  await come('Only once');
  await guest.chat.getByRole('button', { name: /Your profile/ }).click();
  await guest.chat.getByText('You are here as a guest').waitFor();
  await guest.chat.getByRole('button', { name: 'Sign out' }).click();
  await guest.chat.getByText('a guest cannot come back').waitFor();
  await looker.look('guest profile');
  await guest.chat.getByRole('button', { name: 'Sign out' }).click();
  await guest.chat.getByRole('button', { name: 'Continue as a guest' }).waitFor();
  expect(looker.faults).toEqual([]);
}, 120_000);
