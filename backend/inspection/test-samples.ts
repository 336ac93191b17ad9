import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { defaultFiles, type FilesConfig } from '../config.ts';

/** What an operator has who has set nothing. */
export const filesConfig: FilesConfig = { ...defaultFiles, storage: { kind: 'disk', dir: '' } };

/** A picture of coloured noise, in which nothing compresses to nothing. */
export const noise = (width: number, height: number, channels: 3 | 4 = 3): Sharp =>
  sharp(randomBytes(width * height * channels), { raw: { width, height, channels } });

/** A picture of soft colours, as photographs are. */
export const blurred = (width: number, height: number): Sharp => noise(width, height).blur(8);

/** A picture with what a phone writes beside it: where it was taken, with what, and which way is up. */
export const photo = (orientation = 1, width = 80, height = 40): Sharp =>
  noise(width, height)
    .withExif({
      IFD0: { Make: 'SECRETPHONE', Artist: 'SECRETNAME' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 0/1', GPSAreaInformation: 'SECRETPLACE' },
    })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><x:note>SECRETXMP</x:note></x:xmpmeta>')
    .withMetadata({ orientation });

/** One of each picture that is shown. */
export const pictures: Readonly<Record<string, (image: Sharp) => Promise<Buffer>>> = {
  'image/jpeg': (image) => image.jpeg().toBuffer(),
  'image/png': (image) => image.png().toBuffer(),
  'image/gif': (image) => image.gif().toBuffer(),
  'image/webp': (image) => image.webp().toBuffer(),
  'image/avif': (image) => image.avif({ effort: 0 }).toBuffer(),
};

/** An animation of three frames. */
export const animated = (width = 20, height = 10): Sharp =>
  sharp(randomBytes(width * height * 9), { raw: { width, height: height * 3, channels: 3, pageHeight: height } });

/** A PNG chunk. */
export const chunk = (name: string, content: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  return Buffer.concat([uint32(content.length), body, uint32(crc32(body))]);
};

/** A black and white PNG of any size; `rows: 0` gives one that has no pixels, whatever its header says. */
export const plainPng = (width: number, height: number, rows = height): Buffer =>
  Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.concat([uint32(width), uint32(height), Buffer.from([1, 0, 0, 0, 0])])),
    chunk('IDAT', deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);

/** A GIF of one pixel with any number of frames. */
export const manyFrames = (count: number): Buffer => {
  const frame = Buffer.from('21f90400010000002c000000000100010000020144003b'.slice(0, -2), 'hex');
  return Buffer.concat([
    Buffer.from('474946383961010001008000000000ffffff', 'hex').subarray(0, 13),
    Buffer.from('000000ffffff', 'hex'),
    ...Array.from({ length: count }, () => frame),
    Buffer.from([0x3b]),
  ]);
};

/** The beginnings of files that are no pictures, by what they are. */
export const others: Readonly<Record<string, Buffer>> = {
  exe: Buffer.concat([Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'), Buffer.alloc(200)]),
  elf: Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(200)]),
  script: Buffer.from('#!/bin/sh\nrm -rf /\n'),
  html: Buffer.from('<!doctype html><script>alert(1)</script>'),
  xhtml: Buffer.from(
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
  ),
  svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
  xslt: Buffer.from('<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#x"?><doc/>'),
  htaccess: Buffer.from('AddType text/html .png\n'),
  js: Buffer.from('alert(1);\n'),
  utf16Html: Buffer.from('\ufeff<script>alert(1)</script>', 'utf16le'),
  pdf: Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF', 'latin1'),
  zip: Buffer.concat([
    Buffer.from('504b0304140000000800', 'hex'),
    Buffer.alloc(16),
    Buffer.from('0d000000', 'hex'),
    Buffer.from('../etc/passwd'),
  ]),
  mp4: Buffer.concat([Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex'), Buffer.alloc(64)]),
  webm: Buffer.concat([
    Buffer.from(
      '1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff',
      'hex',
    ),
    Buffer.alloc(64),
  ]),
  ogg: Buffer.concat([
    Buffer.from('4f67675300020000000000000000000000000000000000000000011a', 'hex'),
    Buffer.from('OpusHead\x01\x01', 'latin1'),
    Buffer.alloc(16),
  ]),
  mp3: Buffer.concat([Buffer.from('49443304000000000000fffb9064', 'hex'), Buffer.alloc(400)]),
  wav: Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), Buffer.alloc(24)]),
  gzip: Buffer.concat([Buffer.from('1f8b0800', 'hex'), randomBytes(40)]),
};

/** 55 bytes of ASF whose sub-header has a size of zero: file-type went round in circles over it (CVE-2026-31808). */
export const endlessAsf: Buffer = Buffer.concat([
  Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex'),
  Buffer.alloc(14),
  randomBytes(16).fill(1),
  Buffer.alloc(9),
]);

const uint32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
};
