// From the click that answers a call to the first picture of the other side, and what a page in a call of four costs: TeaTime, with the built widget
// and the real server, next to bare PeerJS with its stock server, in a real Chromium with the browser's own test picture for a camera.
// Usage: node bench/calls.js (after a build)
import { loadavg } from 'node:os';
import { chromium } from 'playwright-core';
import { findChromium } from '../scripts/chromium.js';
import { callBare, meetBare, startBare } from './calls-bare.js';
import { callTeaTime, meetTeaTime, signIn, startTeaTime } from './calls-teatime.js';

const rounds = 12;
const meetings = 2;
const settleMs = 5000;
const measureMs = 10_000;
/** No step takes longer, or the bench ends. */
const patienceMs = 60_000;

const bare = await startBare();
const teatime = await startTeaTime();
try {
  // All twelve pictures of a call of four are encoded and decoded on this one machine: at the usual 30 a second it would have no time left to measure in.
  for (const [compare, people, camera] of [
    [firstFrames, 2, 'fps=30'],
    [pagesOfFour, 4, 'fps=10'],
  ])
    await withPages(people, camera, async (pages, barePages) => console.table(await compare(pages, barePages)));
  console.log(`load of the machine over the last minutes: ${loadavg().map(Math.round).join(', ')}`);
} finally {
  bare.close();
  await teatime.close();
}

/**
 * Pages of both ways, in a browser whose cameras are like that.
 * @param {number} people
 * @param {string} camera
 * @param {(pages: import('playwright-core').Page[], barePages: import('playwright-core').Page[]) => Promise<void>} use
 */
async function withPages(people, camera, use) {
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: [
      '--no-sandbox',
      `--use-fake-device-for-media-stream=${camera}`,
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
  });
  try {
    const all = await Promise.all(Array.from({ length: 2 * people }, () => newPage(browser)));
    const [pages, barePages] = [all.slice(0, people), all.slice(people)];
    for (const page of barePages) await page.goto(bare.url);
    for (const [n, page] of pages.entries()) await signIn(page, teatime.url, n);
    await use(pages, barePages);
  } finally {
    await browser.close();
  }
}

/**
 * @param {import('playwright-core').Page[]} pages
 * @param {import('playwright-core').Page[]} barePages
 */
async function firstFrames(pages, barePages) {
  const ways = {
    'bare PeerJS, connected before': { call: (order) => callBare(pick(barePages, order), true, watch), times: [] },
    'bare PeerJS, from nothing': { call: (order) => callBare(pick(barePages, order), false, watch), times: [] },
    TeaTime: { call: (order) => callTeaTime(pick(pages, order), order, watch), times: [] },
  };
  // The first round loads what calls are made of.
  for (let round = 0; round <= rounds; round++) {
    // Each follows each other one; both people call, as nobody may begin many calls a minute.
    const all = Object.values(ways);
    const turn = round % all.length;
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    for (const { call, times } of [...all.slice(turn), ...all.slice(0, turn)]) {
      const hangUp = await call(order);
      const callee = (call === ways.TeaTime.call ? pages : barePages)[order[1]];
      const took = await callee.evaluate(() => globalThis.firstFrame);
      if (round > 0) times.push(took);
      await hangUp();
    }
  }
  const floor = ways['bare PeerJS, from nothing'].times;
  return Object.entries(ways).map(([way, { times }]) => ({
    way,
    'median ms': Math.round(at(times, 0.5)),
    'ratio of medians': ratio(at(times, 0.5), at(floor, 0.5)),
    'p95 ms': Math.round(at(times, 0.95)),
    'ratio of p95s': ratio(at(times, 0.95), at(floor, 0.95)),
  }));
}

/**
 * @param {import('playwright-core').Page[]} pages
 * @param {import('playwright-core').Page[]} barePages
 */
async function pagesOfFour(pages, barePages) {
  const ways = {
    'bare PeerJS': { meet: () => meetBare(barePages, false), on: barePages, samples: [] },
    'bare PeerJS, pictures as small': { meet: () => meetBare(barePages, true), on: barePages, samples: [] },
    TeaTime: { meet: () => meetTeaTime(pages), on: pages, samples: [] },
  };
  for (let meeting = 0; meeting < meetings; meeting++)
    for (const { meet, on, samples } of Object.values(ways)) {
      const end = await meet();
      await Promise.all(on.map((page) => page.waitForFunction(hasThree, undefined, { polling: 500 })));
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      samples.push(...(await Promise.all(on.map(measure))));
      await end();
    }
  const floor = ways['bare PeerJS'].samples;
  const median = (samples, key) =>
    at(
      samples.map((sample) => sample[key]),
      0.5,
    );
  return Object.entries(ways).map(([way, { samples }]) => ({
    way,
    'CPU, % of a core': Math.round(median(samples, 'cpu') * 100),
    ratio: ratio(median(samples, 'cpu'), median(floor, 'cpu')),
    'main thread, %': Number((median(samples, 'main') * 100).toFixed(1)),
    'frames/s in': Math.round(median(samples, 'decoded')),
    'frames/s out': Math.round(median(samples, 'encoded')),
    'width of pictures': median(samples, 'width'),
    'CPU ms a frame': Number(((1000 * median(samples, 'cpu')) / median(samples, 'frames')).toFixed(2)),
  }));
}

