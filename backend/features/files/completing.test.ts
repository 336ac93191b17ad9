import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aDm,
  aFile,
  anUpload,
  aPicture,
  aUser,
  startTestBackend,
  type TestBackend,
  type TestUpload,
  type TestUser,
} from '../../testing/index.ts';

const complete = 'POST /files/:fileId/complete';

let t: TestBackend;
let ann: TestUser;
let bob: TestUser;
beforeAll(async () => {
  t = await startTestBackend();
  [ann, bob] = [await aUser(t), await aUser(t)];
});
afterAll(() => t.close());

const rowOf = async (fileId: string) => {
  const [row] = await t.db.query<{ key: string; thumbnail_key: string | null; state: string; size: number }>(
    'test_row',
    'select key, thumbnail_key, state, size from files where id = $1',
    [fileId],
  );
  if (!row) throw new Error('there is no such file');
  return row;
};
const download = async (user: TestUser, fileId: string) => {
  const { link } = await user.api.call('GET /files/:fileId', { params: { fileId } });
  const answer = await fetch(link.url);
  return { link, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};
const isGone = (key: string) =>
  t.storage.read(key).then(
    (stream) => (stream.destroy(), false),
    () => true,
  );

describe('a file that is good', () => {
  test('is ready with what its bytes say, and can be loaded by its owner', async () => {
    const body = await aPicture({ width: 300, height: 200 });
    const file = await aFile(ann, { body, name: 'cup.png', type: 'image/png' });
    expect(file).toMatchObject({
      name: 'cup.png',
      type: 'image/png',
      kind: 'image',
      width: 300,
      height: 200,
      thumbnail: true,
    });
    expect(file.placeholder).toMatch(/^[A-Za-z0-9+/]{20,}=*$/);
    const { link, bytes, headers } = await download(ann, file.id);
    expect(headers.get('content-type')).toBe('image/png');
    expect(bytes.length).toBe(file.size);
    expect(Date.parse(link.expiresAt)).toBeLessThanOrEqual(Date.now() + 5 * 60_000);
    const thumbnail = await fetch(link.thumbnailUrl ?? '');
    expect(thumbnail.headers.get('content-type')).toBe('image/webp');
    expect((await sharp(Buffer.from(await thumbnail.arrayBuffer())).metadata()).format).toBe('webp');
  });

  test('completing it again, or twice at once, gives the same file', async () => {
    const fileId = await anUpload(ann, { body: await aPicture(), name: 'cup.png', type: 'image/png' });
    const calls = () => ann.api.call(complete, { params: { fileId }, body: {} });
    const [one, two] = await Promise.all([calls(), calls()]);
    expect(two).toEqual(one);
    expect(await calls()).toEqual(one);
  });

  test('what a photo tells of where it was taken does not leave the sender', async () => {
    const body = await sharp(await aPicture({ width: 80, height: 40 }, 'jpeg'))
      .withExif({ IFD0: { Make: 'Teapot' }, IFD3: { GPSLatitude: '52/1 31/1 0/1', GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect((await sharp(body).metadata()).exif?.toString('latin1')).toContain('Teapot');
    const fileId = await anUpload(ann, { body, name: 'garden.jpg', type: 'image/jpeg' });
    const original = await rowOf(fileId);
    const { file } = await ann.api.call(complete, { params: { fileId }, body: {} });
    // Upright: what lay on its side stands.
    expect(file).toMatchObject({ width: 40, height: 80, type: 'image/jpeg' });
    const { bytes, link } = await download(ann, fileId);
    const thumbnail = Buffer.from(await (await fetch(link.thumbnailUrl ?? '')).arrayBuffer());
    for (const picture of [bytes, thumbnail]) {
      expect(picture.toString('latin1')).not.toContain('Teapot');
      expect((await sharp(picture).metadata()).exif).toBeUndefined();
    }
    expect(file.size).toBe(bytes.length);
    expect(await isGone(original.key)).toBe(true);
  });

  test('length and waveform are the sender’s, dimensions of a picture are not', async () => {
    const picture = await anUpload(ann, { body: await aPicture(), name: 'cup.png', type: 'image/png' });
    const told = { width: 5, height: 5, durationMs: 1000, waveform: [1, 2] };
    const { file } = await ann.api.call(complete, { params: { fileId: picture }, body: told });
    expect(file).toMatchObject({ width: 64, height: 48 });
    expect(file.durationMs ?? file.waveform).toBeUndefined();

    const voice = await anUpload(ann, recording);
    const { file: said } = await ann.api.call(complete, {
      params: { fileId: voice },
      body: { durationMs: 2000, waveform: [0, 50, 100] },
    });
    expect(said).toMatchObject({ kind: 'voice', type: 'audio/wav', durationMs: 2000, waveform: [0, 50, 100] });
    expect(said.width).toBeUndefined();
  });

  test('a length that no sound of this size can have is left out, and a recording beyond the limit is refused', async () => {
    const sound = await anUpload(ann, { ...recording, purpose: 'message' });
    const { file } = await ann.api.call(complete, {
      params: { fileId: sound },
      body: { durationMs: 24 * 60 * 60 * 1000 },
    });
    expect(file.kind).toBe('audio');
    expect(file.durationMs).toBeUndefined();

    const voice = await anUpload(ann, recording);
    const durationMs = (t.config.files.voiceSeconds + 2) * 1000;
    const refusal = await ann.api.refusal(complete, { params: { fileId: voice }, body: { durationMs } });
    expect(refusal.issues).toMatchObject([{ path: 'durationMs' }]);
  });
});

describe('a file that is not what it should be', () => {
  const program = Buffer.concat([Buffer.from('MZ\x90\x00\x03\x00\x00\x00', 'latin1'), Buffer.alloc(500, 7)]);
  const bad: [string, TestUpload][] = [
    ['a program called a picture', { body: program, name: 'kitten.png', type: 'image/png' }],
    ['a page called a picture', { body: '<!doctype html><script>alert(1)</script>', name: 'a.png', type: 'image/png' }],
    ['a script called a picture', { body: 'alert(1)', name: 'a.js', type: 'image/png' }],
    ['a picture of 900 million pixels', { body: hugePng(), name: 'huge.png', type: 'image/png' }],
    ['a drawing as somebody’s picture', { body: svg(), name: 'me.svg', type: 'image/svg+xml', purpose: 'avatar' }],
    ['a text as a recording', { body: 'la la la', name: 'song.ogg', type: 'audio/ogg', purpose: 'voice' }],
  ];

  test.each(bad)('%s is rejected, its bytes are gone, and no message can have it', async (_, upload) => {
    const user = await aUser(t);
    const dm = await aDm(user, bob);
    const fileId = await anUpload(user, upload);
    const { key } = await rowOf(fileId);
    for (let time = 1; time <= 2; time++) {
      const refusal = await user.api.refusal(complete, { params: { fileId }, body: {} });
      expect(refusal).toMatchObject({ status: 422, code: 'file_rejected' });
    }
    expect(await isGone(key)).toBe(true);
    const sent = await user.api.refusal('POST /conversations/:conversationId/messages', {
      params: { conversationId: dm.id },
      body: { clientId: crypto.randomUUID(), text: '', fileIds: [fileId] },
    });
    expect([404, 422]).toContain(sent.status);
    expect((await user.api.refusal('GET /files/:fileId', { params: { fileId } })).status).toBe(404);
    expect((await user.api.refusal('POST /files/:fileId/upload', { params: { fileId } })).status).toBe(422);
    const [usage] = await t.db.query<{ bytes: number }>(
      'test_bytes',
      'select bytes from file_usage where user_id = $1',
      [user.id],
    );
    expect(usage?.bytes).toBe(0);
  });

  test.each([
    ['a page', '<!doctype html><script>alert(1)</script>', 'page.html', 'text/html'],
    ['a drawing', svg(), 'drawing.svg', 'image/svg+xml'],
    ['a stylesheet', '<?xml version="1.0"?><xsl:stylesheet/>', 'sheet.xml', 'application/xml'],
  ])('%s is never shown inline', async (_, body, name, type) => {
    const fileId = await anUpload(ann, { body, name, type });
    const answer = await ann.api.request(complete, { params: { fileId }, body: {} });
    if (answer.status === 422) return;
    expect(answer.status).toBe(200);
    const { headers, bytes } = await download(ann, fileId);
    expect(bytes.toString()).toBe(body);
    expect(headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
  });
});

describe('what goes wrong on the way', () => {
  test('while bytes are missing the answer is to send them', async () => {
    const { fileId } = await ann.api.call('POST /files', {
      body: { clientId: crypto.randomUUID(), name: 'a.txt', size: 10, type: 'text/plain' },
    });
    const refusal = await ann.api.refusal(complete, { params: { fileId }, body: {} });
    expect(refusal.code).toBe('conflict');
    const { upload } = await ann.api.call('POST /files/:fileId/upload', { params: { fileId } });
    if (upload.kind !== 'tus') throw new Error('the storage on disk has another kind of target');
    await fetch(upload.url, { method: 'PUT', body: '0123456789', headers: { 'content-type': 'text/plain' } });
    expect((await ann.api.request(complete, { params: { fileId }, body: {} })).status).toBe(200);
  });

  test('a process that died after the bytes were there leaves a file that can be completed', async () => {
    const fileId = await anUpload(ann);
    const [row] = await t.db.query<{ key: string; upload: Record<string, string>; size: number; type: string }>(
      'test_upload',
      `update files set inspected_until = now() + interval '1 minute' where id = $1
       returning key, upload, declared_size as size, declared_type as type`,
      [fileId],
    );
    if (!row) throw new Error('there is no such file');
    await t.storage.finish({ ...row, state: row.upload });
    // As long as nobody knows that it died, the others wait.
    const busy = await ann.api.request(complete, { params: { fileId }, body: {} });
    expect(busy.status).toBe(503);
    expect(busy.headers.get('retry-after')).toBe('1');
    await t.db.query('test_died', `update files set inspected_until = now() - interval '1 second' where id = $1`, [
      fileId,
    ]);
    const { file } = await ann.api.call(complete, { params: { fileId }, body: {} });
    expect((await download(ann, file.id)).bytes.toString()).toBe('Darjeeling, first flush');
  });

  test('a file that is dropped while it is looked at leaves nothing behind', async () => {
    const picture = await aPicture({ width: 4000, height: 3000 });
    const fileId = await anUpload(ann, { body: picture, name: 'large.png', type: 'image/png' });
    const completing = ann.api.request(complete, { params: { fileId }, body: {} });
    await expect
      .poll(
        async () => {
          const [row] = await t.db.query<{ held: boolean }>(
            'test_held',
            'select inspected_until is not null as held from files where id = $1',
            [fileId],
          );
          return row?.held;
        },
        { interval: 5 },
      )
      .toBe(true);
    await ann.api.request('DELETE /files/:fileId', { params: { fileId } });
    expect((await completing).status).toBe(404);
    await expect
      .poll(async () => {
        const kept: string[] = [];
        for await (const key of t.storage.list(new Date(Date.now() + 60_000))) kept.push(key);
        const rows = await t.db.query<{ key: string }>(
          'test_known',
          'select key from files union all select thumbnail_key from files',
          [],
        );
        const known = new Set(rows.map(({ key }) => key));
        return kept.filter((key) => !known.has(key));
      })
      .toEqual([]);
  });
});

/** One second of a quiet tone: RIFF, 8 kHz, 8 bit. */
const recording: TestUpload = { body: wave(8000), name: 'voice.wav', type: 'audio/wav', purpose: 'voice' };

function wave(samples: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples, 40);
  return Buffer.concat([
    header,
    Buffer.from(Array.from({ length: samples }, (_, n) => 128 + Math.round(20 * Math.sin(n / 3)))),
  ]);
}

function svg(): string {
  return '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
}

/** A PNG that is 30,000 pixels wide and high and weighs next to nothing. */
function hugePng(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(30_000, 0);
  header.writeUInt32BE(30_000, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(30_000 * (1 + 3750)));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
