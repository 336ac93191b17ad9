import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FilesConfig } from '../config.ts';
import { createInspection, type Declared, type Finding, type Inspection } from './index.ts';
import {
  animated,
  blurred,
  chunk,
  endlessAsf,
  filesConfig,
  manyFrames,
  noise,
  others,
  photo,
  pictures,
  plainPng,
} from './test-samples.ts';

const log = pino({ level: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'teatime-inspection-'));
const inspection = createInspection({ files: filesConfig, log });
let written = 0;

const look = (
  body: Buffer,
  declared: Partial<Declared> & Pick<Declared, 'name' | 'type'>,
  by: Inspection = inspection,
): Promise<Finding> => {
  written += 1;
  const path = join(folder, String(written));
  writeFileSync(path, body);
  return by.inspect(path, { size: body.length, purpose: 'message', ...declared });
};

const asPng = { name: 'picture.png', type: 'image/png' };
const rejection = { code: 'file_rejected' };

const withConfig = async <T>(files: Partial<FilesConfig>, use: (by: Inspection) => Promise<T>): Promise<T> => {
  const by = createInspection({ files: { ...filesConfig, ...files }, log });
  try {
    return await use(by);
  } finally {
    await by.close();
  }
};

beforeAll(async () => {
  // The first file waits for a process to start.
  await look(plainPng(1, 1), asPng);
});

afterAll(async () => {
  await inspection.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a file that passes itself off as something else', () => {
  test.each(Object.keys(others))('%s as a picture is rejected', async (name) => {
    const body = others[name] as Buffer;
    await expect(look(body, asPng)).rejects.toMatchObject(rejection);
    await expect(look(body, { name: 'picture.png', type: 'application/octet-stream' })).rejects.toMatchObject(
      rejection,
    );
    await expect(look(body, { name: 'picture', type: 'image/jpeg' })).rejects.toMatchObject(rejection);
    await expect(look(body, { ...asPng, purpose: 'avatar' })).rejects.toMatchObject(rejection);
  });

  test.each(['exe', 'elf', 'script', 'html', 'svg', 'pdf', 'zip', 'gzip', 'js'])(
    '%s as sound, film or a recording is rejected',
    async (name) => {
      const body = others[name] as Buffer;
      await expect(look(body, { name: 'a.mp3', type: 'audio/mpeg' })).rejects.toMatchObject(rejection);
      await expect(look(body, { name: 'a.mp4', type: 'video/mp4' })).rejects.toMatchObject(rejection);
      await expect(look(body, { name: 'voice', type: 'audio/webm', purpose: 'voice' })).rejects.toMatchObject(
        rejection,
      );
    },
  );

  test('a program as a document, and anything as a PDF, are rejected', async () => {
    for (const name of ['exe', 'elf']) {
      await expect(look(others[name] as Buffer, { name: 'letter.docx', type: '' })).rejects.toMatchObject(rejection);
    }
    for (const name of ['exe', 'html', 'zip', 'js']) {
      await expect(look(others[name] as Buffer, { name: 'a.pdf', type: 'application/pdf' })).rejects.toMatchObject(
        rejection,
      );
    }
  });

  test('a recording must be sound', async () => {
    const png = await photo().png().toBuffer();
    await expect(look(png, { name: 'v.webm', type: 'audio/webm', purpose: 'voice' })).rejects.toMatchObject(rejection);
  });
});

