import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PeerServer } from 'peer';

const files = {
  '/': { type: 'text/html', path: join(import.meta.dirname, 'calls-bare.html') },
  '/peerjs.min.js': {
    type: 'text/javascript',
    path: join(createRequire(import.meta.url).resolve('peerjs'), '../peerjs.min.js'),
  },
};

/** What the browser sends when the budget of the picture is that of TeaTime with three others. */
const budget = { maxBitrate: 450_000, scaleResolutionDownBy: 2, maxFramerate: 24 };

let calls = 0;

/** Serves the page, next to the stock signalling server of PeerJS; both on loopback. */
export async function startBare() {
  const web = createServer((request, response) => {
    const file = files[new URL(request.url, 'http://localhost').pathname];
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': file.type });
    createReadStream(file.path).pipe(response);
  });
  const [signalling] = await Promise.all([
    new Promise((resolve) => PeerServer({ host: '127.0.0.1', port: 0, path: '/', key: 'peerjs' }, resolve)),
    new Promise((resolve) => web.listen(0, '127.0.0.1', resolve)),
  ]);
  return {
    url: `http://127.0.0.1:${web.address().port}/?signalling=${signalling.address().port}`,
    close() {
      for (const server of [web, signalling]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

/**
 * One call between two pages, from the click of the second one. The first has its camera on and can be called, as a caller of TeaTime whose call rings.
 * @param {readonly import('playwright-core').Page[]} pages
 * @param {boolean} open whether the second one was known to the signalling server before the click
 * @param {(page: import('playwright-core').Page) => Promise<void>} watch
 */
export async function callBare([one, other], open, watch) {
  const id = `bench-${(calls += 1)}`;
  await one.evaluate(async (mine) => {
    await openCamera();
    await openPeer(mine);
  }, `${id}-one`);
  if (open) await other.evaluate((mine) => openPeer(mine), `${id}-other`);
  await other.evaluate((bench) => {
    document.querySelector('button').onclick = async () => {
      await Promise.all([openCamera(), peer ?? openPeer(`${bench}-other`)]);
      dial(`${bench}-one`);
    };
  }, id);
  await watch(other);
  await other.getByRole('button', { name: 'Call' }).click();
  return () => Promise.all([one, other].map((page) => page.evaluate(() => hangUp())));
}

/**
 * A call of all pages, each linked to each.
 * @param {readonly import('playwright-core').Page[]} pages
 * @param {boolean} small whether pictures are as small as TeaTime makes them among so many
 */
export async function meetBare(pages, small) {
  const id = `bench-${(calls += 1)}`;
  await Promise.all(
    pages.map((page, n) =>
      page.evaluate(
        async ({ mine, most }) => {
          limit = most;
          await openCamera();
          await openPeer(mine);
        },
        { mine: `${id}-${n}`, most: small ? budget : undefined },
      ),
    ),
  );
  for (const [n, page] of pages.entries())
    for (let before = 0; before < n; before++) await page.evaluate((theirs) => dial(theirs), `${id}-${before}`);
  return () => Promise.all(pages.map((page) => page.evaluate(() => hangUp())));
}
