import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { aUser } from '../testing/index.ts';
import { startTestBackend } from '../testing/index.ts';
import { startS3Server, type S3Server } from '../testing/s3-server.ts';
import { createS3Storage } from './s3-storage.ts';
import { partSizeOf, partsOf } from './s3-parts.ts';
import type { Storage } from './storage.ts';
import { begin, bytesOf, sendMissing, store, type TestStorage } from './test-storage.ts';

const silent = createLog({ logLevel: 'silent' });
const bytes = randomBytes(1000);
const dependency = { code: 'dependency_unavailable', status: 503 };

let s3: S3Server;
let storage: Storage;
let t: TestStorage;
beforeAll(async () => {
  s3 = await startS3Server();
  storage = createS3Storage(s3.config, silent, 1500);
  const close = async (): Promise<void> => undefined;
  t = { storage, url: 'http://unused.example', dir: undefined, s3, restart: close, close };
});
afterAll(async () => {
  await storage.close();
  await s3.close();
});

test.each(['failing', 'silent'] as const)(
  'a service that is %s in the middle of an upload is told as away, and everything goes on when it is back',
  async (how) => {
    const kept = await store(t, bytes);
    const upload = await begin(t, bytes.length);
    const target = await storage.target(upload, t.url);
    s3.behave(how);
    const refused = (tried: Promise<unknown>) => expect(tried).rejects.toMatchObject(dependency);
    await Promise.all([
      refused(begin(t, bytes.length)),
      refused(storage.target(upload, t.url)),
      refused(storage.finish(upload)),
      refused(storage.abort(upload)),
      refused(storage.write(upload.key, bytes, 'image/webp')),
      refused(storage.read(kept)),
      refused(storage.withFile(kept, async () => undefined)),
      refused(storage.remove([kept])),
      refused(storage.list(new Date())[Symbol.asyncIterator]().next()),
    ]);
    s3.behave('well');
    await expect(storage.read(upload.key)).rejects.toMatchObject({ code: 'not_found' });
    await sendMissing(target, bytes);
    await storage.finish(upload);
    expect(await bytesOf(t, upload.key)).toEqual(bytes);
    expect(await bytesOf(t, kept)).toEqual(bytes);
  },
);

test('a part of another length than was announced is refused by its signature', async () => {
  const upload = await begin(t, 10 * 1024 * 1024);
  const target = await storage.target(upload, t.url);
  if (target.kind !== 'parts') throw new Error('parts were expected');
  const [first, last] = target.parts.map(({ url }) => url);
  for (const body of [Buffer.alloc(7 * 1024 * 1024), Buffer.alloc(9 * 1024 * 1024)])
    expect((await fetch(first ?? '', { method: 'PUT', body })).status).toBe(403);
  expect((await fetch(last ?? '', { method: 'PUT', body: Buffer.alloc(1024) })).status).toBe(403);
  expect((await fetch(last ?? '', { method: 'PUT', body: Buffer.alloc(2 * 1024 * 1024) })).status).toBe(200);
});

test('only objects below the prefix are TeaTime’s', async () => {
  const other = createS3Storage({ ...s3.config, prefix: 'another/' }, silent);
  const key = await store(t, bytes);
  const keysOf = async (some: Storage): Promise<string[]> => {
    const keys: string[] = [];
    for await (const found of some.list(new Date(Date.now() + 60_000))) keys.push(found);
    return keys;
  };
  expect(await keysOf(other)).toEqual([]);
  expect(await keysOf(storage)).toContain(key);
  await other.remove([key]);
  expect(await bytesOf(t, key)).toEqual(bytes);
  await other.close();
});

test('what is wrong with the bucket is said, with what to set; a service that is away is waited for', async () => {
  const faultOf = async (changes: object): Promise<string> => {
    const faulty = createS3Storage({ ...s3.config, ...changes }, silent, 1500);
    try {
      await faulty.check();
      return '';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await faulty.close();
    }
  };
  expect(await faultOf({})).toBe('');
  expect(await faultOf({ bucket: 'not-there' })).toMatch(
    /bucket not-there; it does not exist: create it, or set S3_BUCKET/,
  );
  expect(await faultOf({ credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'wrong' } })).toMatch(
    /the access key may not use it: set S3_ACCESS_KEY_ID/,
  );
  let said = '';
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      said += chunk.toString();
      done();
    },
  });
  const away = createS3Storage(
    { ...s3.config, endpoint: 'http://127.0.0.1:1' },
    createLog({ logLevel: 'error' }, stream),
    300,
  );
  await away.check();
  expect(said).toContain('unable to reach the bucket of files');
  await away.close();
});

test('parts are of 8 MiB, and larger where there would be more than a thousand', () => {
  const mebibyte = 1024 * 1024;
  expect(partsOf(1)).toEqual([{ number: 1, size: 1 }]);
  expect(partsOf(8 * mebibyte)).toEqual([{ number: 1, size: 8 * mebibyte }]);
  expect(partsOf(8 * mebibyte + 1)).toEqual([
    { number: 1, size: 8 * mebibyte },
    { number: 2, size: 1 },
  ]);
  for (const size of [25 * mebibyte, 2e9, 8000 * mebibyte + 1, 5e12 - 1]) {
    const parts = partsOf(size);
    expect(parts.length).toBeLessThanOrEqual(1000);
    expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(size);
    expect(partSizeOf(size) % mebibyte).toBe(0);
  }
});

test('a server whose bucket is away answers everything else, and says 503 to files', async () => {
  const server = await startTestBackend({ files: { storage: s3.config } });
  try {
    const user = await aUser(server);
    s3.behave('failing');
    const body = { clientId: crypto.randomUUID(), name: 'a.txt', type: 'text/plain', size: 3 };
    expect(await user.api.request('POST /files', { body })).toMatchObject({
      status: 503,
      body: { code: 'dependency_unavailable' },
    });
    expect((await user.api.request('GET /conversations')).status).toBe(200);
    s3.behave('well');
    const again = await user.api.request('POST /files', { body });
    expect([200, 201]).toContain(again.status);
  } finally {
    s3.behave('well');
    await server.close();
  }
});