describe('what a file is taken as', () => {
  test('nothing that a browser would run keeps a type that it runs', async () => {
    const declared: [keyof typeof others, string, string][] = [
      ['html', 'page.html', 'text/html'],
      ['xhtml', 'page.xhtml', 'application/xhtml+xml'],
      ['svg', 'drawing.svg', 'image/svg+xml'],
      ['xslt', 'data.xml', 'text/xml'],
      ['utf16Html', 'page.htm', 'text/plain'],
      ['js', 'script.js', 'text/javascript'],
      ['htaccess', '.htaccess', 'application/octet-stream'],
      ['script', 'run.sh', 'application/x-sh'],
      ['exe', 'setup.exe', 'application/x-msdownload'],
    ];
    for (const [sample, name, type] of declared) {
      const finding = await look(others[sample] as Buffer, { name, type });
      expect(finding.kind).toBe('file');
      expect(['application/octet-stream', 'text/plain']).toContain(finding.type);
    }
  });

  test('harmless differences are corrected', async () => {
    const png = await noise(4, 4).png().toBuffer();
    expect(await look(png, { name: 'a.jpg', type: 'image/jpeg' })).toMatchObject({ type: 'image/png', kind: 'image' });
    expect(await look(png, { name: 'a', type: 'application/zip' })).toMatchObject({ type: 'image/png', kind: 'image' });
    expect(await look(others['mp4'] as Buffer, { name: 'a.webm', type: 'video/webm' })).toMatchObject({
      type: 'video/mp4',
      kind: 'video',
    });
  });

  test('sound, film and recordings keep the codecs that the sender names, where they fit', async () => {
    const { webm, mp4, ogg, mp3, wav } = others as Record<string, Buffer>;
    const cases: [Buffer | undefined, Partial<Declared> & { type: string }, object][] = [
      [webm, { type: 'audio/webm;codecs=opus', purpose: 'voice' }, { type: 'audio/webm;codecs=opus', kind: 'voice' }],
      [
        mp4,
        { type: 'audio/mp4;codecs=mp4a.40.2', purpose: 'voice' },
        { type: 'audio/mp4;codecs=mp4a.40.2', kind: 'voice' },
      ],
      [ogg, { type: 'audio/ogg', purpose: 'voice' }, { type: 'audio/ogg', kind: 'voice' }],
      [webm, { type: 'audio/mp4;codecs=mp4a.40.2', purpose: 'voice' }, { type: 'audio/webm', kind: 'voice' }],
      [webm, { type: 'video/webm;codecs="vp8,opus"' }, { type: 'video/webm;codecs="vp8,opus"', kind: 'video' }],
      [webm, { type: 'video/webm;codecs="<script>"' }, { type: 'video/webm', kind: 'video' }],
      [webm, { type: 'application/octet-stream' }, { type: 'video/webm', kind: 'video' }],
      [mp4, { type: 'audio/x-m4a' }, { type: 'audio/mp4', kind: 'audio' }],
      [ogg, { type: '' }, { type: 'audio/ogg;codecs=opus', kind: 'audio' }],
      [mp3, { type: 'audio/mp3' }, { type: 'audio/mpeg', kind: 'audio' }],
      [wav, { type: 'audio/x-wav' }, { type: 'audio/wav', kind: 'audio' }],
    ];
    for (const [body, declared, expected] of cases) {
      expect(await look(body as Buffer, { name: 'a', ...declared })).toMatchObject(expected);
    }
  });

  test('documents and archives keep their types, and archives are never looked into', async () => {
    const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
    const { pdf, zip, gzip } = others as { pdf: Buffer; zip: Buffer; gzip: Buffer };
    expect(await look(pdf, { name: 'a.pdf', type: 'application/pdf' })).toEqual({
      type: 'application/pdf',
      kind: 'file',
    });
    expect(await look(zip, { name: 'a.docx', type: docx })).toEqual({ type: docx, kind: 'file' });
    expect(await look(zip, { name: 'a', type: 'text/html' })).toEqual({ type: 'application/zip', kind: 'file' });
    expect(await look(gzip, { name: 'a.gz', type: '' })).toEqual({ type: 'application/gzip', kind: 'file' });
    expect(await look(Buffer.from('a;ü\n'), { name: 'a.csv', type: 'text/csv' })).toEqual({
      type: 'text/csv',
      kind: 'file',
    });
    // Browsers take TypeScript for a film, and BM begins a bitmap.
    const text = Buffer.from('BMW and Audi are cars, and this is a text');
    expect(await look(text, { name: 'a.ts', type: 'video/mp2t' })).toEqual({ type: 'text/plain', kind: 'file' });
  });

  test('only types that the operator takes are taken, whatever the sender says', async () => {
    const png = await noise(4, 4).png().toBuffer();
    await withConfig({ types: ['image/*', 'application/pdf', 'text/html'] }, async (by) => {
      await expect(look(png, { name: 'a', type: 'text/plain' }, by)).resolves.toMatchObject({ kind: 'image' });
      await expect(look(others['html'] as Buffer, { name: 'a.html', type: 'text/html' }, by)).resolves.toMatchObject({
        kind: 'file',
      });
      await expect(look(others['zip'] as Buffer, { name: 'a', type: 'image/svg+xml' }, by)).rejects.toMatchObject(
        rejection,
      );
      await expect(look(others['exe'] as Buffer, { name: 'a', type: 'text/html' }, by)).rejects.toMatchObject(
        rejection,
      );
      await expect(
        look(others['pdf'] as Buffer, { name: 'a.zip', type: 'application/zip' }, by),
      ).resolves.toMatchObject({
        type: 'application/pdf',
      });
    });
  });
});

