import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Upload as TusUpload } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestBackend } from '../testing/index.ts';
import { createDiskStorage } from './disk-storage.ts';
import { uploadPath } from './disk-places.ts';
import {
  addressOf,
  begin,
  bytesOf,
  newKey,
  offsetOf,
  patch,
  startTestStorage,
  store,
  type TestStorage,
} from './test-storage.ts';

const mebibyte = 1024 * 1024;
const bytes = randomBytes(3 * mebibyte + 1);

describe('uploads to disk', () => {
  let t: TestStorage;
  beforeAll(async () => {
    t = await startTestStorage('disk');
  });
  afterAll(() => t.close());
  const targetOf = async (size: number, type?: string) => {
    const upload = await begin(t, size, type);
    return { upload, url: addressOf(await t.storage.target(upload, t.url)) };
  };

  /** Begins to send bytes by hand, as many as are missing at first, and leaves the connection open. */
  const beginPatch = (url: string, first: Uint8Array): Socket => {
    const { port, pathname } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    const lines = [
      `PATCH ${pathname} HTTP/1.1`,
      'Host: localhost',
      'Tus-Resumable: 1.0.0',
      'Upload-Offset: 0',
      'Content-Type: application/offset+octet-stream',
      `Content-Length: ${bytes.length}`,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    socket.write(first);
    return socket;
  };

  test('work with a stock tus client, in pieces and after a pause', async () => {
    const { upload, url } = await targetOf(bytes.length);
    await new Promise<void>((resolve, reject) => {
      const client = new TusUpload(bytes, {
        uploadUrl: url,
        chunkSize: mebibyte,
        onError: reject,
        onChunkComplete: (_size, sent) => {
          if (sent < 2 * mebibyte) return;
          // Paused after the second piece: what is there is found by the next one, which starts from nothing but the address.
          client.abort().then(resolve, reject);
        },
      });
      client.start();
    });
    expect(await offsetOf(url)).toBeGreaterThanOrEqual(2 * mebibyte);
    await new Promise<void>((resolve, reject) => {
      new TusUpload(bytes, { uploadUrl: url, onError: reject, onSuccess: () => resolve() }).start();
    });
    await t.storage.finish(upload);
    expect((await bytesOf(t, upload.key)).equals(bytes)).toBe(true);
  });

  test('give up with a stock tus client, too', async () => {
    const { upload, url } = await targetOf(bytes.length);
    await TusUpload.terminate(url);
    await expect(t.storage.finish(upload)).rejects.toMatchObject({ code: 'conflict' });
    expect((await patch(url, 0, bytes)).status).toBe(403);
  });

  test('go on at once although the request before hangs on a dead connection', async () => {
    const { upload, url } = await targetOf(bytes.length);
    const half = 100_000;
    const hanging = beginPatch(url, bytes.subarray(0, half));
    const path = uploadPath(t.dir ?? '', upload.key, upload.size);
    await expect.poll(async () => (await stat(path)).size).toBe(half);
    const began = performance.now();
    const offset = await offsetOf(url);
    expect(offset).toBe(half);
    expect(performance.now() - began).toBeLessThan(3000);
    // What the dead connection would still bring must not get in.
    hanging.write(randomBytes(100_000));
    expect((await patch(url, offset, bytes.subarray(offset))).status).toBe(204);
    hanging.destroy();
    await t.storage.finish(upload);
    expect((await bytesOf(t, upload.key)).equals(bytes)).toBe(true);
  });

  test('of a connection that breaks keep what came', async () => {
    const { upload, url } = await targetOf(bytes.length);
    const broken = beginPatch(url, bytes.subarray(0, mebibyte));
    const path = uploadPath(t.dir ?? '', upload.key, upload.size);
    await expect.poll(async () => (await stat(path)).size).toBeGreaterThan(0);
    broken.resetAndDestroy();
    const offset = await offsetOf(url);
    expect(offset).toBeGreaterThan(0);
    expect((await patch(url, offset, bytes.subarray(offset))).status).toBe(204);
    await t.storage.finish(upload);
    expect((await bytesOf(t, upload.key)).equals(bytes)).toBe(true);
  });

  test('refuse bytes for another place, of another type, or past the end', async () => {
    const { url } = await targetOf(10, 'image/png');
    expect((await patch(url, 5, Buffer.from('x'))).status).toBe(409);
    expect((await patch(url, 0, Buffer.alloc(11))).status).toBe(413);
    expect((await fetch(url, { method: 'PATCH', body: 'x', headers: { 'Tus-Resumable': '1.0.0' } })).status).toBe(400);
    const html = { 'Content-Type': 'text/html' };
    const answer = await fetch(url, { method: 'PUT', body: Buffer.alloc(10), headers: html });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'forbidden' });
    expect((await fetch(url, { method: 'PUT', body: Buffer.alloc(9) })).status).toBe(400);
    const right = { 'Content-Type': 'IMAGE/PNG; charset=binary' };
    expect((await fetch(url, { method: 'PUT', body: Buffer.alloc(10), headers: right })).status).toBe(204);
  });

  test('show pages of any origin what they must see', async () => {
    const { url } = await targetOf(10);
    const headers = { Origin: 'https://page.example', 'Tus-Resumable': '1.0.0' };
    const head = await fetch(url, { method: 'HEAD', headers });
    expect(head.headers.get('access-control-allow-origin')).toBe('*');
    expect(head.headers.get('access-control-allow-credentials')).toBeNull();
    for (const name of ['Upload-Offset', 'Upload-Length', 'Tus-Resumable'])
      expect(head.headers.get('access-control-expose-headers')).toContain(name);
    const refused = await fetch(`${t.url}/uploads/nonsense.nonsense`, { method: 'PUT', body: 'x', headers });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  });
});

