import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import { aPerson, opened, shows } from './chats.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { aPage, begin, pageShows, register, startPages, talkWith, type Pages } from './pages.ts';

let server: TestBackend;
let pages: Pages;

beforeAll(async () => {
  pages = await startPages();
  server = await startTestBackend({ allowedOrigins: [pages.origin] });
}, 60_000);
afterAll(async () => {
  await pages?.close();
  await server?.close();
});

const aScene = async () => {
  const proxy: FaultProxy = await startFaultProxy(server);
  const noor = await aPerson(server);
  const context = await pages.newContext();
  const page = await aPage(pages, context, proxy.url);
  await register(page, `b${Date.now().toString(36)}`);
  const id = await talkWith(page, noor.id);
  const there = await opened(noor.chat, id);
  return { proxy, context, page, id, there };
};

const send = (page: Page, text: string) => page.evaluate((words) => window.talk.send(words), text);

test('unsent messages and drafts outlive a reload, and go out once', async () => {
  const { proxy, page, id, there } = await aScene();
  await send(page, 'with a line');
  await shows(there, ['with a line']);
  proxy.refuse();
  await send(page, 'without one');
  await send(page, 'and another');
  await page.evaluate(() => window.talk.setDraft({ text: 'half a thought' }));
  await page.waitForFunction(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name);
    return names.some((name) => name?.startsWith('teatime:'));
  });
  await page.evaluate(() => window.talk.close());
  proxy.pass();
  await page.reload();
  await begin(page, proxy.url);
  await page.waitForFunction(() => window.chat.$session.get().status === 'signed-in');
  await page.evaluate((conversationId) => (window.talk = window.chat.open(conversationId)), id);
  await pageShows(page, ['with a line', 'without one', 'and another'], true);
  await shows(there, ['with a line', 'without one', 'and another']);
  await page.waitForFunction(() => window.talk.$draft.get().text === 'half a thought');
});

test('two tabs with one outbox send each message once, in order, and both show it', async () => {
  const { proxy, context, page, id, there } = await aScene();
  const twin = await aPage(pages, context, proxy.url);
  await twin.evaluate((conversationId) => (window.talk = window.chat.open(conversationId)), id);
  await twin.waitForFunction(() => window.talk.$timeline.get().status === 'ready');
  proxy.refuse();
  await send(page, 'one');
  await send(twin, 'two');
  await send(page, 'three');
  // Each tab shows what the other has written, before the server knows of it.
  for (const tab of [page, twin]) await pageShows(tab, ['one', 'two', 'three'], false);
  proxy.pass();
  for (const tab of [page, twin]) await tab.evaluate(() => window.chat.reconnectNow());
  for (const tab of [page, twin]) await pageShows(tab, ['one', 'two', 'three'], true);
  const items = await shows(there, ['one', 'two', 'three']);
  expect(items.map(({ message }) => message.seq)).toEqual([1, 2, 3]);
});

test('what a closed tab left behind is sent by the one that stays', async () => {
  const { proxy, context, page, id, there } = await aScene();
  const twin = await aPage(pages, context, proxy.url);
  await twin.evaluate((conversationId) => (window.talk = window.chat.open(conversationId)), id);
  await twin.waitForFunction(() => window.talk.$timeline.get().status === 'ready');
  proxy.refuse();
  await send(page, 'left behind');
  await pageShows(twin, ['left behind'], false);
  await page.close();
  proxy.pass();
  await twin.evaluate(() => window.chat.reconnectNow());
  await shows(there, ['left behind']);
  await pageShows(twin, ['left behind'], true);
});

test.each([
  ['is missing', 'delete Object.getPrototypeOf(window).indexedDB; delete window.indexedDB;'],
  ['refuses', 'IDBFactory.prototype.open = () => { throw new DOMException("no", "SecurityError"); };'],
  ['is full', 'IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };'],
])('where IndexedDB %s the chat works from memory, and says so', async (_, sabotage) => {
  const noor = await aPerson(server);
  const context = await pages.newContext();
  await context.addInitScript(sabotage);
  const page = await aPage(pages, context, server.url);
  await register(page, `q${Date.now().toString(36)}`);
  const id = await talkWith(page, noor.id);
  const there = await opened(noor.chat, id);
  await send(page, 'from memory');
  await shows(there, ['from memory']);
  await pageShows(page, ['from memory'], true);
  expect(await page.evaluate(() => window.chat.$memoryOnly.get())).toBe(true);
});

test('signing out with forget leaves nothing of the person on the device', async () => {
  const { proxy, page } = await aScene();
  proxy.refuse();
  await send(page, 'secret plans');
  await page.evaluate(() => window.talk.setDraft({ text: 'more of them' }));
  proxy.pass();
  await page.evaluate(() => window.chat.signOut({ forget: true }));
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});

test('no secret is kept where a script of the page could find it later', async () => {
  const { page } = await aScene();
  await send(page, 'hello');
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).toBe('{}');
});
