import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, watch } from './support/browser.ts';
import { arrive, callSwitches, inCalls, mediaFlows, type Caller } from './support/caller.ts';
import { inChat } from './support/chat.ts';
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

const allowed = ['camera', 'microphone', 'notifications'];

/** Two people with a direct message that the first one has open. */
const aPair = async (...names: readonly [string, string]): Promise<[Caller, Caller]> => {
  const [one, other] = await Promise.all(names.map((name) => arrive(browser, server.url, { name, allowed })));
  await one!.writeTo(names[1]);
  await one!.say('May I call?');
  return [one!, other!];
};

/** The name of what has the focus, however deep. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.ariaLabel ?? active?.textContent?.trim() ?? '';
  });

/** Presses Tab, or Shift+Tab, until what has that name has the focus. */
const tabTo = async (page: Page, name: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
  const passed: string[] = [];
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press(key);
    passed.push(await focused(page));
    if (passed.at(-1) === name) return;
  }
  throw new Error(`unable to reach “${name}” by ${key}; passed ${passed.join(', ')}`);
};

/** What the polite announcer of calls says now. */
const announced = ({ chat }: Caller): Locator => chat.locator('teatime-call .visually-hidden[role=status]');

describe('a call', () => {
  test('can be made, taken and left by the keyboard alone, and is told by the announcer', async () => {
    const [ada, ben] = await aPair('Ada Byron', 'Ben Okri');
    await ada.composer.focus();
    await tabTo(ada.page, 'Video call', 'Shift+Tab');
    await ada.page.keyboard.press('Enter');
    await expect.poll(() => focused(ada.page), { timeout: 20_000 }).toBe('Turn microphone off');
    await expect.poll(() => announced(ada).textContent(), { timeout: 20_000 }).toBe('Calling…');

    await ben.chat.getByRole('alertdialog', { name: 'Ada Byron' }).waitFor();
    await tabTo(ben.page, 'Accept with video');
    await ben.page.keyboard.press('Enter');
    await expect.poll(() => focused(ben.page), { timeout: 20_000 }).toBe('Turn microphone off');
    await Promise.all([mediaFlows(ada, 1), mediaFlows(ben, 1)]);
    for (const each of [ada, ben])
      await expect.poll(() => announced(each).textContent(), { timeout: 20_000 }).toBe('In the call');

    // Each control by its name, in the order in which they stand; what a press does changes the name of what is pressed.
    await ada.page.keyboard.press('Space');
    await expect.poll(() => focused(ada.page)).toBe('Turn microphone on');
    await ben.stage.getByRole('group', { name: /^Ada Byron, microphone off/ }).waitFor();
    const order: string[] = [];
    for (let presses = 0; presses < 4; presses++) {
      await ada.page.keyboard.press('Tab');
      order.push(await focused(ada.page));
    }
    expect(order).toEqual(['Turn camera off', 'Share your screen', 'Devices', 'Leave the call']);
    await tabTo(ada.page, 'Turn camera off', 'Shift+Tab');
    await ada.page.keyboard.press('Enter');
    await ben.stage.locator('.tile:not(.own) video').waitFor({ state: 'detached' });

    await tabTo(ada.page, 'Devices');
    await ada.page.keyboard.press('Enter');
    const devices = ada.stage.locator('#devices');
    await devices.getByRole('combobox', { name: /^Microphone/ }).waitFor();
    await ada.page.keyboard.press('Escape');
    await devices.waitFor({ state: 'detached' });
    expect(await focused(ada.page)).toBe('Devices');

    await tabTo(ada.page, 'Leave the call');
    await ada.page.keyboard.press('Enter');
    // Nobody has to look for where they were: the focus goes by way of the line that says so, which goes by itself too, to the conversation.
    await ada.chat.getByRole('status').getByText('The call has ended.').waitFor();
    if ((await focused(ada.page)) === 'Dismiss') await ada.page.keyboard.press('Enter');
    await expect.poll(() => ada.composer.evaluate((field) => field.matches(':focus'))).toBe(true);
    await ben.chat.getByRole('alertdialog').waitFor({ state: 'detached' });
    await ben.stage.waitFor({ state: 'detached' });
    expect([...ada.faults, ...ben.faults]).toEqual([]);
  }, 240_000);

  test('is looked over first when the button is held', async () => {
    const [kim] = await aPair('Kim Lo', 'Lea Ma');
    await kim.button('Audio call').click({ delay: 900 });
    await kim.chat.getByRole('dialog', { name: 'Call Lea Ma' }).getByText('Camera off').waitFor();
    await kim.page.keyboard.press('Escape');
    await kim.button('Audio call').waitFor();
    expect(kim.faults).toEqual([]);
  }, 240_000);

  test('shows in another tab where it is, and can be brought there', async () => {
    const [mia, noa] = await aPair('Mia Tanaka', 'Noa Katz');
    await mia.button('Video call').click();
    await noa.button('Accept with video').click();
    await Promise.all([mediaFlows(mia, 1), mediaFlows(noa, 1)]);

    const { page, faults } = watch(await mia.context.newPage());
    await page.goto(mia.page.url());
    const { chat } = inChat(page);
    const second = { page, chat, ...inCalls(page, chat) };
    await chat.getByText("You're in a call in another tab or on another device.").waitFor();
    await second.button('Move here').click();
    await mia.chat.getByText("You're in a call in another tab or on another device.").waitFor();
    await Promise.all([mediaFlows(second, 1), mediaFlows(noa, 1)]);
    expect(await noa.stage.getByRole('group', { name: /^Mia Tanaka/ }).count()).toBe(1);
    expect(await mia.links()).toEqual([]);

    await second.button('Leave the call').click();
    await noa.chat.getByText('The call has ended.').waitFor();
    await mia.chat.getByText("You're in a call").waitFor({ state: 'detached' });
    expect([...mia.faults, ...noa.faults, ...faults]).toEqual([]);
  }, 240_000);

  test('shows a screen with its sound, and lets go of screen, camera and microphone within half a second of the end', async () => {
    const [eva, fin] = await aPair('Eva Berg', 'Fin Moss');
    // What the page has opened and when it was stopped, beside when the server said that the call was over.
    await eva.page.evaluate(() => {
      const kept: MediaStreamTrack[] = [];
      const times = { ended: 0, stopped: 0 };
      Object.assign(window, { kept, times });
      const { stop } = MediaStreamTrack.prototype;
      MediaStreamTrack.prototype.stop = function () {
        if (kept.includes(this)) times.stopped = performance.now();
        stop.call(this);
      };
      for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
        const plain = navigator.mediaDevices[name].bind(navigator.mediaDevices);
        navigator.mediaDevices[name] = async (wish?: MediaStreamConstraints) => {
          const stream = await plain(wish);
          kept.push(...stream.getTracks());
          return stream;
        };
      }
      document.querySelector('teatime-chat')!.addEventListener('teatime-call-state-change', (event) => {
        if ((event as CustomEvent<{ state: string }>).detail.state === 'ended') times.ended = performance.now();
      });
    });
    await eva.button('Video call').click();
    await fin.button('Accept with video').click();
    await Promise.all([mediaFlows(eva, 1), mediaFlows(fin, 1)]);

    // With the microphone off, what is heard can only be the screen's.
    await eva.button('Turn microphone off').click();
    await eva.button('Share your screen').click();
    const shown = fin.stage.getByRole('group', { name: /^Eva Berg, .*shows their screen/ });
    await shown.locator('video').waitFor();
    await expect.poll(() => announced(fin).textContent(), { timeout: 20_000 }).toBe('Eva Berg shows their screen.');
    await mediaFlows(fin, 1);
    expect(await shown.locator('video').evaluate((video) => getComputedStyle(video).objectFit)).toBe('contain');

    const open = (): Promise<string[]> =>
      eva.page.evaluate(() =>
        (window as unknown as { kept: MediaStreamTrack[] }).kept
          .filter(({ readyState }) => readyState === 'live')
          .map(({ kind }) => kind),
      );
    expect((await open()).sort()).toEqual(['audio', 'audio', 'video', 'video']);
    await fin.button('Leave the call').click();
    await eva.chat.getByText('The call has ended.').waitFor();
    await expect.poll(open).toEqual([]);
    const late = await eva.page.evaluate(() => {
      const { stopped, ended } = (window as unknown as { times: { stopped: number; ended: number } }).times;
      return stopped - ended;
    });
    expect(late).toBeLessThan(500);
    expect([...eva.faults, ...fin.faults]).toEqual([]);
  }, 240_000);

  test('can have a window of its own for the picture, which goes with the call', async () => {
    const [gil, hal] = await aPair('Gil Amar', 'Hal Reed');
    await gil.button('Video call').click();
    await hal.button('Accept with video').click();
    await Promise.all([mediaFlows(gil, 1), mediaFlows(hal, 1)]);
    const isOut = (): Promise<boolean> => gil.page.evaluate(() => document.pictureInPictureElement !== null);
    await gil.button('Show the picture in a window of its own').click();
    await gil.button('Put the picture back into the call').waitFor();
    expect(await isOut()).toBe(true);
    await gil.button('Put the picture back into the call').click();
    await expect.poll(isOut).toBe(false);
    await gil.button('Show the picture in a window of its own').click();
    await expect.poll(isOut).toBe(true);
    await hal.button('Leave the call').click();
    await gil.chat.getByText('The call has ended.').waitFor();
    await expect.poll(isOut).toBe(false);
    expect([...gil.faults, ...hal.faults]).toEqual([]);
  }, 240_000);

  test('is told by the system while the page cannot be seen, unless the page does so, and no longer once it is answered', async () => {
    const [ivy, jan] = await aPair('Ivy Stone', 'Jan Novak');
    const { page } = jan;
    // Pages of a browser without windows are never hidden: what the browser says of it is said in its place.
    await page.evaluate(() => {
      const hide = { configurable: true, get: () => 'hidden' };
      Object.defineProperty(document, 'visibilityState', hide);
      const shown: { title: string; body: string; log: string[]; notification: Notification }[] = [];
      Object.assign(window, { shown });
      window.Notification = class extends Notification {
        constructor(title: string, options?: NotificationOptions) {
          super(title, options);
          const entry = { title, body: options?.body ?? '', log: [] as string[], notification: this };
          shown.push(entry);
          for (const type of ['show', 'close']) this.addEventListener(type, () => entry.log.push(type));
        }
      };
    });
    type Shown = { title: string; body: string; log: string[]; notification: Notification };
    const shown = (): Promise<Pick<Shown, 'title' | 'body' | 'log'>[]> =>
      page.evaluate(() =>
        (window as unknown as { shown: Shown[] }).shown.map(({ title, body, log }) => ({ title, body, log })),
      );
    const call = { title: 'Ivy Stone is calling', body: 'Video call' };

    // Nobody answers: it goes when the caller thinks better of it.
    await ivy.button('Video call').click();
    await expect.poll(shown, { timeout: 20_000 }).toEqual([{ ...call, log: ['show'] }]);
    await ivy.button('Leave the call').click();
    await expect.poll(shown, { timeout: 20_000 }).toEqual([{ ...call, log: ['show', 'close'] }]);

    // A click on it opens the chat, in which the call can be answered.
    await jan.chat.evaluate((element) => element.setAttribute('mode', 'launcher'));
    await jan.chat.getByRole('button', { name: 'Open chat' }).waitFor();
    await ivy.button('Dismiss').click();
    await ivy.button('Video call').click();
    await expect.poll(async () => (await shown())[1]?.log, { timeout: 20_000 }).toEqual(['show']);
    await page.evaluate(() => {
      const last = (window as unknown as { shown: Shown[] }).shown.at(-1)!;
      last.notification.dispatchEvent(new Event('click'));
    });
    await jan.button('Accept with video').click();
    await mediaFlows(ivy, 1);
    await expect.poll(async () => (await shown())[1]?.log, { timeout: 20_000 }).toEqual(['show', 'close']);
    await ivy.button('Leave the call').click();
    await jan.chat.getByText('The call has ended.').waitFor();

    // The page can tell in its own way.
    const told = page.evaluate(
      () =>
        new Promise((resolve) => {
          document.querySelector('teatime-chat')!.addEventListener('teatime-notification', (event) => {
            event.preventDefault();
            const { title, body, kind } = (event as CustomEvent<Record<string, string>>).detail;
            resolve({ title, body, kind });
          });
        }),
    );
    await ivy.button('Dismiss').click();
    await ivy.button('Audio call').click();
    expect(await told).toEqual({ title: 'Ivy Stone is calling', body: 'Audio call', kind: 'call' });
    await ivy.button('Leave the call').click();
    expect(await shown()).toHaveLength(2);
    expect([...ivy.faults, ...jan.faults]).toEqual([]);
  }, 240_000);
});
