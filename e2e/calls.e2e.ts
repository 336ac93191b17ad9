import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const switches = [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
  ];
  [server, browser] = await Promise.all([startServer(), launchBrowser(switches)]);
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
  const button = (label: string | RegExp): Locator => hand.chat.getByRole('button', { name: label, exact: true });
  return { page, faults, ...hand, button, stage: hand.chat.locator('teatime-call-stage') };
};

/** Waits until a picture of somebody else is played that is not black: the browser's own test picture is green. */
const seesPicture = async (stage: Locator): Promise<void> => {
  const video = stage.locator('.tile:not(.own) video');
  await video.waitFor();
  await video.evaluate(
    (element: HTMLVideoElement) =>
      new Promise<void>((resolve) => {
        const canvas = new OffscreenCanvas(8, 8);
        const context = canvas.getContext('2d', { willReadFrequently: true })!;
        const look = (): void => {
          context.drawImage(element, 0, 0, 8, 8);
          const [, green = 0] = context.getImageData(1, 1, 1, 1).data;
          if (green > 60) resolve();
          else element.requestVideoFrameCallback(look);
        };
        element.requestVideoFrameCallback(look);
      }),
  );
};

describe('people who call each other', () => {
  test('see each other, mute, fold the call, write beside it and hang up', async () => {
    const [ada, ben] = await Promise.all([arrive('Ada Byron', 'ada'), arrive('Ben Okri', 'ben')]);
    await ada.writeTo('Ben Okri');
    await ada.say('May I call?');
    // A right click leads to a look at oneself first, also where the devices are allowed already.
    await ada.button('Video call').click({ button: 'right' });
    await ada.chat.getByRole('dialog', { name: 'Call Ben Okri' }).locator('video').waitFor();
    await ada.button('Call with video').click();

    // Ben is at his list, and is asked there. Nothing of his is on before he says so.
    const card = ben.chat.getByRole('alertdialog', { name: 'Ada Byron' });
    await card.getByText('is calling you with video').waitFor();
    await ada.stage.getByText('Ringing…').waitFor();
    await card.getByRole('button', { name: 'Accept with video' }).click();
    await Promise.all([seesPicture(ada.stage), seesPicture(ben.stage)]);

    await ada.button('Turn microphone off').click();
    await ben.stage.getByRole('group', { name: /^Ada Byron, microphone off/ }).waitFor();
    await ada.button('Turn camera off').click();
    await ben.stage.locator('.tile:not(.own) video').waitFor({ state: 'detached' });
    await ada.button('Turn camera on').click();
    await seesPicture(ben.stage);

    await ben.say('I see you');
    await ada.message('I see you').waitFor();
    await ben.button('Fold the call').click();
    await ben.stage.waitFor({ state: 'detached' });
    await ben.button('Back to the call with Ada Byron').click();
    await seesPicture(ben.stage);

    await ben.button('Leave the call').click();
    await ada.chat.getByText('The call has ended.').waitFor();
    await ben.chat
      .getByRole('article')
      .getByText(/^Video call, \d+\ss$/)
      .waitFor();
    expect([...ada.faults, ...ben.faults]).toEqual([]);
  });

  test('are rung on the closed launcher, and stay in the call while the panel closes and the element moves', async () => {
    const cleo = await arrive('Cleo Marsh', 'cleo');
    const dan = await arrive('Dan Vale', 'dan');
    const { chat } = dan;
    await chat.evaluate((element) => element.setAttribute('mode', 'launcher'));
    await chat.getByRole('button', { name: 'Open chat' }).waitFor();
    const told = dan.page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const states: string[] = [];
          document.querySelector('teatime-chat')!.addEventListener('teatime-call-state-change', (event) => {
            states.push((event as CustomEvent<{ state: string }>).detail.state);
            if (states.at(-1) === 'ended') resolve(states);
          });
        }),
    );

    const userId = await chat.evaluate((element) => (element as HTMLElement & { user: { id: string } }).user.id);
    type Callable = HTMLElement & {
      startCall(target: { userId: string }): Promise<void>;
      hangUp(): Promise<void>;
    };
    await cleo.chat.evaluate((element, id) => (element as Callable).startCall({ userId: id }), userId);
    const launcher = chat.locator('.launcher.ringing');
    await launcher.waitFor();
    expect(await launcher.evaluate((button) => button.ariaDescription)).toBe('Cleo Marsh is calling');
    await launcher.click();
    await chat
      .getByRole('alertdialog', { name: 'Cleo Marsh' })
      .getByRole('button', { name: 'Accept', exact: true })
      .click();
    await chat
      .locator('teatime-call-stage')
      .getByRole('group', { name: /^Cleo Marsh/ })
      .waitFor();
    await expect.poll(() => chat.evaluate((element) => element.matches(':state(in-call)'))).toBe(true);
    await cleo.stage.getByText(/^0:0[1-9]$/).waitFor();

    await chat.evaluate((element: Callable & { open: boolean }) => {
      element.open = false;
      document.body.append(document.createElement('section'));
      document.body.lastElementChild!.append(element);
    });
    await chat.locator('.launcher .call-mark').waitFor();
    expect(await chat.evaluate((element) => element.matches(':state(in-call)'))).toBe(true);
    await cleo.stage.waitFor();
    await chat.evaluate((element) => (element as Callable).hangUp());
    await cleo.chat.getByText('The call has ended.').waitFor();
    expect(await told).toEqual(['incoming', 'connecting', 'connected', 'ended']);
    expect([...cleo.faults, ...dan.faults]).toEqual([]);
  });
});