describe('a picture', () => {
  test.each(Object.keys(pictures))('%s comes with size, placeholder and a small WebP', async (type) => {
    const body = await (pictures[type] as (typeof pictures)[string])(blurred(900, 450));
    const finding = await look(body, { name: 'a', type });
    expect(finding).toMatchObject({ type, kind: 'image', width: 900, height: 450 });
    expect(finding.clean).toBeUndefined();
    expect(await sharp(finding.thumbnail).metadata()).toMatchObject({ format: 'webp', width: 640, height: 320 });
    expect(Buffer.from(finding.placeholder ?? '', 'base64').length).toBeGreaterThan(15);
  });

  test.each(Object.keys(pictures).filter((type) => type !== 'image/gif'))(
    '%s loses place, device and names, in itself and in the small one',
    async (type) => {
      for (const orientation of [1, 6]) {
        const body = await (pictures[type] as (typeof pictures)[string])(photo(orientation));
        const before = await sharp(body).metadata();
        expect(before.exif?.includes(Buffer.from([0x25, 0x88]))).toBe(true);
        expect(body.includes('SECRETPHONE')).toBe(true);
        const finding = await look(body, { name: 'a', type });
        expect(finding).toMatchObject(orientation === 1 ? { width: 80, height: 40 } : { width: 40, height: 80 });
        expect(finding.clean?.type).toBe(type);
        for (const after of [finding.clean?.body, finding.thumbnail]) {
          expect(after?.includes('SECRET')).toBe(false);
          const { exif, xmp, iptc, comments, orientation } = await sharp(after).metadata();
          expect({ exif, xmp, iptc, comments }).toEqual({});
          expect(orientation ?? 1).toBe(1);
          const shown = await sharp(after).toBuffer({ resolveWithObject: true });
          expect(shown.info.width > shown.info.height).toBe(finding.width === 80);
        }
      }
    },
  );

  test('that is upright keeps every pixel when it loses its metadata', async () => {
    for (const type of ['image/jpeg', 'image/png', 'image/webp', 'image/avif']) {
      const body = await (pictures[type] as (typeof pictures)[string])(photo());
      const { clean } = await look(body, { name: 'a', type });
      const [before, after] = await Promise.all([body, clean?.body].map((one) => sharp(one).raw().toBuffer()));
      expect(after?.equals(before as Buffer)).toBe(true);
    }
  });

  test('keeps its colour profile, turned or not', async () => {
    for (const orientation of [1, 6]) {
      const body = await photo(orientation).withIccProfile('p3').jpeg().toBuffer();
      const before = await sharp(body).metadata();
      const { clean } = await look(body, { name: 'a.jpg', type: 'image/jpeg' });
      expect((await sharp(clean?.body).metadata()).icc?.equals(before.icc as Buffer)).toBe(true);
    }
  });

  test.each(['gif', 'webp'] as const)('that moves still moves: %s', async (format) => {
    const body = await animated()[format]().toBuffer();
    const still = await look(body, { name: 'a', type: `image/${format}` });
    expect(still).toMatchObject({ width: 20, height: 10, type: `image/${format}` });
    expect((await sharp(still.thumbnail).metadata()).pages ?? 1).toBe(1);
    const talkative =
      format === 'gif'
        ? Buffer.concat([body.subarray(0, -1), Buffer.from('\x21\xfe\x06SECRET\0\x3b', 'latin1')])
        : await animated()
            .withExif({ IFD0: { Artist: 'SECRET' } })
            .webp()
            .toBuffer();
    expect(talkative.includes('SECRET')).toBe(true);
    const { clean } = await look(talkative, { name: 'a', type: `image/${format}` });
    expect(clean?.body.includes('SECRET')).toBe(false);
    expect((await sharp(clean?.body, { pages: -1 }).metadata()).pages).toBe(3);
  });

  test('keeps its metadata where the operator wants it', async () => {
    const body = await photo(6).jpeg().toBuffer();
    await withConfig({ keepMetadata: true }, async (by) => {
      const finding = await look(body, { name: 'a.jpg', type: 'image/jpeg' }, by);
      expect(finding).toMatchObject({ width: 40, height: 80 });
      expect(finding.clean).toBeUndefined();
      expect((await sharp(finding.thumbnail).metadata()).exif).toBeUndefined();
    });
  });

  test('of a phone that cannot be decoded here is a file without metadata', async () => {
    const avif = await photo().avif({ effort: 0 }).toBuffer();
    const heic = Buffer.from(avif.toString('latin1').replace('ftypavif', 'ftypheic'), 'latin1');
    const finding = await look(heic, { name: 'IMG_1.HEIC', type: 'image/heic' });
    expect(finding).toMatchObject({ type: 'image/heic', kind: 'file' });
    expect(finding.clean?.body.length).toBe(heic.length);
    expect(finding.clean?.body.includes('SECRET')).toBe(false);
  });

  test('of a person becomes a square', async () => {
    for (const type of Object.keys(pictures)) {
      const body = await (pictures[type] as (typeof pictures)[string])(photo(1, 300, 150));
      const { clean } = await look(body, { name: 'me', type, purpose: 'avatar' });
      expect(clean?.type).toBe('image/webp');
      expect(clean?.body.includes('SECRET')).toBe(false);
      expect(await sharp(clean?.body).metadata()).toMatchObject({ format: 'webp', width: 256, height: 256 });
    }
  });

  test('may be very narrow', async () => {
    const finding = await look(plainPng(20_000, 1), asPng);
    expect(finding).toMatchObject({ width: 20_000, height: 1 });
    expect(finding.placeholder).toBeDefined();
  });
});