test('addresses of files count for the limit of an address, and pages are told when to come again', async () => {
  const server = await startTestBackend({ limits: { requestsPerMinutePerAddress: 2 } });
  try {
    const statuses: number[] = [];
    for (let tries = 0; tries < 2; tries += 1) statuses.push((await fetch(`${server.url}/files/a.b/c`)).status);
    const limited = await fetch(`${server.url}/uploads/a.b`, { method: 'PUT', body: 'x' });
    expect([...statuses, limited.status]).toEqual([403, 403, 429]);
    expect(limited.headers.get('access-control-allow-origin')).toBe('*');
    expect(limited.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await server.close();
  }
});

describe('links to files on disk', () => {
  let t: TestStorage;
  beforeAll(async () => {
    t = await startTestStorage('disk');
  });
  afterAll(() => t.close());

  test('keep what they give from running, and let it be cached as long as they live', async () => {
    const key = await store(t, bytes, 'text/html');
    const { url } = await t.storage.link(key, { name: 'a.html', type: 'text/html', inline: true }, t.url);
    const answer = await fetch(url, { headers: { Origin: 'null' } });
    const header = (name: string) => answer.headers.get(name);
    expect(header('content-disposition')).toBe('attachment; filename="a.html"');
    expect(header('x-content-type-options')).toBe('nosniff');
    expect(header('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(header('cross-origin-resource-policy')).toBe('cross-origin');
    expect(header('access-control-allow-origin')).toBe('*');
    const life = Number(/^private, max-age=(\d+)$/.exec(header('cache-control') ?? '')?.[1]);
    expect(life).toBeGreaterThan(140);
    expect(life).toBeLessThanOrEqual(300);
    // By hand, for `fetch` would ask for a fresh answer.
    const again = await new Promise((resolve) => {
      get(url, { headers: { 'If-None-Match': header('etag') ?? '' } }, (message) => resolve(message.statusCode));
    });
    expect(again).toBe(304);
    const range = { Range: 'bytes=0-9', 'If-Range': '"another"' };
    expect((await fetch(url, { headers: range })).status).toBe(200);
    const head = await fetch(url, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(bytes.length));
  });

  test('begin with the URL that is set for files', async () => {
    const server = await startTestBackend({ files: { url: 'https://files.example/chat' } });
    try {
      const { url } = await server.storage.link(newKey(), { name: 'a', type: 'text/plain', inline: false }, server.url);
      expect(url).toMatch(/^https:\/\/files\.example\/chat\/files\//);
      const upload = { key: newKey(), size: 1, type: 'text/plain' };
      const target = await server.storage.target({ ...upload, state: await server.storage.begin(upload) }, server.url);
      expect(addressOf(target)).toMatch(/^https:\/\/files\.example\/chat\/uploads\//);
    } finally {
      await server.close();
    }
  });

  test('of another installation are refused', async () => {
    const key = await store(t, bytes);
    const other = await createDiskStorage({ dir: t.dir ?? '', tokenSecret: 'x'.repeat(32), url: undefined });
    const { url } = await other.link(key, { name: 'a', type: 'text/plain', inline: false }, t.url);
    expect((await fetch(url)).status).toBe(403);
  });
});

test('a folder that cannot be used is named, with what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'teatime-storage-'));
  writeFileSync(join(folder, 'file'), '');
  const dir = join(folder, 'file', 'files');
  const storage = await createDiskStorage({ dir, tokenSecret: 'x'.repeat(32), url: undefined });
  await expect(storage.check()).rejects.toThrow(`unable to keep files in ${dir}; it is no folder: set FILES_DIR`);
  rmSync(folder, { recursive: true });
});

test('what lies around in the folder is not TeaTime’s', async () => {
  const t = await startTestStorage('disk');
  await writeFile(join(t.dir ?? '', 'README'), 'mine');
  const keys: string[] = [];
  for await (const key of t.storage.list(new Date(Date.now() + 60_000))) keys.push(key);
  expect(keys).toEqual([]);
  await t.close();
});

/** A disk of ten megabytes, where this user may make one. */
const smallDisk = (): string | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'teatime-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=10m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
};

test('a disk that is full refuses with storage_full, shows nothing half, and goes on when there is room', async ({
  skip,
}) => {
  const folder = smallDisk();
  if (folder === undefined) return skip('this user may not mount a small disk');
  const server = await startTestBackend({ files: { storage: { kind: 'disk', dir: folder } } });
  const { storage, url } = server;
  const t: TestStorage = {
    storage,
    url,
    dir: folder,
    s3: undefined,
    restart: async () => undefined,
    close: server.close,
  };
  try {
    await expect(begin(t, 20 * mebibyte)).rejects.toMatchObject({ code: 'storage_full', status: 507 });
    const body = randomBytes(6 * mebibyte);
    const second = await begin(t, body.length);
    const address = addressOf(await storage.target(second, url));
    const first = await store(t, body);

    for (const send of [() => patch(address, 0, body), () => fetch(address, { method: 'PUT', body })]) {
      const refused = await send();
      expect(await refused.json()).toMatchObject({ code: 'storage_full' });
      expect(refused.status).toBe(507);
    }
    await expect(storage.write(newKey(), body, 'image/webp')).rejects.toMatchObject({ code: 'storage_full' });
    await expect(storage.finish(second)).rejects.toMatchObject({ code: 'conflict' });
    await expect(storage.read(second.key)).rejects.toMatchObject({ code: 'not_found' });
    expect((await bytesOf(t, first)).equals(body)).toBe(true);

    await storage.remove([first]);
    const offset = await offsetOf(address);
    expect(offset).toBeGreaterThan(0);
    expect((await patch(address, offset, body.subarray(offset))).status).toBe(204);
    await storage.finish(second);
    expect((await bytesOf(t, second.key)).equals(body)).toBe(true);
    // Nothing was left behind by what failed.
    const left = await readdir(folder, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toHaveLength(1);
  } finally {
    await server.close();
    execFileSync('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true });
  }
  return undefined;
});
