/** A picture for tests, painted by four colours: red and green above, blue and white below. */
export async function aPicture(width = 400, height = 300, type = 'image/png'): Promise<File> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d')!;
  for (const [index, color] of ['#f00', '#0f0', '#00f', '#fff'].entries()) {
    context.fillStyle = color;
    context.fillRect(((index % 2) * width) / 2, (Math.floor(index / 2) * height) / 2, width / 2, height / 2);
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.95));
  if (!blob) throw new Error('unable to make a picture; the browser refused');
  return new File([blob], 'picture', { type });
}

/** The same picture as a JPEG of a camera that was turned: stored lying, with the EXIF orientation 6 (turn right by a quarter to show). */
export async function aTurnedPicture(width: number, height: number): Promise<File> {
  const jpeg = new Uint8Array(await (await aPicture(width, height, 'image/jpeg')).arrayBuffer());
  // An APP1 segment right after the start of the image: TIFF, big endian, one entry, 0x0112 (EXIF 2.32, 4.6.4).
  const exif = [
    [0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0],
    [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
    [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0],
  ].flat();
  return new File([jpeg.slice(0, 2), new Uint8Array(exif), jpeg.slice(2)], 'turned.jpg', { type: 'image/jpeg' });
}

/** A PNG of one colour and of any size: 144 million black pixels weigh 18 kB. */
export async function aBlankPicture(width: number, height: number): Promise<File> {
  const row = new Uint8Array(1 + Math.ceil(width / 8));
  const zlib = new CompressionStream('deflate');
  const packed = new Response(zlib.readable).arrayBuffer();
  const writer = zlib.writable.getWriter();
  for (let y = 0; y < height; y++) await writer.write(row);
  await writer.close();
  const head = new DataView(new ArrayBuffer(13));
  head.setUint32(0, width);
  head.setUint32(4, height);
  // One bit a pixel, grey.
  head.setUint8(8, 1);
  return new File(
    [
      new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', new Uint8Array(head.buffer)),
      chunk('IDAT', new Uint8Array(await packed)),
      chunk('IEND', new Uint8Array()),
    ],
    'blank.png',
    { type: 'image/png' },
  );
}

/** A chunk of a PNG: length, name, data, CRC-32 of name and data. */
function chunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(data, 8);
  let crc = 0xffff_ffff;
  for (const byte of bytes.subarray(4, 8 + data.length)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  view.setUint32(8 + data.length, ~crc >>> 0);
  return bytes;
}
