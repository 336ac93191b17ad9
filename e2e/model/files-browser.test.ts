import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import type { Chat, OpenConversation, StagedFile } from '../../widget/model/types.ts';
import { aPerson, opened } from './chats.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { load, messagesArrive } from './files.ts';
import { aPage, begin, pageShows, register, startPages, talkWith, type Pages } from './pages.ts';

let server: TestBackend;
let pages: Pages;

beforeAll(async () => {
  pages = await startPages();
  server = await startTestBackend({ allowedOrigins: [pages.origin], files: { fileBytes: 200_000_000 } });
}, 120_000);
afterAll(async () => {
  await pages?.close();
  await server?.close();
});

interface Scene {
  readonly proxy: FaultProxy;
  readonly page: Page;
  readonly id: string;
  readonly noor: Chat;
  readonly there: OpenConversation;
}

/** A page whose line runs through a proxy, in a direct message with somebody whose does not. */
const aScene = async (): Promise<Scene> => {
  const proxy = await startFaultProxy(server);
  const noor = await aPerson(server);
  const page = await aPage(pages, await pages.newContext(), proxy.url);
  await register(page, `f${Date.now().toString(36)}`);
  const id = await talkWith(page, noor.id);
  return { proxy, page, id, noor: noor.chat, there: await opened(noor.chat, id) };
};

/** Puts files of random bytes into the tray; resolves with what they hash to. */
const attach = (page: Page, sizes: Readonly<Record<string, number>>): Promise<string[]> =>
  page.evaluate(async (wanted) => {
    const hashes: string[] = [];
    const files = [];
    for (const [name, size] of Object.entries(wanted)) {
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      hashes.push(Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join(''));
      files.push({ name, blob: new Blob([bytes], { type: 'application/octet-stream' }) });
    }
    await window.talk.attach(files);
    return hashes;
  }, sizes);

const send = (page: Page, text = ''): Promise<void> => page.evaluate((words) => window.talk.send(words), text);

/** Opens the conversation again, on a page that was loaded anew. */
const comeBack = async (page: Page, url: string, id: string): Promise<void> => {
  await begin(page, url);
  await page.waitForFunction(() => window.chat.$session.get().status === 'signed-in');
  await page.evaluate((conversationId) => (window.talk = window.chat.open(conversationId)), id);
};

/** Waits until a file of the first message, or of the tray, is like this. */
const fileIs = async (page: Page, status: StagedFile['status'], progress = 0): Promise<void> => {
  await page.waitForFunction(
    ([wanted, least]) => {
      const { items } = window.talk.$timeline.get();
      const files = items[0]?.uploads ?? window.talk.$staged.get();
      return files.some((file) => file.status === wanted && file.progress >= least && file.progress < 1);
    },
    [status, progress] as const,
    { timeout: 20_000, polling: 20 },
  );
};

/** The files that arrived hash to these. */
const expectArrived = async ({ noor, there }: Scene, hashes: readonly string[]): Promise<void> => {
  const [item] = await messagesArrive(there, 1, 30_000);
  const bytes = await Promise.all(item!.message.files.map((file) => load(noor, file)));
  expect(bytes.map((one) => createHash('sha256').update(one).digest('hex'))).toEqual(hashes);
};

/** Notes from which byte on a page sends. */
const watchOffsets = (page: Page): number[] => {
  const offsets: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
  });
  return offsets;
};

test('a message with files outlives a reload, goes on where it was, and goes out once', async () => {
  const scene = await aScene();
  const { proxy, page, id } = scene;
  const hashes = await attach(page, { 'large.bin': 40_000_000, 'small.bin': 100 });
  await send(page, 'two files');
  await fileIs(page, 'uploading', 0.15);
  proxy.refuse();
  await page.reload();
  const offsets = watchOffsets(page);
  proxy.pass();
  await comeBack(page, proxy.url, id);
  await pageShows(page, ['two files'], true);
  await expectArrived(scene, hashes);
  expect(Math.min(...offsets)).toBeGreaterThan(0);
  const kept = await page.evaluate(async () => {
    const [database] = await indexedDB.databases();
    const opening = indexedDB.open(database!.name!);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const counts = ['outbox', 'blobs'].map(
      (name) =>
        new Promise<number>((resolve) => {
          const request = opening.result.transaction(name).objectStore(name).count();
          request.onsuccess = () => resolve(request.result);
        }),
    );
    return Promise.all(counts);
  });
  expect(kept).toEqual([0, 0]);
}, 120_000);

