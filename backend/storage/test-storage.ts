import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { UploadTarget } from '../../protocol/files.ts';
import { startTestBackend, type TestBackend } from '../testing/index.ts';
import { startS3Server, type S3Server } from '../testing/s3-server.ts';
import type { Storage, Upload } from './storage.ts';

/** A storage that a real server serves. */
export interface TestStorage {
  readonly storage: Storage;
  readonly url: string;
  /** The folder, when it is on disk. */
  readonly dir: string | undefined;
  /** The service, when it is a bucket. */
  readonly s3: S3Server | undefined;
  /** Ends the server and starts another one over the same files. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server that keeps files in a folder or a bucket of its own. */
export const startTestStorage = async (kind: 'disk' | 's3'): Promise<TestStorage> => {
  const s3 = kind === 's3' ? await startS3Server() : undefined;
  const dir = s3 ? undefined : await mkdtemp(join(tmpdir(), 'teatime-storage-'));
  const config = s3?.config ?? { kind: 'disk' as const, dir: dir ?? '' };
  const start = (): Promise<TestBackend> => startTestBackend({ files: { storage: config } });
  let backend = await start();
  return {
    get storage() {
      return backend.storage;
    },
    get url() {
      return backend.url;
    },
    dir,
    s3,
    async restart() {
      await backend.close();
      backend = await start();
    },
    async close() {
      await backend.close();
      await s3?.close();
      if (dir !== undefined) await rm(dir, { recursive: true, force: true });
    },
  };
};

/** A key that was never used. */
export const newKey = (): string => `${randomUUID()}/2026/${randomUUID()}`;

/** Begins an upload. */
export const begin = async ({ storage }: TestStorage, size: number, type = 'text/plain'): Promise<Upload> => {
  const upload = { key: newKey(), size, type };
  return { ...upload, state: await storage.begin(upload) };
};

/** What is sent to an address: by `PATCH` of tus from an offset on, or by `PUT`. */
export const patch = (
  url: string,
  offset: number,
  body: Uint8Array | ReadableStream,
  signal?: AbortSignal,
): Promise<Response> =>
  fetch(url, {
    method: 'PATCH',
    body,
    headers: {
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': String(offset),
      'Content-Type': 'application/offset+octet-stream',
    },
    ...(body instanceof ReadableStream && { duplex: 'half' }),
    ...(signal && { signal }),
  });

/** How many bytes an upload of tus has. */
export const offsetOf = async (url: string): Promise<number> => {
  const answer = await fetch(url, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } });
  expect(answer.status).toBe(200);
  return Number(answer.headers.get('Upload-Offset'));
};

/** Sends what a target says is missing. Returns the statuses. */
export const sendMissing = async (target: UploadTarget, bytes: Uint8Array): Promise<number[]> => {
  if (target.kind === 'tus') {
    const offset = await offsetOf(target.url);
    return [(await patch(target.url, offset, bytes.subarray(offset))).status];
  }
  const statuses: number[] = [];
  for (const { number, url } of target.parts) {
    const start = (number - 1) * target.partSize;
    const answer = await fetch(url, { method: 'PUT', body: bytes.subarray(start, start + target.partSize) });
    statuses.push(answer.status);
  }
  return statuses;
};

/** Uploads bytes to their end. */
export const store = async (t: TestStorage, bytes: Uint8Array, type?: string): Promise<string> => {
  const upload = await begin(t, bytes.length, type);
  for (const status of await sendMissing(await t.storage.target(upload, t.url), bytes))
    expect(status).toBeLessThan(300);
  await t.storage.finish(upload);
  return upload.key;
};

/** The address that the bytes of a target go to; of several parts the first. */
export const addressOf = (target: UploadTarget): string =>
  target.kind === 'tus' ? target.url : (target.parts[0]?.url ?? '');

/** All bytes of an object. */
export const bytesOf = async ({ storage }: TestStorage, key: string): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of await storage.read(key)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