describe('a picture that is a trap', () => {
  const refused = async (body: Buffer, type: string, message: RegExp): Promise<void> => {
    await expect(look(body, { name: 'a', type })).rejects.toMatchObject({ ...rejection, message });
  };

  test('of 900 million pixels in a hundred kilobytes is rejected by its header', async () => {
    const bomb = plainPng(30_000, 30_000);
    expect(bomb.length).toBeLessThan(200_000);
    await refused(bomb, 'image/png', /40 million pixels/);
    // Without a single pixel in it, the answer is the same: nobody has looked for one.
    await refused(plainPng(30_000, 30_000, 0), 'image/png', /40 million pixels/);
  });

  test('of 10,000 frames is rejected by its header', () => refused(manyFrames(10_000), 'image/gif', /100 frames/));

  test('one pixel wide and 2³¹ high is rejected by its header', async () => {
    await refused(plainPng(1, 2 ** 31 - 1, 0), 'image/png', /damaged|pixels/);
    await refused(plainPng(1, 70_000, 0), 'image/png', /pixels/);
  });

  test('with more frames than it shows is rejected: animated PNG', async () => {
    const png = plainPng(2, 2);
    const control = chunk('acTL', Buffer.from('0000271000000000', 'hex'));
    await refused(Buffer.concat([png.subarray(0, 33), control, png.subarray(33)]), 'image/png', /100 frames/);
  });

  test('with 100 frames is taken, and with 101 not', async () => {
    await expect(look(manyFrames(100), { name: 'a.gif', type: 'image/gif' })).resolves.toMatchObject({ kind: 'image' });
    await expect(look(manyFrames(101), { name: 'a.gif', type: 'image/gif' })).rejects.toMatchObject(rejection);
  });
});

