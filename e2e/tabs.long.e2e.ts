import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTabHouse, rolesOf, type Tab, type TabHouse } from './support/tabs.ts';
import { testify } from './support/witness.ts';

let house: TabHouse;

beforeAll(async () => {
  house = await openTabHouse();
});
// What is counted next is counted from nothing.
afterEach(() => house.empty());
afterAll(() => house?.close());

/** Two people with a direct message that one of them has open in three tabs. */
const aCrowd = async () => {
  const [ida, jon] = await Promise.all([house.arrive('Ida'), house.arrive('Jon')]);
  await jon.tab.writeTo(ida.name);
  await jon.tab.say('first');
  const tabs = [ida.tab, await house.tab(ida.context), await house.tab(ida.context)];
  for (const tab of tabs) {
    await tab.openConversation(jon.name);
    await tab.message('first').waitFor();
  }
  await house.expectSockets(2);
  return { ida, jon, tabs, ...(await rolesOf(tabs)) };
};

/** Says one message after the other until it is told to stop; answers all that were said. */
const talkUntil = (tab: Tab, prefix: string, done: () => boolean): Promise<string[]> =>
  (async () => {
    const said: string[] = [];
    while (!done()) {
      const text = `${prefix}-${said.length}`;
      await tab.say(text);
      said.push(text);
      await tab.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 120)));
    }
    return said;
  })();

/** Presses keys until all of these see that somebody is typing. */
const typeUntil = async (typist: Tab, watchers: readonly Tab[]): Promise<void> => {
  let seen = false;
  const seeing = watchers.map(({ chat }) =>
    chat
      .locator('teatime-conversation')
      .getByText(/typing/)
      .first()
      .waitFor({ state: 'attached' }),
  );
  const all = Promise.all(seeing).finally(() => (seen = true));
  while (!seen) await typist.composer.pressSequentially('ab ', { delay: 200 });
  await all;
  await typist.composer.fill('');
};

/** Each of these is there once, on every page and in the database, and nothing was ever shown twice or out of order. */
const expectAll = async (pages: readonly Page[], texts: readonly string[]): Promise<void> => {
  for (const page of pages) {
    await expect
      .poll(async () => [...(await testify(page)).texts].sort(), { timeout: 40_000 })
      .toEqual([...texts].sort());
    expect((await testify(page)).faults).toEqual([]);
  }
  const rows = await house.server.query<{ text: string }>(
    'select text from messages where conversation_id = (select conversation_id from messages where text = $1)',
    [texts[1]],
  );
  expect(rows.map(({ text }) => text).sort()).toEqual([...texts].sort());
};

/** How long the other tabs are without a line when `end` happens to the one that leads; both sides talk meanwhile. */
const takeOver = async (how: string, end: (leader: Tab) => Promise<void>): Promise<void> => {
  const { jon, leader, followers } = await aCrowd();
  let stop = false;
  const [speaker, listener] = followers as [Tab, Tab];
  const talking = [talkUntil(speaker, `${how}-ida`, () => stop), talkUntil(jon.tab, `${how}-jon`, () => stop)];
  await listener.message(`${how}-jon-2`).waitFor();
  await jon.tab.message(`${how}-ida-2`).waitFor();
  const endedAt = Date.now();
  await end(leader);
  await expect.poll(() => speaker.sockets() + listener.sockets(), { timeout: 10_000, interval: 10 }).toBe(1);
  console.log(`taken over ${Date.now() - endedAt} ms after the tab ${how}`);
  // A few more of each, over the new line.
  await jon.tab.page.waitForFunction(() => new Promise((resolve) => setTimeout(() => resolve(true), 1500)));
  stop = true;
  const said = ['first', ...(await Promise.all(talking)).flat()];
  await expectAll([speaker.page, listener.page, jon.tab.page], said);
  expect([...speaker.faults, ...listener.faults]).toEqual([]);
};

describe('tabs of one person in one browser', () => {
  test('share one socket, through which all of them send, hear, watch and type', async () => {
    const { jon, leader, followers, tabs } = await aCrowd();
    const [one, two] = followers as [Tab, Tab];
    await one.say('from a tab without a socket');
    await jon.tab.message('from a tab without a socket').waitFor();
    await one
      .message('from a tab without a socket')
      .getByText(/Sent|Delivered|Read/)
      .waitFor({ state: 'attached' });
    await leader.say('from the one with it');
    await jon.tab.say('to all of them');
    for (const tab of tabs) await tab.message('to all of them').waitFor();
    await expectAll(
      [...tabs.map(({ page }) => page), jon.tab.page],
      ['first', 'from a tab without a socket', 'from the one with it', 'to all of them'],
    );

    await typeUntil(two, [jon.tab]);
    await typeUntil(jon.tab, tabs);

    // One of them stops watching, the others hear on.
    await one.page.close();
    await house.expectSockets(2);
    await jon.tab.say('and on');
    for (const tab of tabs.filter((each) => each !== one)) await tab.message('and on').waitFor();
    expect(tabs.flatMap(({ faults }) => faults)).toEqual([]);
  }, 120_000);

  test('agree on what is unread and on what is being written', async () => {
    const { jon, tabs, leader, followers } = await aCrowd();
    const [one, two] = followers as [Tab, Tab];
    await one.composer.fill('half a thou');
    for (const tab of [leader, two]) await expect.poll(() => tab.composer.inputValue()).toBe('half a thou');
    await two.composer.fill('half a thought');
    for (const tab of [leader, one]) await expect.poll(() => tab.composer.inputValue()).toBe('half a thought');
    await two.composer.press('Enter');
    for (const tab of tabs) await expect.poll(() => tab.composer.inputValue()).toBe('');
    await jon.tab.message('half a thought').waitFor();

    for (const tab of tabs) await tab.page.goto(`${house.server.url}/examples/page/`);
    const { leader: now, followers: rest } = await rolesOf(tabs);
    await jon.tab.say('unread everywhere');
    const mark = (tab: Tab) => tab.chat.getByRole('option').filter({ hasText: jon.name }).getByText('1 unread');
    for (const tab of tabs) await mark(tab).waitFor({ state: 'attached' });
    const [reader] = rest as [Tab];
    await reader.page.bringToFront();
    await reader.openConversation(jon.name);
    for (const tab of [now, ...rest]) await mark(tab).waitFor({ state: 'detached' });
  }, 120_000);

  test(
    'go on within seconds when the one with the socket is closed',
    () => takeOver('closed', (leader) => leader.page.close()),
    120_000,
  );

  test(
    'go on within seconds when the one with the socket crashes',
    () =>
      takeOver('crashed', async (leader) => {
        const crashed = leader.page.waitForEvent('crash');
        await leader.page.goto('chrome://crash').catch(() => undefined);
        await crashed;
      }),
    120_000,
  );

  test('go on within seconds when the one with the socket hangs, and it falls in again later', async () => {
    let release: Promise<unknown> | undefined;
    await takeOver('hung', async (leader) => {
      // Nothing runs in it any more, and no event tells of it.
      release = leader.page.evaluate(() => {
        const until = Date.now() + 12_000;
        while (Date.now() < until);
      });
      release.catch(() => undefined);
    });
  }, 120_000);
});