/**
 * What a page costs over some seconds: processor time of its process, which no other page shares, and of that what the main thread's tasks took.
 * @param {import('playwright-core').Page} page
 */
async function measure(page) {
  const session = await page.context().newCDPSession(page);
  // A task of the page that waits for a core costs nothing meanwhile.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const counted = await page.evaluate(frames);
    return {
      ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
      ...counted,
      now: performance.now(),
    };
  };
  const before = await read();
  await new Promise((resolve) => setTimeout(resolve, measureMs));
  const after = await read();
  await session.detach();
  const rate = (/** @type {string} */ name) => ((after[name] - before[name]) * 1000) / (after.now - before.now);
  const [decoded, encoded] = [rate('decoded'), rate('encoded')];
  return {
    cpu: rate('ProcessTime'),
    main: rate('TaskDuration'),
    decoded,
    encoded,
    frames: decoded + encoded,
    width: after.width,
  };
}

/**
 * A page in a browser profile, and so a process, of its own.
 * @param {import('playwright-core').Browser} browser
 */
async function newPage(browser) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
  context.setDefaultTimeout(patienceMs);
  await context.addInitScript(keepLinks);
  return context.newPage();
}

/** @param {import('playwright-core').Page} page */
async function watch(page) {
  await page.evaluate(watchFirstFrame, patienceMs);
}

/**
 * @template T
 * @param {readonly T[]} all
 * @param {readonly number[]} order
 */
function pick(all, order) {
  return order.map((n) => all[n]);
}

/**
 * @param {number[]} values
 * @param {number} part
 */
function at(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
}

/**
 * @param {number} value
 * @param {number} floor
 */
function ratio(value, floor) {
  return Number((value / floor).toFixed(2));
}

/** In a page, before anything else: keeps the connections where `frames` finds them. */
function keepLinks() {
  globalThis.links = new Set();
  const Plain = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Plain {
    constructor(config) {
      super(config);
      globalThis.links.add(this);
      this.addEventListener('connectionstatechange', () => this.connectionState === 'closed' && this.#forget());
    }
    close() {
      super.close();
      this.#forget();
    }
    #forget() {
      globalThis.links.delete(this);
    }
  };
}

/** In a page: frames decoded and encoded so far, and how wide the decoded ones are. */
async function frames() {
  const sum = { decoded: 0, encoded: 0, width: 0 };
  for (const link of globalThis.links)
    for (const { type, kind, framesDecoded, framesEncoded, frameWidth } of (await link.getStats()).values()) {
      if (kind !== 'video') continue;
      if (type === 'inbound-rtp') [sum.decoded, sum.width] = [sum.decoded + framesDecoded, frameWidth];
      if (type === 'outbound-rtp') sum.encoded += framesEncoded;
    }
  return sum;
}

/** In a page: whether pictures of three others arrive. */
async function hasThree() {
  let seen = 0;
  for (const link of globalThis.links)
    for (const { type, framesDecoded } of (await link.getStats()).values())
      if (type === 'inbound-rtp' && framesDecoded > 0) seen += 1;
  return seen === 3;
}

/** In a page: keeps how long it takes from the next click to the first picture of somebody else's camera, as the browser shows it. */
function watchFirstFrame(/** @type {number} */ patience) {
  const find = (/** @type {Document | ShadowRoot} */ root, /** @type {string} */ name) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.localName === name) return element;
      const found = element.shadowRoot && find(element.shadowRoot, name);
      if (found) return found;
    }
  };
  const call = find(document, 'teatime-call');
  const picture = () =>
    call
      ? call.shadowRoot.querySelector('teatime-call-stage')?.shadowRoot?.querySelector('.tile:not(.own) video')
      : document.querySelector('#people video');
  globalThis.firstFrame = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('unable to measure the call; no picture has come')), patience);
    const clicked = ({ timeStamp }) => {
      const look = () => {
        const video = picture();
        if (!video) return requestAnimationFrame(look);
        video.requestVideoFrameCallback((_now, { width }) => {
          // Smaller ones hold the place of a camera.
          if (width > 16) resolve(performance.now() - timeStamp);
          else look();
        });
      };
      look();
    };
    addEventListener('click', clicked, { capture: true, once: true });
  });
}
