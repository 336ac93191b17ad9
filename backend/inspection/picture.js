import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { Rejection } from './rejection.js';
import { countPngFrames, stripMetadata } from './strip-metadata.js';

// One picture at a time, nothing kept between them, and no format but those that are asked for: libvips would also open SVG, PDF and others.
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Nsgif', 'Webp', 'Heif'].flatMap((format) => [
    `VipsForeignLoad${format}File`,
    `VipsForeignLoad${format}Buffer`,
  ]),
});

/** The longest side of a small picture, and the sides of an avatar, in pixels. */
const thumbnailSide = 640;
const avatarSide = 256;
// The protocol has no room for more.
const longestSide = 65_535;

/** Formats that are shown as pictures, by what libvips calls them. */
const formats = new Map([
  ['image/jpeg', 'jpeg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['image/avif', 'heif'],
]);

/**
 * @typedef {{ imagePixels: number, imageFrames: number, imageBytes: number, keepMetadata: boolean, avatar: boolean }} PictureLimits
 * @typedef {{ width: number, height: number, placeholder: string, thumbnail: Buffer, clean?: { body: Buffer, type: string } }} Picture
 */

/** Whether a media type is one of the pictures that are decoded, thumbnailed and shown. */
export const isPicture = (/** @type {string} */ type) => formats.has(type);

/** Whether it is a picture that cannot be shown here, but can be freed of its metadata. */
export const isStrippable = (/** @type {string} */ type) => Object.hasOwn(stripMetadata, type);

/**
 * Checks a picture by its header, and only then decodes it: size, small picture, placeholder, and the picture as it is to be kept where that differs.
 * @param {string} path
 * @param {string} type
 * @param {PictureLimits} limits
 * @returns {Promise<Picture>}
 */
export async function readPicture(path, type, limits) {
  const header = await readHeader(path);
  const { width = 0, height = 0 } = header;
  if (header.format !== formats.get(type)) throw new Rejection('it is damaged');
  if (width * height > limits.imagePixels || Math.max(width, height) > longestSide) {
    throw new Rejection(`it has more than ${Math.floor(limits.imagePixels / 1e6)} million pixels`);
  }
  if ((header.pages ?? 1) > limits.imageFrames) throw new Rejection(`it has more than ${limits.imageFrames} frames`);
  const body = await readBounded(path, limits);
  const frames = type === 'image/png' ? countPngFrames(body) : (header.pages ?? 1);
  if (frames > limits.imageFrames) throw new Rejection(`it has more than ${limits.imageFrames} frames`);
  // Only the first frame of an animation would be turned.
  const turned = frames === 1 && (header.orientation ?? 1) !== 1;
  const open = () => {
    const image = sharp(body, { failOn: 'truncated', limitInputPixels: limits.imagePixels });
    return turned ? image.autoOrient() : image;
  };
  const { data: thumbnail, info } = await open()
    .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 78, effort: 3 })
    .toBuffer({ resolveWithObject: true });
  const clean = limits.avatar
    ? { body: await crop(open()), type: 'image/webp' }
    : limits.keepMetadata
      ? undefined
      : await withoutMetadata({ body, type, header, turned, frames, open });
  const size = turned ? { width: header.autoOrient.width, height: header.autoOrient.height } : { width, height };
  return { ...size, placeholder: await blur(thumbnail, info), thumbnail, ...(clean && { clean }) };
}

/**
 * Frees a picture that cannot be decoded here of its metadata; `undefined` when it has none.
 * @param {string} path
 * @param {string} type
 * @param {PictureLimits} limits
 */
export async function stripUnseen(path, type, limits) {
  const body = await readBounded(path, limits);
  const stripped = stripOr(body, type, () => {
    throw new Rejection('its metadata cannot be removed');
  });
  return stripped === body ? undefined : { body: stripped, type };
}

/** @param {string} path */
async function readHeader(path) {
  try {
    return await sharp(path, { limitInputPixels: false }).metadata();
  } catch {
    throw new Rejection('it is damaged');
  }
}

/**
 * @param {string} path
 * @param {PictureLimits} limits
 */
async function readBounded(path, limits) {
  const { size } = await stat(path);
  if (size > limits.imageBytes) throw new Rejection('it has too many bytes for a picture');
  return readFile(path);
}

/**
 * The picture as it is kept, or `undefined` when it can stay as it is: upright, and nothing said beside the pixels.
 * @param {{ body: Buffer, type: string, header: import('sharp').Metadata, turned: boolean, frames: number, open: () => import('sharp').Sharp }} picture
 */
async function withoutMetadata({ body, type, header, turned, frames, open }) {
  if (!turned) {
    const stripped = stripOr(body, type, () => undefined);
    if (stripped !== undefined && (await isBare(stripped))) {
      return stripped === body ? undefined : { body: stripped, type };
    }
  }
  if (frames > 1) throw new Rejection('its metadata cannot be removed');
  return { body: await encode(open(), type, header), type };
}

/**
 * @template T
 * @param {Buffer} body
 * @param {string} type
 * @param {() => T} otherwise
 */
function stripOr(body, type, otherwise) {
  try {
    return stripMetadata[type]?.(body) ?? otherwise();
  } catch {
    return otherwise();
  }
}

/** @param {Buffer} body */
async function isBare(body) {
  const { exif, xmp, iptc, tifftagPhotoshop, comments } = await sharp(body, { limitInputPixels: false }).metadata();
  return [exif, xmp, iptc, tifftagPhotoshop, comments].every((said) => said === undefined);
}

/**
 * @param {import('sharp').Sharp} image
 * @param {string} type
 * @param {import('sharp').Metadata} header
 */
function encode(image, type, header) {
  // A profile for CMYK would be wrong for the RGB that it becomes.
  const profiled = header.icc !== undefined && header.space !== 'cmyk' ? image.keepIccProfile() : image;
  switch (type) {
    case 'image/jpeg':
      return profiled
        .jpeg({ quality: 92, chromaSubsampling: header.chromaSubsampling === '4:4:4' ? '4:4:4' : '4:2:0' })
        .toBuffer();
    case 'image/png':
      return (header.depth === 'ushort' ? profiled.toColourspace('rgb16') : profiled).png().toBuffer();
    case 'image/webp':
      return profiled.webp({ quality: 90, effort: 1 }).toBuffer();
    case 'image/gif':
      return profiled.gif().toBuffer();
    default:
      // At its usual effort AV1 would take longer than a picture is given.
      return profiled.avif({ quality: 75, effort: 1 }).toBuffer();
  }
}

/** @param {import('sharp').Sharp} image */
function crop(image) {
  return image.resize({ width: avatarSide, height: avatarSide, fit: 'cover' }).webp({ quality: 82 }).toBuffer();
}

/**
 * ThumbHash in base64.
 * @param {Buffer} thumbnail
 * @param {{ width: number, height: number }} size
 */
async function blur(thumbnail, { width, height }) {
  const scale = Math.min(1, 100 / Math.max(width, height));
  const { data, info } = await sharp(thumbnail)
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { fit: 'fill' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64');
}
