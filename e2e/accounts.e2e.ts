import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { startMailServer, type MailServer } from '../backend/testing/mail-server.ts';
import { faultsIn, loadAxe } from './support/accessible.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { freePort, startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let mail: MailServer;
let browser: Browser;

beforeAll(async () => {
  const port = await freePort();
  mail = await startMailServer();
  [server, browser] = await Promise.all([
    startServer({
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
      MAIL_URL: mail.url,
      MAIL_FROM: 'chat@example.org',
    }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
  await mail?.close();
});

test('who has forgotten their password gets in by the link in a mail', async () => {
  const email = 'ada@example.org';
  const answer = await fetch(`${server.url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ada', displayName: 'Ada', password: 'forgotten soon', email }),
  });
  expect(answer.status).toBe(201);
  const { page, faults } = await openPage(browser, { viewport: { width: 360, height: 740 } });
  // axe comes as a part of the page: its policy lets no other script in.
  const check = async () => {
    await loadAxe(page);
    expect(await faultsIn(page.locator('main'))).toEqual([]);
  };

  const confirmation = await mail.next(email);
  expect(confirmation.link).toContain(`${server.url}/account/confirm/`);
  await page.goto(confirmation.link ?? '');
  await page.getByText('TeaTime', { exact: true }).waitFor();
  await check();
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('The address is confirmed.').waitFor();

  await page.goto(`${server.url}/examples/page/`);
  const chat = page.locator('teatime-chat');
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    chat.getByRole('link', { name: 'Forgot your password?' }).click(),
  ]);
  await popup.getByLabel('E-mail address').fill('not an address');
  await popup.getByRole('button', { name: 'Send the link' }).click();
  await popup.getByText('Please give an e-mail address.').waitFor();
  await popup.getByLabel('E-mail address').fill(email);
  await popup.getByRole('button', { name: 'Send the link' }).click();
  await popup.getByText('the mail is on its way').waitFor();
  await popup.close();

  const { link = '' } = await mail.next(email);
  const opened = await openPage(browser, { viewport: { width: 360, height: 740 } });
  await opened.page.goto(link);
  // Where it can be read no more.
  await opened.page.waitForURL((url) => url.hash === '');
  await opened.page.getByLabel('New password').fill('short');
  await opened.page.getByRole('button', { name: 'Set the password' }).click();
  await opened.page.getByText('The password needs at least 8 characters.').waitFor();
  await opened.page.getByLabel('New password').fill('easy to remember');
  await opened.page.getByRole('button', { name: 'Set the password' }).click();
  await opened.page.getByText('Your password is set.').waitFor();

  await chat.getByLabel('User name, e-mail or phone').fill(email);
  await chat.getByLabel('Password', { exact: true }).fill('easy to remember');
  await chat.getByRole('button', { name: 'Sign in', exact: true }).click();
  await chat.getByText('No conversations yet').waitFor();

  // The link has been used.
  const again = await openPage(browser);
  await again.page.goto(link);
  await again.page.getByLabel('New password').fill('another password');
  await again.page.getByRole('button', { name: 'Set the password' }).click();
  await again.page.getByText('This link does not work any more').waitFor();
  expect([...faults, ...opened.faults, ...again.faults]).toEqual([]);
}, 120_000);

test('nobody can frame the pages, and nothing in their address makes them lead elsewhere', async () => {
  for (const name of ['forgot', 'reset', 'confirm']) {
    const answer = await fetch(
      `${server.url}/account/${name}/?site=default&next=https://evil.example&redirect=//evil.example`,
    );
    expect([answer.status, answer.redirected]).toEqual([200, false]);
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await answer.text()).not.toContain('evil');
  }
});
