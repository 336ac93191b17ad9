import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../backend/testing/process.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { freePort, startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;
let shop: ChildProcess;
let url: string;

/** What a command of `teatime` answers, beside the server that runs. */
const teatime = async <T>(...args: string[]): Promise<T> => {
  const { code, stdout, stderr } = await runCommand(['--json', ...args], { DATA_DIR: server.dataDir });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as T;
};

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  const port = await freePort();
  url = `http://localhost:${port}`;
  await teatime('site', 'create', 'teashop', '--origin', url);
  const { kid, secret } = await teatime<{ kid: string; secret: string }>('key', 'add', 'teashop');
  const program = new URL('../examples/sso-express/server.js', import.meta.url).pathname;
  shop = spawn(process.execPath, [program], {
    env: { ...process.env, CHAT_SERVER: server.url, KID: kid, SECRET: secret, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(shop.stdout!, 'data');
});
afterAll(async () => {
  shop?.kill();
  await browser?.close();
  await server?.remove();
});

const visit = async (user: string, password: string) => {
  const { page, faults } = await openPage(browser);
  const logIn = async (): Promise<void> => {
    await page.goto(url);
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
  const { token } = await teatime<{ token: string }>('token', 'mint', 'teashop', 'u-1852', '--name', 'Ada Lovelace');
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
