import type { Browser, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat, type ChatHand } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;
/** Red on the left, blue on the right; twice as wide as high. */
let photo: Buffer;

beforeAll(async () => {
  const half = (background: string) => sharp({ create: { width: 400, height: 400, channels: 3, background } }).png();
  photo = await sharp({ create: { width: 800, height: 400, channels: 3, background: '#f00' } })
    .composite([{ input: await half('#00f').toBuffer(), left: 400, top: 0 }])
    .jpeg()
    .toBuffer();
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

describe('a picture of oneself', () => {
  test('is dragged and pinched into shape, shown to others wherever one is, and goes again', async () => {
    const [one, other] = await Promise.all([openPage(browser, { hasTouch: true }), openPage(browser)]);
    await Promise.all([one, other].map(({ page }) => page.goto(`${server.url}/examples/page/`)));
    const [ann, ben] = [inChat(one.page), inChat(other.page)];
    await Promise.all([
      ann.register({ name: 'Ann Ames', username: 'ann-ames' }),
      ben.register({ name: 'Ben Bold', username: 'ben-bold' }),
    ]);
    await ann.writeTo('Ben Bold');
    await ann.say('Look at me');
    await ben.openConversation('Ann Ames');
    await ben.message('Look at me').waitFor();
    expect(await pictures(ben.chat)).toHaveLength(0);

    await ann.chat.getByRole('button', { name: 'Profile' }).click();
    await choose(ann, 'Add a picture');
    const stage = ann.chat.locator('.stage');
    const box = (await stage.boundingBox())!;
    const at = (x: number, y: number) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
    expect(await colourAt(stage, 0.25)).toBe('red');
    expect(await colourAt(stage, 0.75)).toBe('blue');
    // Dragged to the left, so that the right half of the photo is there.
    const [from, to] = [at(0.9, 0.5), at(0.1, 0.5)];
    await one.page.mouse.move(from.x, from.y);
    await one.page.mouse.down();
    await one.page.mouse.move(to.x, to.y, { steps: 5 });
    await one.page.mouse.up();
    expect(await colourAt(stage, 0.25)).toBe('blue');
    // Two fingers spread to twice their distance.
    await pinch(one.page, at(0.4, 0.5), at(0.6, 0.5), 2);
    expect(Number(await ann.chat.getByRole('slider', { name: 'Zoom' }).inputValue())).toBeCloseTo(2, 1);
    await ann.chat.locator('teatime-avatar-editor').getByRole('button', { name: 'Save' }).click();
    await ann.chat.getByRole('button', { name: 'Change the picture' }).waitFor();

    // In the list, in the header, at the beginning, beside the message.
    await other.page.reload();
    await ben.openConversation('Ann Ames');
    await expect.poll(async () => (await pictures(ben.chat)).length).toBe(4);
    const [picture] = await pictures(ben.chat);
    expect(new Set(await pictures(ben.chat)).size).toBe(1);
    // Whoever has the address may see it, for ever.
    const answer = await fetch(picture!);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    const { data, info } = await sharp(Buffer.from(await answer.arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([256, 256]);
    expect([...data.subarray(0, 3)].map((value) => Math.round(value / 255))).toEqual([0, 0, 1]);

    await one.page.reload();
    await expect.poll(async () => (await pictures(ann.chat)).includes(picture!)).toBe(true);
    await ann.chat.getByRole('button', { name: 'Profile' }).click();
    await ann.chat.getByRole('button', { name: 'Change the picture' }).click();
    await ann.chat.getByRole('button', { name: 'Remove picture' }).click();
    await ann.chat.getByRole('button', { name: 'Add a picture' }).waitFor();
    await other.page.reload();
    await ben.openConversation('Ann Ames');
    await ben.message('Look at me').waitFor();
    expect(await ben.chat.locator('teatime-avatar img').count()).toBe(0);
    expect([...one.faults, ...other.faults]).toEqual([]);
  });

  test('is refused in words when it is none, and when the server cannot be reached, and saved when it can', async () => {
    const { page, context, faults } = await openPage(browser, { viewport: { width: 320, height: 640 } });
    await page.goto(`${server.url}/examples/page/`);
    const hand = inChat(page);
    await hand.register({ name: 'Cleo Carr', username: 'cleo-carr' });
    await hand.chat.getByRole('button', { name: 'Profile' }).click();
    await hand.chat.getByRole('button', { name: 'Add a picture' }).click();
    const input = hand.chat.locator('teatime-avatar-editor input[type=file]');
    await input.setInputFiles({ name: 'cv.png', mimeType: 'image/png', buffer: Buffer.from('<!doctype html>') });
    await hand.chat.getByText("That can't be opened as a picture here.").waitFor();
    await input.setInputFiles({ name: 'cleo.jpg', mimeType: 'image/jpeg', buffer: photo });
    await hand.chat.locator('.stage').waitFor();
    const save = hand.chat.locator('teatime-avatar-editor').getByRole('button', { name: 'Save' });
    await page.route('**/api/v1/me/avatar', (route) => route.abort());
    await save.click();
    await hand.chat.getByText(/Can't reach the chat/).waitFor();
    await page.unroute('**/api/v1/me/avatar');
    await save.click();
    await hand.chat.getByRole('button', { name: 'Change the picture' }).waitFor();
    await expect.poll(async () => (await pictures(hand.chat)).length).toBeGreaterThan(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    expect(faults).toEqual([]);
    await context.close();
  });
});

describe('a picture of a group', () => {
  test('is given by its owner, shown to its members, and theirs to look at only', async () => {
    const [one, other] = await Promise.all([openPage(browser), openPage(browser)]);
    await Promise.all([one, other].map(({ page }) => page.goto(`${server.url}/examples/page/`)));
    const [dee, eli] = [inChat(one.page), inChat(other.page)];
    await Promise.all([
      dee.register({ name: 'Dee Dunn', username: 'dee-dunn' }),
      eli.register({ name: 'Eli East', username: 'eli-east' }),
    ]);
    await dee.createGroup('Tasters', ['Eli East']);
    await eli.openConversation('Tasters');
    for (const { chat } of [dee, eli]) await chat.getByRole('button', { name: 'Details', exact: true }).click();
    await eli.chat.getByRole('heading', { name: 'Tasters' }).waitFor();
    expect(await eli.chat.locator('teatime-avatar-field button').count()).toBe(0);

    await choose(dee, 'Add a picture');
    await dee.chat.locator('teatime-avatar-editor').getByRole('button', { name: 'Save' }).click();
    await dee.chat.getByRole('button', { name: 'Change the picture' }).waitFor();
    for (const { chat } of [dee, eli]) {
      // List, header, the beginning of the conversation, details.
      await expect.poll(async () => (await pictures(chat)).length).toBe(4);
      expect(new Set(await pictures(chat)).size).toBe(1);
    }
    expect([...one.faults, ...other.faults]).toEqual([]);
  });
});

async function choose({ chat }: ChatHand, button: string): Promise<void> {
  await chat.getByRole('button', { name: button }).click();
  await chat
    .locator('teatime-avatar-editor input[type=file]')
    .setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: photo });
  await chat.locator('.stage').waitFor();
}

/** The addresses of all pictures that have loaded. */
function pictures(chat: Locator): Promise<string[]> {
  return chat
    .locator('teatime-avatar img')
    .evaluateAll((images: HTMLImageElement[]) =>
      images.filter(({ naturalWidth }) => naturalWidth === 256).map(({ src }) => src),
    );
}

/** What the view shows so far from its left edge, at half its height. */
function colourAt(stage: Locator, part: number): Promise<string> {
  return stage.locator('canvas').evaluate((canvas: HTMLCanvasElement, x) => {
    const { data } = canvas.getContext('2d')!.getImageData(x * canvas.width, canvas.height / 2, 1, 1);
    return data[0]! > 128 ? 'red' : data[2]! > 128 ? 'blue' : 'neither';
  }, part);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Puts two fingers down and spreads them, around the middle between them. */
async function pinch(page: Page, one: Point, other: Point, factor: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const middle = { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
  const spread = (by: number) =>
    [one, other].map(({ x, y }, id) => ({ id, x: middle.x + (x - middle.x) * by, y: middle.y + (y - middle.y) * by }));
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: spread(1) });
  for (let step = 1; step <= 8; step++)
    await session.send('Input.dispatchTouchEvent', {
      type: 'touchMove',
      touchPoints: spread(1 + ((factor - 1) * step) / 8),
    });
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}
