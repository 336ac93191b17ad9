import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  addressOf,
  begin,
  bytesOf,
  newKey,
  patch,
  sendMissing,
  startTestStorage,
  store,
  type TestStorage,
} from './test-storage.ts';

const minute = 60_000;
const bytes = randomBytes(9 * 1024 * 1024 + 5);
const words = Buffer.from('Darjeeling, first flush');

describe.each(['disk', 's3'] as const)('files on %s', (kind) => {
  let t: TestStorage;
  beforeAll(async () => {
    t = await startTestStorage(kind);
  });
  afterAll(() => t.close());
  afterEach(() => {
    vi.useRealTimers();
  });

  const laterBy = (ms: number): void => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
  };
  const linkTo = async (key: string, name = 'tea.txt', type = 'text/plain', inline = true): Promise<string> =>
    (await t.storage.link(key, { name, type, inline }, t.url)).url;

  describe('an upload', () => {
    test('becomes an object that is read whole and in part', async () => {
      const key = await store(t, bytes);
      expect((await bytesOf(t, key)).equals(bytes)).toBe(true);
      const part: Buffer[] = [];
      for await (const chunk of await t.storage.read(key, { start: 5, end: 9 })) part.push(chunk as Buffer);
      expect(Buffer.concat(part)).toEqual(bytes.subarray(5, 10));
      const copied = await t.storage.withFile(key, (path) => readFile(path));
      expect(copied.equals(bytes)).toBe(true);
      const loaded = await fetch(await linkTo(key));
      expect(Buffer.from(await loaded.arrayBuffer()).equals(bytes)).toBe(true);
    });

    test('goes on where it was cut, also when the server was restarted', async () => {
      const upload = await begin(t, bytes.length);
      const first = await t.storage.target(upload, t.url);
      const half = 8 * 1024 * 1024;
      if (first.kind === 'tus') expect((await patch(first.url, 0, bytes.subarray(0, half))).status).toBe(204);
      else expect((await fetch(addressOf(first), { method: 'PUT', body: bytes.subarray(0, half) })).status).toBe(200);
      await t.restart();
      const second = await t.storage.target(upload, t.url);
      if (second.kind === 'parts') expect(second.parts.map(({ number }) => number)).toEqual([2]);
      await sendMissing(second, bytes);
      await t.storage.finish(upload);
      expect((await bytesOf(t, upload.key)).equals(bytes)).toBe(true);
    });

    test('is not completed while bytes are missing, and nothing of it can be read', async () => {
      const upload = await begin(t, bytes.length);
      const target = await t.storage.target(upload, t.url);
      await expect(t.storage.finish(upload)).rejects.toMatchObject({ code: 'conflict' });
      if (target.kind === 'tus') await patch(target.url, 0, bytes.subarray(0, 5));
      else await fetch(addressOf(target), { method: 'PUT', body: bytes.subarray(0, target.partSize) });
      await expect(t.storage.finish(upload)).rejects.toMatchObject({ code: 'conflict' });
      await expect(t.storage.read(upload.key)).rejects.toMatchObject({ code: 'not_found' });
      expect((await fetch(await linkTo(upload.key))).status).toBe(404);
    });

    test('is completed as often as it is asked for, with one object', async () => {
      const upload = await begin(t, words.length);
      await sendMissing(await t.storage.target(upload, t.url), words);
      await Promise.all([t.storage.finish(upload), t.storage.finish(upload)]);
      await t.storage.finish(upload);
      expect(await bytesOf(t, upload.key)).toEqual(words);
    });

    test('that is given up is gone, and its target dead', async () => {
      const upload = await begin(t, words.length);
      const target = await t.storage.target(upload, t.url);
      await sendMissing(target, words);
      await t.storage.abort(upload);
      await t.storage.abort(upload);
      expect((await fetch(addressOf(target), { method: 'PUT', body: words })).ok).toBe(false);
      await expect(t.storage.finish(upload)).rejects.toMatchObject({ code: 'conflict' });
      await expect(t.storage.target(upload, t.url)).rejects.toMatchObject({ code: 'conflict' });
      await expect(t.storage.read(upload.key)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('of more bytes than were announced is refused, and at most the announced ones are kept', async () => {
      const upload = await begin(t, words.length);
      const url = addressOf(await t.storage.target(upload, t.url));
      const refused = kind === 'disk' ? 413 : 403;
      expect((await fetch(url, { method: 'PUT', body: Buffer.concat([words, words]) })).status).toBe(refused);
      // Without a length, so that the bytes must be counted.
      const status = await sendChunked(url, 200);
      if (kind === 'disk') expect(status).toBe(413);
      else expect([403, 411]).toContain(status);
      await expect(t.storage.finish(upload)).rejects.toMatchObject({ code: 'conflict' });
      await sendMissing(await t.storage.target(upload, t.url), words);
      await fetch(url, { method: 'PUT', body: words });
      await t.storage.finish(upload);
      expect(await bytesOf(t, upload.key)).toEqual(words);
    });
  });

  describe('the address of an upload', () => {
    test('is dead once the upload is complete: the object stays as it is', async () => {
      const upload = await begin(t, words.length);
      const target = await t.storage.target(upload, t.url);
      await sendMissing(target, words);
      await t.storage.finish(upload);
      const other = Buffer.alloc(words.length, 'x');
      const again = await fetch(addressOf(target), { method: 'PUT', body: other });
      expect(again.status).toBe(kind === 'disk' ? 403 : 404);
      if (target.kind === 'tus') expect((await patch(target.url, 0, other)).status).toBe(403);
      expect(await bytesOf(t, upload.key)).toEqual(words);
    });

    test('ends after ten minutes', async () => {
      const upload = await begin(t, words.length);
      const target = await t.storage.target(upload, t.url);
      const life = new Date(target.expiresAt).getTime() - Date.now();
      expect(life).toBeGreaterThan(9 * minute);
      expect(life).toBeLessThanOrEqual(10 * minute);
      laterBy(10 * minute + 1500);
      expect((await fetch(addressOf(target), { method: 'PUT', body: words })).status).toBe(403);
    });

    test('is for one key: with another one in it, it is refused', async () => {
      const [mine, other] = [await begin(t, words.length), await begin(t, words.length)];
      const url = addressOf(await t.storage.target(mine, t.url));
      const forged = kind === 'disk' ? withClaim(url, mine.key, other.key) : url.replace(mine.key, other.key);
      expect(forged).not.toBe(url);
      expect([403, 404]).toContain((await fetch(forged, { method: 'PUT', body: words })).status);
      await expect(t.storage.finish(other)).rejects.toMatchObject({ code: 'conflict' });
    });

    test('is for uploading alone', async () => {
      const upload = await begin(t, words.length);
      const url = addressOf(await t.storage.target(upload, t.url));
      for (const method of ['GET', 'POST']) expect((await fetch(url, { method })).status, method).toBe(403);
      if (kind === 's3') expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    });

    test('lets pages of any origin send', async () => {
      const upload = await begin(t, words.length);
      const url = addressOf(await t.storage.target(upload, t.url));
      const headers = { Origin: 'https://page.example', 'Access-Control-Request-Method': 'PUT' };
      const preflight = await fetch(url, {
        method: 'OPTIONS',
        headers: { ...headers, 'Access-Control-Request-Headers': 'content-type' },
      });
      expect(preflight.ok).toBe(true);
      expect(preflight.headers.get('Access-Control-Allow-Origin')).toMatch(/^(?:\*|https:\/\/page\.example)$/);
      expect(preflight.headers.get('Access-Control-Allow-Methods')).toContain('PUT');
      expect(preflight.headers.get('Access-Control-Allow-Headers')?.toLowerCase()).toContain('content-type');
    });
  });

  describe('a link', () => {
    test('is the same for a while, and dead after five minutes', async () => {
      const key = await store(t, words);
      const windowMs = 2.5 * minute;
      // At the start of a window, so that the next ones are in it.
      vi.useFakeTimers({ toFake: ['Date'], now: (Math.floor(Date.now() / windowMs) + 1) * windowMs });
      const link = await t.storage.link(key, { name: 'tea.txt', type: 'text/plain', inline: false }, t.url);
      expect(link.expiresAt.getTime() - Date.now()).toBe(5 * minute);
      laterBy(2 * minute);
      expect(await linkTo(key, 'tea.txt', 'text/plain', false)).toBe(link.url);
      expect((await fetch(link.url)).status).toBe(200);
      laterBy(3 * minute + 1500);
      expect((await fetch(link.url)).status).toBe(403);
      expect((await fetch(await linkTo(key, 'tea.txt', 'text/plain', false))).status).toBe(200);
    });

    test('gives nothing else than it was made for', async () => {
      const [key, other] = [await store(t, words), await store(t, Buffer.from('secret'))];
      const url = await linkTo(key);
      const forged = kind === 'disk' ? withClaim(url, key, other) : url.replace(key, other);
      expect((await fetch(forged)).status).toBe(403);
      expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
      const renamed = url.replace('tea.txt', 'tea.html');
      expect((await fetch(renamed)).status).toBe(403);
      expect(await bytesOf(t, key)).toEqual(words);
    });

    test.each([
      ['image/png', true],
      ['video/mp4', true],
      ['audio/webm;codecs=opus', true],
      ['image/svg+xml', false],
      ['text/html', false],
      ['application/xhtml+xml', false],
      ['text/xml', false],
      ['application/pdf', false],
      ['text/javascript', false],
    ])('to %s is shown in a page: %s', async (type, shown) => {
      const key = await store(t, words, type);
      const answer = await fetch(await linkTo(key, 'a', type));
      expect(answer.headers.get('content-type')?.replace(/\s/g, '')).toBe(type);
      expect(answer.headers.get('content-disposition')).toMatch(shown ? /^inline/ : /^attachment/);
      const asked = await fetch(await linkTo(key, 'a', type, false));
      expect(asked.headers.get('content-disposition')).toMatch(/^attachment/);
    });

    test.each([
      ['etc-passwd', 'attachment; filename="etc-passwd"'],
      ['con.txt', 'attachment; filename="con.txt"'],
      ["a\"; filename*=UTF-8''evil.exe", `attachment; filename="a\\"; filename*=UTF-8''evil.exe"`],
      ['a\\b.txt', 'attachment; filename="a\\\\b.txt"'],
      ['Grüße 🍵.txt', `attachment; filename="Gr__e __.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%F0%9F%8D%B5.txt`],
      ['100%.txt', 'attachment; filename="100%.txt"'],
    ])('saves under the name %s, and lets no other header in', async (name, header) => {
      const key = await store(t, words);
      const answer = await fetch(await linkTo(key, name, 'text/plain', false));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-disposition')).toBe(header);
    });

    test('gives a range, and of a thousand ranges no more than the file', async () => {
      const key = await store(t, bytes);
      const url = await linkTo(key, 'a.mp4', 'video/mp4');
      const one = await fetch(url, { headers: { Range: 'bytes=10-19' } });
      expect(one.status).toBe(206);
      expect(one.headers.get('content-range')).toBe(`bytes 10-19/${bytes.length}`);
      expect(Buffer.from(await one.arrayBuffer())).toEqual(bytes.subarray(10, 20));
      const tail = await fetch(url, { headers: { Range: `bytes=${bytes.length - 3}-` } });
      expect(Buffer.from(await tail.arrayBuffer())).toEqual(bytes.subarray(-3));
      const beyond = await fetch(url, { headers: { Range: `bytes=${bytes.length}-` } });
      expect(beyond.status).toBe(416);
      const ranges = Array.from({ length: 1000 }, (_, at) => `${at}-${at + 50}`).join(',');
      const many = await fetch(url, { headers: { Range: `bytes=${ranges}` } });
      expect([200, 206, 416]).toContain(many.status);
      expect((await many.arrayBuffer()).byteLength).toBeLessThanOrEqual(bytes.length);
    });
  });

  describe('objects', () => {
    test('are written whole, read, and removed; removing what is not there is no error', async () => {
      const [key, other] = [newKey(), newKey()];
      await t.storage.write(key, words, 'image/webp');
      expect(await bytesOf(t, key)).toEqual(words);
      await t.storage.remove([key, other]);
      await expect(t.storage.read(key)).rejects.toMatchObject({ code: 'not_found' });
      await expect(t.storage.withFile(key, async () => undefined)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('and uploads are listed by when they were written, and removed by their keys', async () => {
      const key = await store(t, words);
      const upload = await begin(t, words.length);
      const listed = async (before: Date): Promise<string[]> => {
        const keys: string[] = [];
        for await (const found of t.storage.list(before)) keys.push(found);
        return keys;
      };
      expect(await listed(new Date(Date.now() - minute))).not.toContain(key);
      const all = await listed(new Date(Date.now() + minute));
      expect(all).toEqual(expect.arrayContaining([key, upload.key]));
      await t.storage.remove(all);
      expect(await listed(new Date(Date.now() + minute))).toEqual([]);
      await expect(t.storage.finish(upload)).rejects.toMatchObject({ code: 'conflict' });
    });

    test('have keys of the server’s making: nothing that climbs out', async () => {
      for (const key of ['../../etc/passwd', '/etc/passwd', 'a/2026/../b', 'a/2026/b\0', '.uploads/2026/b', 'a', '']) {
        await expect((async () => t.storage.read(key))(), key).rejects.toThrow(/malformed/);
        await expect((async () => t.storage.write(key, words, 'text/plain'))(), key).rejects.toThrow(/malformed/);
      }
    });
  });
});

/** Puts another value into the token of an address. */
const withClaim = (url: string, from: string, to: string): string =>
  url.replace(/[\w-]+(?=\.[\w-]+(?:\/|$))/, (payload) => {
    const claims = Buffer.from(payload, 'base64url').toString().replace(from, to);
    return Buffer.from(claims).toString('base64url');
  });

/** Sends so many kilobytes by `PUT` without saying how many will come. Resolves with the status. */
const sendChunked = (url: string, kilobytes: number): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sending = request(url, { method: 'PUT', headers: { 'Transfer-Encoding': 'chunked' } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sending.on('error', reject);
    for (let at = 0; at < kilobytes; at += 1) sending.write(Buffer.alloc(1024, 'x'));
    sending.end();
  });
