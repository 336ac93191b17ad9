// How a page fares with a conversation of 10,000 messages: opened, scrolled up to its very first one and down again, in a real
// Chromium against the real server. Usage: node bench/widget.js (after a build)
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { chromium } from 'playwright-core';
import { findChromium } from '../scripts/chromium.js';
import { post, startServer } from './start-server.js';

const messages = 10_000;
const server = await startServer();
const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
try {
  const { url } = server;
  const { username, password, title } = await fill(url);
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  await page.goto(`${url}/examples/page/`);
  await page.getByLabel(/^User name/).fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const item = page.locator('teatime-conversation-item').filter({ hasText: title });
  await item.waitFor();
  await page.evaluate(watchFrames);
  await item.click();
  await page
    .locator('teatime-message')
    .filter({ hasText: `number ${messages} of` })
    .waitFor();

  const rows = [await measure(page, 'opened')];
  await page.mouse.move(700, 400);
  const first = page.locator('teatime-message').filter({ hasText: 'number 1 of' });
  while ((await first.count()) === 0) await page.mouse.wheel(0, -2500);
  rows.push(await measure(page, 'scrolled up, loading everything'));
  for (let step = 0; step < 300; step++) await page.mouse.wheel(0, 300);
  rows.push(await measure(page, 'scrolled down by a wheel, 300 px at a time'));
  for (let step = 0; step < 60; step++) await page.mouse.wheel(0, 4000);
  rows.push(await measure(page, 'thrown down, 4,000 px at a time'));
  console.table(rows);
} finally {
  await browser.close();
  await server.stop();
}

/**
 * Two people with a conversation of many messages.
 * @param {string} url
 */
async function fill(url) {
  const password = 'a bench is not a place to sit';
  const register = async (/** @type {string} */ username, /** @type {string} */ displayName) => {
    const response = await post(url, '/auth/register', { username, displayName, password });
    return { id: response.user.id, token: response.accessToken };
  };
  const one = await register('bench-one', 'Bench One');
  const other = await register('bench-other', 'Bench Other');
  const { conversation } = await post(url, '/conversations', { kind: 'dm', userId: other.id }, one.token);
  const lines = readFileSync(join(server.dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n');
  const db = new pg.Client({ host: lines[4], port: Number(lines[3]), user: 'teatime', database: 'teatime' });
  await db.connect();
  await db.query(
    `insert into messages (site_id, conversation_id, id, sender_id, client_id, seq, changed_seq, text, draft_hash, created_at)
     select site_id, $1, gen_random_uuid(), case when n / 3 % 2 = 0 then $2::uuid else $3::uuid end, gen_random_uuid(), head_seq + n, head_seq + n,
       'Message number ' || n || ' of **many**' || repeat(', with some more words', n % 7), decode(repeat('00', 32), 'hex'),
       now() - interval '30 days' + n * interval '4 minutes'
     from conversations, generate_series(1, $4::int) n where conversations.id = $1`,
    [conversation.id, one.id, other.id, messages],
  );
  await db.query('update conversations set head_seq = head_seq + $2, last_message_seq = head_seq + $2 where id = $1', [
    conversation.id,
    messages,
  ]);
  await db.query('update members set read_seq = c.head_seq from conversations c where c.id = conversation_id');
  await db.end();
  return { username: 'bench-one', password, title: 'Bench Other' };
}

/** In the page: notes how long the main thread was kept busy at a time, and the most messages that were drawn at once. */
function watchFrames() {
  const seen = { frames: 0, tasks: [], mostDrawn: 0 };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: 'longtask',
  });
  const timelines = (root) =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      ...(element.localName === 'teatime-timeline' ? [element] : []),
      ...(element.shadowRoot ? timelines(element.shadowRoot) : []),
    ]);
  let timeline;
  const look = () => {
    seen.frames += 1;
    timeline = timeline?.isConnected ? timeline : timelines(document)[0];
    const drawn = timeline?.shadowRoot?.querySelectorAll('teatime-message').length ?? 0;
    seen.mostDrawn = Math.max(seen.mostDrawn, drawn);
    requestAnimationFrame(look);
  };
  look();
}

/**
 * What was seen since the last time.
 * @param {import('playwright-core').Page} page
 * @param {string} what
 */
async function measure(page, what) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const seen = await page.evaluate(() => {
    const { frames, tasks, mostDrawn } = globalThis.seen;
    Object.assign(globalThis.seen, { frames: 0, tasks: [], mostDrawn: 0 });
    return { frames, tasks, mostDrawn };
  });
  return {
    what,
    frames: seen.frames,
    'tasks over 50 ms': seen.tasks.length,
    'longest ms': Math.round(Math.max(0, ...seen.tasks)),
    'most messages drawn': seen.mostDrawn,
    'heap MB': Number((usedSize / 1e6).toFixed(1)),
  };
}
