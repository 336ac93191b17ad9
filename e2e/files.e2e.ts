import type { Browser, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;
let count = 0;

beforeAll(async () => {
  const fakes = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  [server, browser] = await Promise.all([startServer({ MAX_FILE_MB: '3' }), launchBrowser(fakes)]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** Two people with a direct message open on both sides. */
const aPair = async () => {
  count += 1;
  const [ida, jon] = await Promise.all(
    (['Ida', 'Jon'] as const).map(async (first) => {
      const watched = await openPage(browser);
      await watched.page.goto(`${server.url}/examples/page/`);
      const hand = inChat(watched.page);
      const name = `${first} Files${count}`;
      await hand.register({ name, username: `${first}files${count}` });
      return { ...watched, ...hand, name, tray: watched.page.locator('teatime-file-tray') };
    }),
  );
  if (!ida || !jon) throw new Error('unable to make a pair');
  await ida.writeTo(jon.name);
  await ida.say('first');
  await jon.openConversation(ida.name);
  await jon.message('first').waitFor();
  return { ida, jon };
};

interface Picture {
  readonly name: string;
  readonly base64: string;
}

/** Screenshots, each of another colour: noise, so that none is small. */
const somePictures = (number: number): Promise<Picture[]> =>
  Promise.all(
    Array.from({ length: number }, async (_, index) => {
      const noise = { type: 'gaussian', mean: 20 + index * 20, sigma: 30 } as const;
      const picture = sharp({ create: { width: 640, height: 400, channels: 3, background: '#888', noise } });
      return { name: `screenshot ${index}.png`, base64: (await picture.png().toBuffer()).toString('base64') };
    }),
  );

/** Drops files on an element, as a person would from their desktop. */
const drop = async (page: Page, target: Locator, pictures: readonly Picture[]): Promise<void> => {
  const dataTransfer = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type: 'image/png' }));
    }
    return transfer;
  }, pictures);
  await target.dispatchEvent('dragenter', { dataTransfer });
  const zone = page.locator('teatime-drop-zone');
  for (const type of ['dragover', 'drop']) await zone.dispatchEvent(type, { dataTransfer });
};

/** How many of the pictures of an element are there, decoded. */
const decoded = (pictures: Locator): Promise<number> =>
  pictures.evaluateAll((all) => all.filter((one) => one instanceof HTMLImageElement && one.naturalWidth > 0).length);

const sentFiles = (text: string) =>
  server.query<{ name: string; position: number }>(
    `select f.name, f.position from files f join messages m on m.conversation_id = f.conversation_id and m.id = f.message_id
     where m.text = $1 order by f.position`,
    [text],
  );

test('of ten screenshots that are dropped one is cancelled, the line is lost for a while, and nine arrive once', async () => {
  const { ida, jon } = await aPair();
  await drop(ida.page, ida.chat.locator('teatime-conversation section'), await somePictures(10));
  await expect.poll(() => ida.tray.getByRole('listitem').count()).toBe(10);
  // They are to be seen at once, whatever the line does.
  await ida.context.setOffline(true);
  await expect.poll(() => decoded(ida.tray.locator('img'))).toBe(10);
  await ida.tray.getByRole('button', { name: 'Remove screenshot 3.png' }).click();
  await expect.poll(() => ida.tray.getByRole('listitem').count()).toBe(9);
  await ida.say('nine of ten');
  await ida.message('nine of ten').waitFor();
  await ida.say('and a word that must not wait');
  await ida.page.waitForTimeout(3000);
  await ida.context.setOffline(false);

  const there = jon.message('nine of ten');
  await there.waitFor({ timeout: 30_000 });
  await there.scrollIntoViewIfNeeded();
  await expect.poll(() => decoded(there.locator('teatime-message-files img')), { timeout: 15_000 }).toBeGreaterThan(3);
  await ida
    .message('nine of ten')
    .getByText('Delivered', { exact: true })
    .or(ida.message('nine of ten').getByText('Read', { exact: true }))
    .first()
    .waitFor({ state: 'attached' });
  const names = (await sentFiles('nine of ten')).map(({ name }) => name);
  expect(names).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9].map((index) => `screenshot ${index}.png`));
  const twice = await server.query('select from messages where text = any ($1)', [
    ['nine of ten', 'and a word that must not wait'],
  ]);
  expect(twice).toHaveLength(2);

  // The lightbox shows them one after the other, and gives the focus back.
  const first = there.getByRole('button', { name: /^Open: Picture screenshot 0/ });
  await first.click();
  const lightbox = jon.page.getByRole('dialog', { name: 'Pictures and videos' });
  await lightbox.getByText('1 of 9').first().waitFor();
  await jon.page.keyboard.press('ArrowRight');
  await lightbox.getByText('2 of 9').first().waitFor();
  await jon.page.keyboard.press('Escape');
  await lightbox.waitFor({ state: 'hidden' });
  expect(await first.evaluate((button) => (button.getRootNode() as ShadowRoot).activeElement === button)).toBe(true);
  expect([...ida.faults, ...jon.faults]).toEqual([]);
});

