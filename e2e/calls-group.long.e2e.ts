import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { arrive, callSwitches, mediaFlows, type Caller } from './support/caller.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ CALL_MAX_VIDEO: '3' }), launchBrowser(callSwitches)]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const them = ({ stage }: Caller, name: string): Locator => stage.getByRole('group', { name: new RegExp(`^${name}`) });

/** Whether the tiles of a stage cover each other, in px of the largest overlap. */
const overlap = ({ stage }: Caller): Promise<number> =>
  stage.locator('.tile').evaluateAll((tiles) => {
    const boxes = tiles.map((tile) => tile.getBoundingClientRect());
    const covered = boxes.flatMap((a, index) =>
      boxes
        .slice(index + 1)
        .map((b) =>
          Math.min(
            Math.min(a.right, b.right) - Math.max(a.left, b.left),
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
          ),
        ),
    );
    return Math.max(0, ...covered);
  });

test('a group calls: one comes late, one finds it full, one leaves, and one whose page dies is out within 20 seconds', async () => {
  const names = ['Ada Byron', 'Ben Okri', 'Cleo Marsh', 'Dan Vale'];
  const allowed = ['camera', 'microphone'];
  const people = await Promise.all(names.map((name) => arrive(browser, server.url, { name, allowed })));
  const [ada, ben, cleo, dan] = people as [Caller, Caller, Caller, Caller];
  await ada.createGroup('Tea makers', names.slice(1));
  // The browser has let this page have the devices: the call begins with the press.
  await ada.button('Video call').click();
  await ada.stage.getByText('Ringing…').first().waitFor();

  for (const { chat } of [ben, cleo, dan]) {
    const card = chat.getByRole('alertdialog', { name: 'Ada Byron' });
    await card.getByText('in Tea makers').waitFor();
  }
  await ben.button('Accept with video').click();
  for (const each of [cleo, dan]) await each.button('Decline').click();
  await Promise.all([mediaFlows(ada, 1), mediaFlows(ben, 1)]);

  // Late, from the conversation, after a look at herself.
  await cleo.openConversation('Tea makers');
  await cleo.button('Join the call with 2 people in it').click();
  const setup = cleo.chat.getByRole('dialog', { name: 'Join the call with Tea makers' });
  await setup.locator('video').waitFor();
  await setup.getByRole('button', { name: 'Join', exact: true }).click();
  await Promise.all([ada, ben, cleo].map((each) => mediaFlows(each, 2)));
  await them(ada, 'Cleo Marsh').locator('video').waitFor();

  // With three, one's own picture is a tile among the others.
  await ada.stage.locator('.tiles .tile').nth(2).waitFor();
  expect(await overlap(ada)).toBeLessThanOrEqual(1);
  await ada.button('Show who is speaking').click();
  const main = ada.stage.locator('.tile.main');
  await main.waitFor();
  const wide = await main.evaluate((tile) => tile.clientWidth / tile.parentElement!.clientWidth);
  expect(wide).toBeGreaterThan(0.9);
  expect(await overlap(ada)).toBeLessThanOrEqual(1);
  await ada.button('Show everybody in the same size').click();
  await main.waitFor({ state: 'detached' });

  await dan.openConversation('Tea makers');
  await dan.button('Join the call with 3 people in it').click();
  await dan.chat.getByRole('dialog').getByRole('button', { name: 'Join', exact: true }).click();
  await dan.chat.getByText('The call is full. Nobody else can join right now.').waitFor();

  await ben.button('Leave the call').click();
  await ben.chat.getByText('You left the call. The others are still in it.').waitFor();
  await them(ada, 'Ben Okri').waitFor({ state: 'detached' });
  await Promise.all([mediaFlows(ada, 1), mediaFlows(cleo, 1)]);

  // She is not asked: her page is gone from one moment to the next.
  const crashed = cleo.page.waitForEvent('crash');
  await cleo.page.goto('chrome://crash').catch(() => undefined);
  await crashed;
  const gone = performance.now();
  await them(ada, 'Cleo Marsh').waitFor({ state: 'detached', timeout: 30_000 });
  expect(performance.now() - gone).toBeLessThan(20_000);
  // Nobody is left to talk with.
  await ada.chat.getByText('The call has ended.').waitFor();
  expect(people.flatMap(({ faults }) => faults)).toEqual([]);
}, 240_000);
