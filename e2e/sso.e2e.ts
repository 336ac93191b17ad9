import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { startHost, teatimeOf, type AddedKey, type Host } from './support/host.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;
let shop: Host;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  const teatime = teatimeOf(server);
  shop = await startHost('sso-express', server, async (url) => {
    await teatime('site', 'create', 'teashop', '--origin', url);
    const { kid, secret } = await teatime<AddedKey>('key', 'add', 'teashop');
    return { KID: kid, SECRET: secret };
  });
});
afterAll(async () => {
  shop?.stop();
  await browser?.close();
  await server?.remove();
});

const visit = async (user: string, password: string) => {
  const { page, faults } = await openPage(browser);
  const logIn = async (): Promise<void> => {
    await page.goto(shop.url);
    await page.getByLabel('Name').fill(user);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await logIn();
  return { page, faults, logIn, open: () => page.getByRole('button', { name: 'Open chat' }).click(), ...inChat(page) };
};

test('people who sign in with the host are signed in to the chat, talk, and are signed out with it', async () => {
  const [ada, grace] = await Promise.all([visit('ada', 'earl grey'), visit('grace', 'assam')]);
  for (const each of [ada, grace]) {
    await each.open();
    await each.chat.getByText('No conversations yet').waitFor();
  }
  await ada.writeTo('Grace Hopper');
  await ada.say('A cup of assam?');
  await grace.openConversation('Ada Byron');
  await grace.message('A cup of assam?').waitFor();

  // The site is asked anew by each page, and it is the same person.
  await grace.page.reload();
  await grace.open();
  await grace.openConversation('Ada Byron');
  await grace.message('A cup of assam?').waitFor();

  await grace.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await grace.page.getByRole('heading', { name: 'Tea shop' }).waitFor();
  expect(await grace.page.evaluate(async () => (await fetch('/chat-token')).status)).toBe(401);
  await grace.logIn();
  await grace.open();
  await grace.chat.getByText('A cup of assam?').first().waitFor();
  expect([...ada.faults, ...grace.faults].filter((fault) => !fault.includes('401'))).toEqual([]);
}, 120_000);

test('a page signs somebody in by a token it has, and learns when it is not accepted', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${server.url}/examples/page/`);
  const { token } = await teatimeOf(server)<{ token: string }>(
    'token',
    'mint',
    'teashop',
    'u-1852',
    '--name',
    'Ada Lovelace',
  );
  const result = await page.evaluate(async (good) => {
    type Element = HTMLElement & {
      site: string;
      user: { displayName: string };
      signIn(token: string): Promise<void>;
      diagnose(): Promise<{ check: string; message: string }[]>;
    };
    const chat = document.querySelector<Element>('teatime-chat')!;
    chat.site = 'teashop';
    const refused = await chat.signIn('no token').then(
      () => 'accepted',
      (error: Error) => error.message,
    );
    const why = (await chat.diagnose()).find(({ check }) => check === 'session')?.message;
    await chat.signIn(good);
    return [refused, why, chat.user.displayName];
  }, token);
  expect(result).toEqual([
    'unable to sign in; the token is not accepted',
    expect.stringContaining('not signed by a key that site teashop lists'),
    'Ada Lovelace',
  ]);
}, 60_000);
