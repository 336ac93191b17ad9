// How soon a picture is seen that is dropped on the composer, next to a bare <img> with an object URL of the same file: in a real
// Chromium, with the built widget and the real server, to which the picture goes up meanwhile. Usage: node bench/first-preview.js (after a build)
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { findChromium } from '../scripts/chromium.js';
import { post, startServer } from './start-server.js';

const rounds = 30;
const ways = /** @type {const} */ (['bare', 'tray']);
const server = await startServer();
const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
try {
  const { url } = server;
  const page = await openConversation(url);
  const rows = [];
  for (const { what, file } of await pictures()) {
    await page.evaluate(keepFile, { bytes: file.toString('base64'), type: 'image/jpeg' });
    /** @type {{ bare: number[], tray: number[] }} */
    const times = { bare: [], tray: [] };
    // The first round loads what the tray is made of.
    for (let round = 0; round <= rounds; round++) {
      // Each goes first in every other round: what one leaves to be tidied up falls on both.
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        const took = await page.evaluate(way === 'tray' ? dropOnComposer : showBare);
        if (round > 0) times[way].push(took);
        if (way === 'bare') continue;
        await page.locator('teatime-file-tray .remove').click();
        await page.locator('teatime-file-tray li').waitFor({ state: 'detached' });
      }
    }
    const ratio = (/** @type {number} */ part) => Number((at(times.tray, part) / at(times.bare, part)).toFixed(2));
    for (const [way, all] of Object.entries({ 'bare <img>': times.bare, tray: times.tray }))
      rows.push({
        picture: what,
        way,
        'median ms': Math.round(at(all, 0.5)),
        'ratio of medians': way === 'tray' ? ratio(0.5) : 1,
        'p95 ms': Math.round(at(all, 0.95)),
        'ratio of p95s': way === 'tray' ? ratio(0.95) : 1,
      });
  }
  console.table(rows);
} finally {
  await browser.close();
  await server.stop();
}

/**
 * @param {number[]} times
 * @param {number} part
 */
function at(times, part) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
}

/** A screenshot, which is small and quick to unpack, and a photo, which is neither. Noise stands for what makes photos heavy. */
async function pictures() {
  const noise = { type: /** @type {const} */ ('gaussian'), mean: 128, sigma: 20 };
  const make = (/** @type {number} */ width, /** @type {number} */ height) =>
    sharp({ create: { width, height, channels: 3, background: '#888', noise } })
      .jpeg()
      .toBuffer();
  return [
    { what: 'screenshot, 1280 × 800', file: await make(1280, 800) },
    { what: 'photo, 4000 × 3000', file: await make(4000, 3000) },
  ];
}

/**
 * A page with an open conversation.
 * @param {string} url
 */
async function openConversation(url) {
  const password = 'a bench is not a place to sit';
  const register = (/** @type {string} */ username, /** @type {string} */ displayName) =>
    post(url, '/auth/register', { username, displayName, password });
  const [one, other] = [await register('bench-one', 'Bench One'), await register('bench-other', 'Bench Other')];
  await post(url, '/conversations', { kind: 'dm', userId: other.user.id }, one.accessToken);
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  await page.goto(`${url}/examples/page/`);
  await page.getByLabel(/^User name/).fill('bench-one');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('teatime-conversation-item').filter({ hasText: 'Bench Other' }).click();
  await page.getByRole('button', { name: /^Attach/ }).waitFor();
  return page;
}

/**
 * In the page: keeps a file, and gives each measurement a copy of its own, so that none finds it unpacked already.
 * @param {{ bytes: string, type: string }} file
 */
function keepFile({ bytes, type }) {
  const data = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
  let copies = 0;
  Object.assign(globalThis, {
    nextFile: () => new File([data], `picture-${(copies += 1)}.jpg`, { type }),
    /** Resolves in the frame after the one that shows the image. */
    painted: async (image) => {
      if (!image.complete) await new Promise((resolve) => image.addEventListener('load', resolve, { once: true }));
      await image.decode();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    },
  });
}

/** In the page: shows the picture with as little as it takes, in the size that the tray gives it. */
async function showBare() {
  const file = globalThis.nextFile();
  const start = performance.now();
  const image = new Image(72, 72);
  image.decoding = 'async';
  image.style.cssText = 'position:fixed;inset:0 auto auto 0;z-index:9;object-fit:cover';
  const url = URL.createObjectURL(file);
  image.src = url;
  document.body.append(image);
  await globalThis.painted(image);
  const took = performance.now() - start;
  image.remove();
  URL.revokeObjectURL(url);
  return took;
}

/** In the page: drops the picture on the composer, and waits until the tray shows it. */
async function dropOnComposer() {
  const all = (root) =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      element,
      ...(element.shadowRoot ? all(element.shadowRoot) : []),
    ]);
  const composer = all(document).find(({ localName }) => localName === 'teatime-composer');
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(globalThis.nextFile());
  const start = performance.now();
  composer.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, composed: true, cancelable: true }));
  const find = () => composer.shadowRoot.querySelector('teatime-file-tray')?.shadowRoot?.querySelector('li img');
  let image = find();
  while (!image) {
    // Between frames, as an observer of the page would see it.
    await new Promise((resolve) => setTimeout(resolve));
    image = find();
  }
  await globalThis.painted(image);
  return performance.now() - start;
}