test('a page that is reloaded in the middle of an upload goes on with it, and sends the message once', async () => {
  const { ida, jon } = await aPair();
  await ida.page.route('**/uploads/**', (route) => route.abort());
  await drop(ida.page, ida.chat.locator('teatime-conversation section'), await somePictures(2));
  await expect.poll(() => ida.tray.getByRole('listitem').count()).toBe(2);
  await ida.say('over a reload');
  await ida.message('over a reload').getByText('Sending', { exact: false }).first().waitFor({ state: 'attached' });
  await ida.page.unroute('**/uploads/**');
  await ida.page.reload();
  await jon.message('over a reload').waitFor({ timeout: 30_000 });
  await expect.poll(() => decoded(jon.message('over a reload').locator('teatime-message-files img'))).toBe(2);
  expect((await sentFiles('over a reload')).map(({ name }) => name)).toEqual(['screenshot 0.png', 'screenshot 1.png']);
  expect(await server.query('select from messages where text = $1', ['over a reload'])).toHaveLength(1);
});

test('a file that is too large is refused in words before anything is uploaded, and the page is told', async () => {
  const { ida } = await aPair();
  const asked: string[] = [];
  ida.page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/files')) asked.push(request.url());
  });
  const told = ida.page.evaluate(
    () =>
      new Promise<unknown>((resolve) => {
        document.addEventListener('teatime-file-reject', (event) => resolve((event as CustomEvent).detail), {
          once: true,
        });
      }),
  );
  const chooser = ida.page.waitForEvent('filechooser');
  await ida.chat.getByRole('button', { name: 'Attach files' }).click();
  await (await chooser).setFiles([{ name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(4_000_000) }]);
  await ida.tray.getByText('film.mp4 is 4 MB; the limit here is 3 MB.').waitFor();
  expect(await told).toEqual({
    files: [{ name: 'film.mp4', size: 4_000_000, type: 'video/mp4', reason: 'too_large' }],
  });
  expect(asked).toEqual([]);
});

test('a voice message is recorded, listened to, sent, and plays on the other side', async () => {
  const { ida, jon } = await aPair();
  await ida.chat.getByRole('button', { name: 'Record a voice message' }).click();
  await ida.chat.getByRole('button', { name: 'Stop and listen' }).waitFor();
  await ida.page.waitForTimeout(3000);
  await ida.chat.getByRole('button', { name: 'Stop and listen' }).click();
  const preview = ida.chat.locator('teatime-voice-recorder teatime-voice-player');
  await preview.getByRole('button', { name: 'Play' }).click();
  await expect
    .poll(async () => Number(await preview.getByRole('slider').getAttribute('aria-valuenow')))
    .toBeGreaterThan(0);
  await ida.chat.getByRole('button', { name: 'Send the recording' }).click();

  const player = jon.chat.locator('teatime-message-files teatime-voice-player');
  await player.waitFor();
  const slider = player.getByRole('slider');
  await player.getByRole('button', { name: 'Play' }).click();
  await expect.poll(async () => Number(await slider.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
  const [file] = await server.query<{ kind: string; type: string; duration_ms: number; waveform: number[] }>(
    `select kind, type, duration_ms, waveform from files where kind = 'voice' order by created_at desc limit 1`,
  );
  expect(file?.type).toMatch(/^audio\/(?:mp4|webm|ogg)/);
  expect(file?.duration_ms).toBeGreaterThan(1000);
  // Chromium's fake microphone beeps once a second.
  expect(Math.max(...(file?.waveform ?? []))).toBeGreaterThan(20);
  expect([...ida.faults, ...jon.faults]).toEqual([]);
});
