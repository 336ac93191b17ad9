// How soon the conversation list is painted, from the moment the script tag is met: next to a bare page that asks the same server for the
// same conversations with `fetch` and writes them into a list, which is the least that a page can do. In a real Chromium; each round opens
// both in a fresh context (nothing cached) and once more (everything cached). Usage: node bench/first-open.js (after a build)
import { once } from 'node:events';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { findChromium } from '../scripts/chromium.js';
import { post, startServer } from './start-server.js';

const conversations = 40;
const rounds = 15;
const ways = /** @type {const} */ (['bare', 'teatime']);
const server = await startServer();
// The host page: another origin, as it is wherever the chat is embedded.
const host = createServer(({ url }, response) => {
  response.setHeader('Content-Type', 'text/html').end(url === '/bare' ? barePage() : chatPage());
}).listen(0, '127.0.0.1');
await once(host, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (host.address());
const token = await fill(server.url);
const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
try {
  /** @type {Record<string, number[]>} */
  const times = {};
  // The first round does not count.
  for (let round = 0; round <= rounds; round++) {
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
      const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
      const page = await context.newPage();
      for (const cache of ['nothing cached', 'all cached']) {
        await page.goto(`http://localhost:${port}/${way}`);
        const took = await page.evaluate(() => globalThis.painted);
        if (round > 0) (times[`${cache}, ${way}`] ??= []).push(took);
      }
      await context.close();
    }
  }
  const at = (/** @type {string} */ key, /** @type {number} */ part) => {
    const all = (times[key] ?? []).toSorted((a, b) => a - b);
    return all[Math.floor((all.length - 1) * part)] ?? Number.NaN;
  };
  const rows = ['nothing cached', 'all cached'].flatMap((cache) =>
    ways.map((way) => {
      const ratio = (/** @type {number} */ part) =>
        Number((at(`${cache}, ${way}`, part) / at(`${cache}, bare`, part)).toFixed(2));
      return {
        cache,
        way,
        'median ms': Math.round(at(`${cache}, ${way}`, 0.5)),
        ratio: ratio(0.5),
        'p95 ms': Math.round(at(`${cache}, ${way}`, 0.95)),
        'ratio of p95s': ratio(0.95),
      };
    }),
  );
  console.table(rows);
} finally {
  await browser.close();
  host.close();
  await server.stop();
}

/**
 * Somebody with many conversations.
 * @param {string} url
 * @returns {Promise<string>} an access token of theirs
 */
async function fill(url) {
  const password = 'a bench is not a place to sit';
  const person = (/** @type {string} */ username, /** @type {string} */ displayName) =>
    post(url, '/auth/register', { username, displayName, password });
  const { accessToken } = await person('bench-one', 'Bench One');
  const other = await person('bench-other', 'Bench Other');
  for (let n = 1; n <= conversations; n++)
    await post(url, '/conversations', { kind: 'group', title: `Group ${n}`, userIds: [other.user.id] }, accessToken);
  return accessToken;
}

/**
 * A page that notes when the title of the first conversation can be seen.
 * @param {string} body
 */
function pageWith(body) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title>
<style>html,body{block-size:100%;margin:0}</style>
<script>
  const start = performance.now();
  const found = (root) => [...root.querySelectorAll('*')].some((element) =>
    element.shadowRoot ? found(element.shadowRoot) : !element.firstElementChild && /Group ${conversations}\\b/.test(element.textContent));
  globalThis.painted = new Promise((resolve) => {
    const look = () => (document.body && found(document.body)
      ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)))
      : requestAnimationFrame(look));
    look();
  });
</script>
<body>${body}</body></html>`;
}

function barePage() {
  return pageWith(`<ul></ul><script>
    fetch('${server.url}/api/v1/conversations', { headers: { Authorization: 'Bearer ${token}' } })
      .then((response) => response.json())
      .then(({ conversations }) => {
        for (const { title } of conversations) {
          const item = document.createElement('li');
          item.textContent = title;
          document.querySelector('ul').append(item);
        }
      });
  </script>`);
}

function chatPage() {
  return pageWith(`<teatime-chat mode="inline" token="${token}"></teatime-chat>
    <script type="module" src="${server.url}/teatime-chat.js"></script>`);
}
