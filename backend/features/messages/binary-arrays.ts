// Arrays in Postgres' binary format (`array_send` in src/backend/utils/adt/arrayfuncs.c). Written as text they cost the database as much
// as all else in a batch, because every element of an array literal is scanned, unquoted and parsed there.

const uuidType = 2950;
const textType = 25;
const byteaType = 17;

/** Dimensions, null flag, element type, length, lower bound. */
const headerBytes = 20;

/** A `uuid[]`, written as one run of hexadecimal digits. */
export const uuidArray = (ids: readonly string[]): Buffer => {
  const array = header(uuidType, ids.length, ids.length * (4 + 16));
  const digits = ids.length === 0 ? '' : `${uuidLength}${ids.join(uuidLength)}`;
  array.write(digits.replaceAll('-', ''), headerBytes, 'hex');
  return array;
};

const uuidLength = '00000010';

/** A `text[]`. */
export const textArray = (texts: readonly string[]): Buffer => {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const array = header(
    textType,
    texts.length,
    lengths.reduce((sum, length) => sum + 4 + length, 0),
  );
  let at = headerBytes;
  texts.forEach((text, place) => {
    at = array.writeInt32BE(lengths[place] ?? 0, at);
    at += array.write(text, at);
  });
  return array;
};

/** A `bytea[]`. */
export const byteaArray = (values: readonly Buffer[]): Buffer => {
  const array = header(
    byteaType,
    values.length,
    values.reduce((sum, value) => sum + 4 + value.length, 0),
  );
  let at = headerBytes;
  for (const value of values) {
    at = array.writeInt32BE(value.length, at);
    at += value.copy(array, at);
  }
  return array;
};

const header = (elementType: number, length: number, bodyBytes: number): Buffer => {
  const array = Buffer.allocUnsafe(headerBytes + bodyBytes);
  [1, 0, elementType, length, 1].forEach((field, place) => array.writeInt32BE(field, place * 4));
  return array;
};
