import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { startHost, teatimeOf, type AddedKey, type Host } from './support/host.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;
let brands: Host;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  const teatime = teatimeOf(server);
  brands = await startHost('two-sites', server, async (url) => {
    const env: Record<string, string> = {};
    for (const [site, name] of [
      ['kettle', 'Kettle & Steam'],
      ['porcelain', 'Porcelain Works'],
    ] as const) {
      await teatime('site', 'create', site, '--name', name, '--origin', url);
      const { kid, secret } = await teatime<AddedKey>('key', 'add', site);
      Object.assign(env, { [`${site.toUpperCase()}_KID`]: kid, [`${site.toUpperCase()}_SECRET`]: secret });
    }
    return env;
  });
});
afterAll(async () => {
  brands?.stop();
  await browser?.close();
  await server?.remove();
});

const visit = async (who: string) => {
  const { page, faults } = await openPage(browser);
  await page.goto(`${brands.url}/?as=${who}`);
  const at = (site: string) => inChat(page, `teatime-chat[site=${site}]`);
  const [kettle, porcelain] = [at('kettle'), at('porcelain')];
  for (const { chat } of [kettle, porcelain]) await chat.getByText('No conversations yet').waitFor();
  return { page, faults, kettle, porcelain };
};

test('two brands on one page: what is said at one is not there at the other, and neither knows the other’s people', async () => {
  const [ada, grace] = await Promise.all([visit('ada'), visit('grace')]);
  await ada.kettle.writeTo('Grace Hopper');
  await ada.kettle.say('Does it sing?');
  await grace.kettle.openConversation('Ada Byron');
  await grace.kettle.message('Does it sing?').waitFor();

  const idAt = (hand: typeof ada.kettle) =>
    hand.chat.evaluate((element) => (element as HTMLElement & { user: { id: string } }).user.id);
  expect(await idAt(ada.kettle)).not.toBe(await idAt(ada.porcelain));
  // The same sign, after which it would be there: they write to each other here too, and that is all there is.
  await grace.porcelain.writeTo('Ada Byron');
  await grace.porcelain.say('How thin?');
  await ada.porcelain.openConversation('Grace Hopper');
  await ada.porcelain.message('How thin?').waitFor();
  expect(await ada.porcelain.message('Does it sing?').count()).toBe(0);
  expect(await grace.kettle.message('How thin?').count()).toBe(0);

  await ada.page.setViewportSize({ width: 360, height: 780 });
  expect(await ada.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect([...ada.faults, ...grace.faults]).toEqual([]);
}, 120_000);
