// Items that describe the picture: EXIF, and XMP and other texts.
const described = new Set(['Exif', 'mime', 'uri ']);

/**
 * AVIF and HEIC without EXIF and XMP. Everything in such a file is found by its distance from the start, so nothing is moved: what describes the
 * picture is overwritten with zeros and made an item that readers skip (ISO/IEC 14496-12 §8.11). Throws when the container is damaged.
 * @param {Buffer} body
 * @returns {Buffer}
 */
export function stripHeif(body) {
  const meta = boxes(body, 0, body.length).find((box) => box.type === 'meta');
  if (meta === undefined) throw new Error('unable to read the picture; it has no items');
  const inner = boxes(body, meta.start + 4, meta.end);
  const find = (/** @type {string} */ type) => inner.find((box) => box.type === type);
  const [info, places] = [find('iinf'), find('iloc')];
  if (!info || !places) return body;
  const items = itemTypes(body, info).filter(({ type }) => described.has(type));
  if (items.length === 0) return body;
  const clean = Buffer.from(body);
  const wanted = new Map(items.map(({ id, at }) => [id, at]));
  for (const { id, start, end } of extents(body, places, find('idat'))) {
    if (wanted.has(id)) clean.fill(0, start, end);
  }
  for (const at of wanted.values()) clean.write('skip', at, 'latin1');
  return clean;
}

/** @typedef {{ type: string, start: number, end: number }} Box */

/**
 * @param {Buffer} body
 * @param {number} from
 * @param {number} to
 * @returns {Box[]}
 */
function boxes(body, from, to) {
  const found = [];
  for (let at = from; at + 8 <= to;) {
    const short = body.readUInt32BE(at);
    const size = short === 1 ? Number(body.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short;
    const header = short === 1 ? 16 : 8;
    if (size < header || at + size > to) throw new Error('unable to read the picture; a box is damaged');
    found.push({ type: body.toString('latin1', at + 4, at + 8), start: at + header, end: at + size });
    at += size;
  }
  return found;
}

/**
 * Ids and types of the items, with where the type is written.
 * @param {Buffer} body
 * @param {Box} info
 */
function itemTypes(body, info) {
  const from = info.start + (body.readUInt8(info.start) === 0 ? 6 : 8);
  return boxes(body, from, info.end)
    .filter((box) => box.type === 'infe' && body.readUInt8(box.start) >= 2)
    .map((box) => {
      const wide = body.readUInt8(box.start) >= 3;
      const at = box.start + (wide ? 10 : 8);
      const id = wide ? body.readUInt32BE(box.start + 4) : body.readUInt16BE(box.start + 4);
      return { id, at, type: body.toString('latin1', at, at + 4) };
    });
}

/**
 * Where the bytes of the items are.
 * @param {Buffer} body
 * @param {Box} places
 * @param {Box | undefined} idat
 */
function extents(body, places, idat) {
  let at = places.start;
  const read = (/** @type {number} */ size) => {
    if (size === 0) return 0;
    if (at + size > places.end) throw new Error('unable to read the picture; an item is damaged');
    const value = size === 8 ? Number(body.readBigUInt64BE(at)) : body.readUIntBE(at, size);
    at += size;
    return value;
  };
  const version = read(1);
  read(3);
  const [sizes, moreSizes] = [read(1), read(1)];
  const [offsetSize, lengthSize, baseSize] = [sizes >> 4, sizes & 15, moreSizes >> 4];
  const indexSize = version === 0 ? 0 : moreSizes & 15;
  const wide = version < 2 ? 2 : 4;
  const found = [];
  for (let count = read(wide); count > 0; count -= 1) {
    const id = read(wide);
    const method = version === 0 ? 0 : read(2) & 15;
    read(2);
    const base = read(baseSize) + (method === 1 ? (idat?.start ?? 0) : 0);
    for (let left = read(2); left > 0; left -= 1) {
      read(indexSize);
      const start = base + read(offsetSize);
      const end = start + read(lengthSize);
      if (method > 1 || end > body.length || (method === 1 && !idat)) {
        throw new Error('unable to read the picture; an item is out of bounds');
      }
      found.push({ id, start, end });
    }
  }
  return found;
}
