import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInspection, type Finding } from './index.ts';
import { eicar, findClamd, startClamd } from './test-clamd.ts';
import { filesConfig, plainPng } from './test-samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'teatime-scan-'));
const streamBytes = 1024 * 1024;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What becomes of a file with a scanner at that address. */
const send = async (
  body: Buffer,
  clamd: { address: string; whenAway: 'refuse' | 'mark' },
  name = 'letter.txt',
): Promise<Finding> => {
  const path = join(folder, 'file');
  writeFileSync(path, body);
  const inspection = createInspection({ files: { ...filesConfig, clamd }, log: pino({ level: 'silent' }) });
  try {
    return await inspection.inspect(path, { name, type: '', size: body.length, purpose: 'message' });
  } finally {
    await inspection.close();
  }
};

const program = findClamd();
if (program === undefined)
  console.warn('SKIPPED: there is no clamd on this machine (apt-get install clamav-daemon, or set CLAMD_PATH)');

describe.skipIf(program === undefined)('with a virus scanner', () => {
  let clamd: Awaited<ReturnType<typeof startClamd>>;

  beforeAll(async () => {
    clamd = await startClamd(program as string, streamBytes);
  });
  afterAll(() => clamd.stop());

  test.each([0, 1])('a virus is rejected, however the server may go on without the scanner: line %i', async (line) => {
    const address = clamd.addresses[line] as string;
    for (const whenAway of ['refuse', 'mark'] as const) {
      await expect(send(eicar, { address, whenAway })).rejects.toMatchObject({ code: 'file_rejected' });
      // Behind many chunks as well.
      const hidden = Buffer.concat([Buffer.alloc(streamBytes - 1000, 'a'), eicar]);
      await expect(send(hidden, { address, whenAway })).rejects.toMatchObject({ code: 'file_rejected' });
    }
  });

  test.each([0, 1])('anything else goes through unmarked: line %i', async (line) => {
    const address = clamd.addresses[line] as string;
    expect(await send(Buffer.from('Dear all,'), { address, whenAway: 'refuse' })).toEqual({
      type: 'text/plain',
      kind: 'file',
    });
    expect(await send(plainPng(3, 3), { address, whenAway: 'mark' }, 'a.png')).not.toHaveProperty('unscanned');
  });

  test('a file that the scanner does not take in whole is refused or marked', async () => {
    const [address] = clamd.addresses as [string];
    const large = Buffer.alloc(20 * streamBytes, 'a');
    await expect(send(large, { address, whenAway: 'refuse' })).rejects.toMatchObject({ code: 'file_rejected' });
    expect(await send(large, { address, whenAway: 'mark' })).toMatchObject({ unscanned: true });
  });
});

describe('with a virus scanner that is away', () => {
  const away = join(folder, 'nobody.sock');

  test('files are refused, to be sent again later', async () => {
    await expect(send(eicar, { address: away, whenAway: 'refuse' })).rejects.toMatchObject({
      code: 'dependency_unavailable',
    });
  });

  test('or marked as unscanned, if the operator wants that', async () => {
    expect(await send(Buffer.from('Dear all,'), { address: away, whenAway: 'mark' })).toEqual({
      type: 'text/plain',
      kind: 'file',
      unscanned: true,
    });
  });

  test('one that hangs up, or talks nonsense, counts as away', async () => {
    for (const reply of [
      (socket: Socket) => socket.destroy(),
      (socket: Socket) => socket.end('HTTP/1.1 400\r\n\r\n\0'),
    ]) {
      const server = createServer((socket) => reply(socket.on('error', () => undefined).resume())).listen(
        join(folder, 'odd.sock'),
      );
      await once(server, 'listening');
      try {
        const address = join(folder, 'odd.sock');
        await expect(send(eicar, { address, whenAway: 'refuse' })).rejects.toMatchObject({
          code: 'dependency_unavailable',
        });
      } finally {
        server.close();
        await once(server, 'close');
      }
    }
  });
});