test('of two tabs one brings the files, and both show them; when it is closed the other goes on', async () => {
  const scene = await aScene();
  const { proxy, page, id } = scene;
  const twin = await aPage(pages, page.context(), proxy.url);
  await twin.evaluate((conversationId) => (window.talk = window.chat.open(conversationId)), id);
  await twin.waitForFunction(() => window.talk.$timeline.get().status === 'ready');
  const offsets = watchOffsets(twin);
  const hashes = await attach(page, { 'large.bin': 40_000_000 });
  await send(page, 'one file');
  await fileIs(page, 'uploading', 0.15);
  await pageShows(twin, ['one file'], false);
  await fileIs(twin, 'waiting');
  proxy.refuse();
  await fileIs(page, 'waiting', 0.1);
  expect(offsets).toEqual([]);
  await page.close();
  proxy.pass();
  await twin.evaluate(() => window.chat.reconnectNow());
  await pageShows(twin, ['one file'], true);
  await expectArrived(scene, hashes);
  expect(Math.min(...offsets)).toBeGreaterThan(0);
}, 120_000);

test('what one tab sends the other does not bring again', async () => {
  const scene = await aScene();
  const { proxy, page, id } = scene;
  const twin = await aPage(pages, page.context(), proxy.url);
  await twin.evaluate((conversationId) => (window.talk = window.chat.open(conversationId)), id);
  const asked: string[] = [];
  twin.on('request', (request) => {
    if (/\/files\b|\/uploads\b/.test(request.url()) && request.method() !== 'OPTIONS') asked.push(request.url());
  });
  const hashes = await attach(page, { 'a.bin': 2_000_000, 'b.bin': 10 });
  await send(page, 'two files');
  for (const tab of [page, twin]) await pageShows(tab, ['two files'], true);
  await expectArrived(scene, hashes);
  expect(asked).toEqual([]);
});

test('the progress of an upload rises from nothing to all of it', async () => {
  const { page } = await aScene();
  await page.evaluate(() => {
    const seen: [string, number][] = [];
    Object.assign(window, { seen });
    window.talk.$staged.subscribe(([file]) => file && seen.push([file.status, file.progress]));
  });
  await attach(page, { 'large.bin': 120_000_000 });
  await page.waitForFunction(() => window.talk.$staged.get()[0]?.status === 'ready');
  const seen = await page.evaluate(() => (window as unknown as { seen: [string, number][] }).seen);
  const progress = seen.map(([, part]) => part);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(new Set(progress).size).toBeGreaterThan(3);
  expect([...new Set(seen.map(([status]) => status))]).toEqual(['waiting', 'uploading', 'processing', 'ready']);
});

test('pictures and sound are measured and shown from memory until their conversation is left', async () => {
  const { page, there, id } = await aScene();
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(30, 20);
    canvas.getContext('2d')!.fillRect(0, 0, 30, 20);
    const picture = await canvas.convertToBlob();
    const samples = 8000;
    const wave = new DataView(new ArrayBuffer(44 + samples));
    const ascii = (at: number, text: string) => [...text].forEach((c, i) => wave.setUint8(at + i, c.charCodeAt(0)));
    ascii(0, 'RIFF');
    wave.setUint32(4, 36 + samples, true);
    ascii(8, 'WAVEfmt ');
    wave.setUint32(16, 16, true);
    wave.setUint16(20, 1, true);
    wave.setUint16(22, 1, true);
    wave.setUint32(24, 8000, true);
    wave.setUint32(28, 8000, true);
    wave.setUint16(32, 1, true);
    wave.setUint16(34, 8, true);
    ascii(36, 'data');
    wave.setUint32(40, samples, true);
    await window.talk.attach([
      { name: 'picture.png', blob: picture },
      { name: 'second.wav', blob: new Blob([wave], { type: 'audio/wav' }) },
    ]);
  });
  await page.waitForFunction(() => window.talk.$staged.get().every(({ status }) => status === 'ready'));
  const [picture, sound] = await page.evaluate(() => [...window.talk.$staged.get()]);
  expect(picture).toMatchObject({ kind: 'image', width: 30, height: 20 });
  expect(sound).toMatchObject({ kind: 'audio', durationMs: 1000 });
  expect(picture!.preview).toMatch(/^blob:/);
  await send(page);
  await pageShows(page, [''], true);
  const [item] = await messagesArrive(there, 1);
  expect(item!.message.files.map(({ kind, width, durationMs }) => [kind, width, durationMs])).toEqual([
    ['image', 30, undefined],
    ['audio', undefined, 1000],
  ]);
  const ids = item!.message.files.map((file) => file.id);
  const loads = (url: string | undefined) =>
    page.evaluate(async (address) => {
      if (address === undefined) return 'nothing';
      return fetch(address).then(
        () => 'there',
        () => 'gone',
      );
    }, url);
  const shown = await page.evaluate((fileIds) => fileIds.map((fileId) => window.chat.localPreview(fileId)), ids);
  expect(shown).toEqual([picture!.preview, sound!.preview]);
  expect(await loads(shown[0])).toBe('there');
  await page.evaluate(() => window.talk.close());
  expect(await page.evaluate((fileId) => window.chat.localPreview(fileId!), ids[0])).toBeUndefined();
  expect(await loads(shown[0])).toBe('gone');
  await page.evaluate((conversationId) => (window.talk = window.chat.open(conversationId)), id);
  await pageShows(page, [''], true);
});