describe('whatever is sent', () => {
  const types = [
    'image/png',
    'image/jpeg',
    'image/gif',
    'image/webp',
    'image/avif',
    'image/heic',
    'audio/webm',
    'video/mp4',
    '',
  ];
  const answers = async (body: Buffer, type: string): Promise<Finding | string> => {
    const answer = await look(body, { name: 'a', type }).catch((error: { code: string }) => error.code);
    if (typeof answer === 'string') expect(answer).toBe('file_rejected');
    return answer;
  };

  test('the file that sent file-type round in circles has an answer', async () => {
    expect(endlessAsf.length).toBe(55);
    expect(await answers(endlessAsf, 'video/x-ms-asf')).toBe('file_rejected');
    expect(await answers(endlessAsf, 'application/octet-stream')).toMatchObject({ kind: 'file' });
  });

  test('a picture that was cut off is rejected', async () => {
    for (const [type, make] of Object.entries(pictures)) {
      const body = await make(photo());
      for (const part of [0.02, 0.3, 0.6, 0.9]) {
        expect(await answers(body.subarray(0, Math.ceil(body.length * part)), type)).toBe('file_rejected');
      }
    }
  });

  test('anything else that was cut off has an answer', async () => {
    for (const body of Object.values(others)) {
      for (const part of [0.1, 0.5, 0.9])
        await answers(body.subarray(0, Math.ceil(body.length * part)), 'application/octet-stream');
    }
  });

  test('damaged and random bytes have an answer, and the next file too', async () => {
    const originals = [
      ...(await Promise.all(Object.values(pictures).map((make) => make(photo(3))))),
      await animated().webp().toBuffer(),
      ...Object.values(others),
    ];
    const damaged = fc
      .tuple(
        fc.constantFrom(...originals),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      )
      .map(([original, changes, cut]) => {
        const body = Buffer.from(original);
        for (const [at, value] of changes) body[at % body.length] = value;
        return body.subarray(0, 1 + Math.floor(cut * body.length));
      });
    const random = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, damaged, random), fc.constantFrom(...types), async (body, type) => {
        await answers(body, type);
      }),
      { numRuns: 250 },
    );
    await expect(look(plainPng(1, 1), asPng)).resolves.toMatchObject({ kind: 'image' });
  });
});

describe('the process that looks', () => {
  const slow = (): Promise<Buffer> =>
    noise(3000, 2500).withMetadata({ orientation: 6 }).png({ compressionLevel: 1 }).toBuffer();

  test('is ended when it takes too long, and the next file has another', async () => {
    const by = createInspection({ files: filesConfig, log, patience: { sniffing: 2000, picture: 50 } });
    try {
      await expect(look(await slow(), asPng, by)).rejects.toMatchObject(rejection);
      await expect(
        look(others['pdf'] as Buffer, { name: 'a.pdf', type: 'application/pdf' }, by),
      ).resolves.toMatchObject({
        kind: 'file',
      });
    } finally {
      await by.close();
    }
  });

  test('takes only its own file along when it dies', async () => {
    const by = createInspection({ files: filesConfig, log });
    try {
      await look(plainPng(1, 1), asPng, by);
      const before = workers();
      const body = await slow();
      const lost = expect(look(body, asPng, by)).rejects.toMatchObject(rejection);
      for (const pid of before) process.kill(pid, 'SIGKILL');
      await lost;
      await expect(look(body, asPng, by)).resolves.toMatchObject({ kind: 'image', width: 2500, height: 3000 });
    } finally {
      await by.close();
    }
  });

  test.runIf(process.platform === 'linux')('knows none of the secrets of the server', async () => {
    process.env['TOKEN_SECRET'] = 'not-for-workers';
    try {
      await withConfig({}, async (by) => {
        await look(plainPng(1, 1), asPng, by);
        for (const pid of workers()) {
          expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).not.toContain('not-for-workers');
        }
      });
    } finally {
      delete process.env['TOKEN_SECRET'];
    }
  });

  test('serves more files than there are processes', async () => {
    const findings = await Promise.all(Array.from({ length: 40 }, (_, index) => look(plainPng(index + 1, 7), asPng)));
    expect(findings.map(({ width }) => width)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  test('is gone after closing, with what waited told so', async () => {
    const by = createInspection({ files: filesConfig, log });
    const known = workers();
    const waiting = Promise.allSettled(Array.from({ length: 5 }, () => look(plainPng(1, 1), asPng, by)));
    await by.close();
    for (const result of await waiting) expect(result).toMatchObject({ status: 'rejected' });
    await expect(look(plainPng(1, 1), asPng, by)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(workers().filter((pid) => !known.includes(pid))).toEqual([]);
  });

  /** The processes that this one has started to look at files. */
  const workers = (): number[] =>
    execFileSync('ps', ['-Ao', 'ppid=,pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([parent, , ...command]) =>
          parent === String(process.pid) && command.join(' ').includes('inspection/worker.js'),
      )
      .map(([, pid]) => Number(pid));
});
