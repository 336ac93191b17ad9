import { stripHeif } from './strip-heif.js';

/**
 * Pictures without what cameras and programs write beside them (EXIF, XMP, IPTC, comments, hidden pictures, whatever follows the end), by leaving out
 * parts of the container: no pixel changes, and animations stay. Colour profiles are kept. The same buffer comes back when there is nothing to leave out.
 * Throws when the container is damaged.
 * @type {Readonly<Record<string, (body: Buffer) => Buffer>>}
 */
export const stripMetadata = {
  'image/jpeg': stripJpeg,
  'image/png': stripPng,
  'image/gif': stripGif,
  'image/webp': stripWebp,
  'image/avif': stripHeif,
  'image/heic': stripHeif,
  'image/heif': stripHeif,
};

/** Collects the parts that stay; neighbours become one. */
function parts(/** @type {Buffer} */ body) {
  /** @type {[number, number][]} */
  const kept = [];
  return {
    keep(/** @type {number} */ start, /** @type {number} */ end) {
      if (end > body.length) throw new Error('unable to read the picture; it ends too early');
      const last = kept.at(-1);
      if (last?.[1] === start) last[1] = end;
      else kept.push([start, end]);
    },
    join() {
      if (kept.length === 1 && kept[0]?.[0] === 0 && kept[0][1] === body.length) return body;
      return Buffer.concat(kept.map(([start, end]) => body.subarray(start, end)));
    },
  };
}

/**
 * ITU T.81 Annex B. Stays: what decoding needs, JFIF (APP0), ICC profiles (APP2) and Adobe's colour transform (APP14).
 * @param {Buffer} body
 */
function stripJpeg(body) {
  const { keep, join } = parts(body);
  keep(0, 2);
  let at = 2;
  for (;;) {
    if (body.readUInt8(at) !== 0xff) throw new Error('unable to read the picture; a marker is missing');
    const marker = body.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) {
      keep(at, at + 2);
      return join();
    }
    const end = at + 2 + body.readUInt16BE(at + 2);
    if (isNeeded(marker, body.subarray(at + 4, end))) keep(at, end);
    at = end;
    if (marker === 0xda) {
      at = endOfScan(body, end);
      keep(end, at);
    }
  }
}

/**
 * @param {number} marker
 * @param {Buffer} content
 */
function isNeeded(marker, content) {
  const says = (/** @type {string} */ name) => content.subarray(0, name.length).equals(Buffer.from(name, 'latin1'));
  if (marker === 0xe0) return says('JFIF\0');
  if (marker === 0xe2) return says('ICC_PROFILE\0');
  if (marker === 0xee) return says('Adobe');
  return marker !== 0xfe && (marker < 0xe0 || marker > 0xef);
}

/**
 * Where the next marker is that is neither a stuffed byte nor a restart.
 * @param {Buffer} body
 * @param {number} start
 */
function endOfScan(body, start) {
  for (let at = body.indexOf(0xff, start); at !== -1 && at + 1 < body.length; at = body.indexOf(0xff, at + 1)) {
    const marker = body.readUInt8(at + 1);
    if (marker !== 0 && marker !== 0xff && (marker < 0xd0 || marker > 0xd7)) return at;
  }
  throw new Error('unable to read the picture; it ends too early');
}

// What decoding, colours and animation need. Chunks with a capital first letter are critical and stay in any case.
const pngChunks = new Set(
  'cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI mDCv cLLi bKGD hIST tRNS pHYs sPLT acTL fcTL fdAT'.split(' '),
);

/**
 * PNG (third edition) §5.
 * @param {Buffer} body
 */
function stripPng(body) {
  const { keep, join } = parts(body);
  keep(0, 8);
  for (let at = 8; ;) {
    const end = at + 12 + body.readUInt32BE(at);
    const name = body.toString('latin1', at + 4, at + 8);
    if (pngChunks.has(name) || /^[A-Z]/.test(name)) keep(at, end);
    if (name === 'IEND') return join();
    at = end;
  }
}

/**
 * How many frames an animated PNG claims to have; 1 for one that is not.
 * @param {Buffer} body
 */
export function countPngFrames(body) {
  for (let at = 8; at + 12 <= body.length; at += 12 + body.readUInt32BE(at)) {
    const name = body.toString('latin1', at + 4, at + 8);
    if (name === 'acTL') return body.readUInt32BE(at + 8);
    if (name === 'IDAT') return 1;
  }
  return 1;
}

// Repetition of an animation, and a colour profile.
const gifApplications = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012']);

/**
 * GIF89a §§17–26. A missing trailer is common and forgiven.
 * @param {Buffer} body
 */
function stripGif(body) {
  const { keep, join } = parts(body);
  let at = 13 + colours(body.readUInt8(10));
  keep(0, at);
  while (at < body.length) {
    const start = at;
    const block = body.readUInt8(at);
    if (block === 0x3b) {
      keep(at, at + 1);
      break;
    }
    if (block === 0x2c) {
      at = endOfBlocks(body, at + 11 + colours(body.readUInt8(at + 9)));
      keep(start, at);
    } else if (block === 0x21) {
      const label = body.readUInt8(at + 1);
      const application = label === 0xff ? body.toString('latin1', at + 3, at + 14) : '';
      at = endOfBlocks(body, at + 2);
      if (label === 0xf9 || label === 0x01 || gifApplications.has(application)) keep(start, at);
    } else throw new Error('unable to read the picture; a block is damaged');
  }
  return join();
}

/**
 * The bytes of a colour table, from the packed field that announces it.
 * @param {number} packed
 */
function colours(packed) {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1);
}

/**
 * @param {Buffer} body
 * @param {number} start
 */
function endOfBlocks(body, start) {
  let at = start;
  for (let size = body.readUInt8(at); size > 0; size = body.readUInt8(at)) at += size + 1;
  return at + 1;
}

const webpChunks = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

/**
 * RFC 9649 §2: a RIFF container.
 * @param {Buffer} body
 */
function stripWebp(body) {
  const { keep, join } = parts(body);
  keep(0, 12);
  // Chunks are padded to even sizes; some writers leave the last byte off.
  const end = Math.min(8 + body.readUInt32LE(4), body.length);
  for (let at = 12; at + 8 <= end;) {
    const size = body.readUInt32LE(at + 4);
    const next = at + 8 + size + (size % 2);
    if (webpChunks.has(body.toString('latin1', at, at + 4))) keep(at, next === body.length + 1 ? body.length : next);
    at = next;
  }
  const stripped = join();
  if (stripped === body) return body;
  stripped.writeUInt32LE(stripped.length - 8, 4);
  // The extended header announces EXIF and XMP, which are gone.
  if (stripped.toString('latin1', 12, 16) === 'VP8X') stripped.writeUInt8(stripped.readUInt8(20) & ~0x0c, 20);
  return stripped;
}