test('what an older version kept on the device is sent by this one, which then keeps files as well', async () => {
  const scene = await aScene();
  const { proxy, page, id } = scene;
  await page.reload();
  await page.evaluate(async (conversationId) => {
    const [database] = await indexedDB.databases();
    const done = (request: IDBOpenDBRequest) =>
      new Promise<IDBDatabase>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    await done(indexedDB.deleteDatabase(database!.name!));
    const opening = indexedDB.open(database!.name!, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('outbox', { keyPath: 'clientId' }).put({
        clientId: '01a1fd00-0000-7000-8000-000000000001',
        conversationId,
        text: 'from before',
        createdAt: new Date().toISOString(),
      });
      opening.result.createObjectStore('drafts', { keyPath: 'conversationId' });
    };
    (await done(opening)).close();
  }, id);
  await comeBack(page, proxy.url, id);
  await pageShows(page, ['from before'], true);
  await messagesArrive(scene.there, 1);
  await attach(page, { 'new.bin': 1000 });
  proxy.refuse();
  await send(page, 'with a file');
  await page.reload();
  proxy.pass();
  await comeBack(page, proxy.url, id);
  await pageShows(page, ['from before', 'with a file'], true);
  const items = await messagesArrive(scene.there, 2);
  expect(items[1]!.message.files).toHaveLength(1);
});

test('signing out with forget leaves no file on the device', async () => {
  const { proxy, page } = await aScene();
  proxy.refuse();
  await attach(page, { 'secret.bin': 1_000_000 });
  await send(page, 'secret');
  proxy.pass();
  await page.evaluate(() => window.chat.signOut({ forget: true }));
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
});

test('where the device has no room for files they are sent from memory, and it says so', async () => {
  const noor = await aPerson(server);
  const context = await pages.newContext();
  await context.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      if (this.name === 'blobs') throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, key);
    };
  });
  const page = await aPage(pages, context, server.url);
  await register(page, `m${Date.now().toString(36)}`);
  const there = await opened(noor.chat, await talkWith(page, noor.id));
  await attach(page, { 'one.bin': 1000 });
  await send(page, 'from memory');
  await pageShows(page, ['from memory'], true);
  const [item] = await messagesArrive(there, 1);
  expect(item!.message.files).toHaveLength(1);
  expect(await page.evaluate(() => window.chat.$memoryOnly.get())).toBe(true);
});

test('a file that changes on the disk before it is sent fails with that reason', async () => {
  const { proxy, page } = await aScene();
  const folder = await mkdtemp(join(tmpdir(), 'teatime-picked-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'notes.bin');
  await writeFile(path, 'first version');
  await page.evaluate(() => document.body.append(Object.assign(document.createElement('input'), { type: 'file' })));
  await page.setInputFiles('input', path);
  proxy.refuse();
  await page.evaluate(() => {
    const [file] = document.querySelector('input')!.files!;
    void window.talk.attach([{ name: file!.name, blob: file! }]);
  });
  await page.waitForFunction(() => window.talk.$staged.get().length === 1);
  await writeFile(path, 'a longer second version');
  proxy.pass();
  await page.evaluate(() => window.chat.reconnectNow());
  await page.waitForFunction(() => window.talk.$staged.get()[0]?.status === 'failed', undefined, { timeout: 20_000 });
  expect(await page.evaluate(() => window.talk.$staged.get()[0]?.failure?.code)).toBe('storage');
});
