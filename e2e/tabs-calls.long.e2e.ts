import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inCalls, mediaFlows } from './support/caller.ts';
import { keepLinks } from './support/call-links.ts';
import { openTabHouse, rolesOf, type Tab, type TabHouse } from './support/tabs.ts';

let house: TabHouse;

beforeAll(async () => {
  house = await openTabHouse();
});
afterEach(() => house.empty());
afterAll(() => house?.close());

const allowed = { permissions: ['camera', 'microphone', 'notifications'] };

/** Two people with a direct message, one of them in three tabs. */
const aCrowd = async () => {
  const [ida, jon] = await Promise.all([house.arrive('Ida', allowed), house.arrive('Jon', allowed)]);
  await jon.tab.writeTo(ida.name);
  await jon.tab.say('first');
  const tabs = [ida.tab];
  for (const { context } of [ida, jon]) await context.addInitScript(keepLinks);
  await Promise.all([ida.tab.page.reload(), jon.tab.page.reload()]);
  tabs.push(await house.tab(ida.context), await house.tab(ida.context));
  for (const tab of tabs) await tab.openConversation(jon.name);
  await jon.tab.openConversation(ida.name);
  await house.expectSockets(2);
  return { ida, jon, tabs, ...(await rolesOf(tabs)) };
};

/** Whose connection the server takes for somebody's place in the call. */
const placeOf = async (name: string): Promise<string | undefined> => {
  const [row] = await house.server.query<{ id: string }>(
    `select connection_id as id from call_participants p join users u on u.id = p.user_id
     where u.display_name = $1 and p.state = 'joined'`,
    [name],
  );
  return row?.id;
};

describe('a call from one of several tabs', () => {
  test('has a socket of its own, goes on when another tab closes, and is told of in the others', async () => {
    const { ida, jon, leader, followers } = await aCrowd();
    const [caller, other] = followers as [Tab, Tab];
    const here = { ...caller, ...inCalls(caller.page, caller.chat) };
    const there = { ...jon.tab, ...inCalls(jon.tab.page, jon.tab.chat) };
    await here.button('Video call').click();
    await there.button('Accept with video').click();
    await Promise.all([mediaFlows(here, 1), mediaFlows(there, 1)]);
    expect((await rolesOf([caller, other, leader])).leader).toBe(caller);

    await other.chat.getByText("You're in a call in another tab or on another device.").first().waitFor();
    const place = await placeOf(ida.name);
    expect(place).toBeDefined();
    await leader.page.close();
    await mediaFlows(here, 1);
    expect(await placeOf(ida.name)).toBe(place);
    await house.expectSockets(2);
    await other.say('from beside the call');
    await jon.tab.chat.getByText('from beside the call').first().waitFor({ state: 'attached' });
  }, 150_000);

  test('rings and is notified of by one of them only, while none can be seen', async () => {
    const { jon, ida, tabs } = await aCrowd();
    // Pages of a browser without windows are never hidden: what the browser says of it is said in its place.
    for (const { page } of tabs)
      await page.evaluate(() => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
        const told = { notes: 0, notifications: 0 };
        Object.assign(window, { told });
        const { createOscillator } = AudioContext.prototype;
        AudioContext.prototype.createOscillator = function () {
          told.notes += 1;
          return createOscillator.call(this);
        };
        window.Notification = class extends Notification {
          constructor(title: string, options?: NotificationOptions) {
            super(title, options);
            told.notifications += 1;
          }
        };
      });
    type Told = { notes: number; notifications: number };
    const told = () =>
      Promise.all(tabs.map(({ page }) => page.evaluate(() => (window as unknown as { told: Told }).told)));
    await inCalls(jon.tab.page, jon.tab.chat).button('Video call').click();
    for (const { chat } of tabs) await chat.getByRole('alertdialog', { name: jon.name }).waitFor();
    await expect
      .poll(async () => (await told()).filter(({ notifications }) => notifications > 0).length, { timeout: 20_000 })
      .toBe(1);
    await expect
      .poll(async () => Math.max(...(await told()).map(({ notes }) => notes)), { timeout: 20_000 })
      .toBeGreaterThan(8);
    const all = await told();
    expect(all.map(({ notifications }) => notifications).sort()).toEqual([0, 0, 1]);
    expect(all.filter(({ notes }) => notes > 0)).toHaveLength(1);
    expect(ida.tab.faults).toEqual([]);
  }, 150_000);
});
