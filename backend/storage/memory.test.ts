import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import { aUser, cloneDatabase, dropDatabase, sharedTemplate, startProcess } from '../testing/index.ts';

const mebibyte = 1024 * 1024;
/** 200 by default; set UPLOAD_MB=2048 for the largest that the limit is promised for. */
const size = Number(process.env['UPLOAD_MB'] ?? 200) * mebibyte;
const allowance = 64 * mebibyte;
const piece = Buffer.alloc(mebibyte, 'tea ');

test(
  `an upload and a download of ${size / mebibyte} MB move the server's memory by less than 64 MB`,
  { timeout: 60_000 + size / 5000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'teatime-memory-'));
    const databaseUrl = await cloneDatabase(sharedTemplate());
    const server = await startProcess({
      DATABASE_URL: databaseUrl,
      TOKEN_SECRET: 'zN4wq8Xe1Tj6Rb0Yv3Kc7Ud5Hf2Pg9Lm',
      FILES_DIR: folder,
      MAX_FILE_MB: '4096',
    });
    const memory = (): number =>
      Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) * 1024;
    try {
      await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status, { timeout: 20_000 }).toBe(200);
      const user = await aUser(server);
      const small = await send(server.url, user, 5 * mebibyte);
      await load(small);

      const before = memory();
      let peak = before;
      const watch = setInterval(() => {
        peak = Math.max(peak, memory());
      }, 20);
      const url = await send(server.url, user, size);
      expect(await load(url)).toBe(size);
      clearInterval(watch);
      expect((peak - before) / mebibyte).toBeLessThan(allowance / mebibyte);
    } finally {
      await server.kill('SIGKILL');
      await dropDatabase(databaseUrl);
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

/** Announces a file, sends it, completes it, and returns its address. */
const send = async (base: string, user: Awaited<ReturnType<typeof aUser>>, bytes: number): Promise<string> => {
  const body = { clientId: uuidv7(), name: 'tea.bin', type: 'application/octet-stream', size: bytes };
  const { fileId, upload } = await user.api.call('POST /files', { body });
  if (upload.kind !== 'tus') throw new Error(`unable to measure ${base}; its files are not on disk`);
  expect(await patch(upload.url, bytes)).toBe(204);
  await user.api.call('POST /files/:fileId/complete', { params: { fileId }, body: {} });
  return (await user.api.call('GET /files/:fileId', { params: { fileId } })).link.url;
};

const patch = (url: string, bytes: number): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = {
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': 0,
      'Content-Type': 'application/offset+octet-stream',
      'Content-Length': bytes,
    };
    const sending = request(url, { method: 'PATCH', headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    });
    sending.on('error', reject);
    let left = bytes;
    const go = (): void => {
      while (left > 0) {
        left -= piece.length;
        if (!sending.write(piece)) return void sending.once('drain', go);
      }
      sending.end();
    };
    go();
  });

const load = async (url: string): Promise<number> => {
  let bytes = 0;
  for await (const chunk of (await fetch(url)).body ?? []) bytes += (chunk as Uint8Array).length;
  return bytes;
};
