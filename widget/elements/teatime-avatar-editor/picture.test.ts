import { expect } from 'chai';
import { aBlankPicture, aPicture, aTurnedPicture } from '../../testing/pictures.ts';
import { wholeCrop, zoomed } from './crop.ts';
import { avatarPixels, cutPicture, openPicture, PictureError } from './picture.ts';

describe('picture', () => {
  it('is cut to a square WebP of 512 pixels', async () => {
    const picture = await openPicture(await aPicture(1000, 600));
    const cut = (await cutPicture(picture, wholeCrop(picture)))!;
    expect(cut.type).to.equal('image/webp');
    const bitmap = await createImageBitmap(cut);
    expect([bitmap.width, bitmap.height]).to.deep.equal([avatarPixels, avatarPixels]);
    expect(corners(bitmap)).to.deep.equal(['red', 'green', 'blue', 'white']);
  });

  it('shows only what the crop keeps', async () => {
    const picture = await openPicture(await aPicture(800, 800));
    const crop = zoomed(wholeCrop(picture), picture, 2, { x: 1, y: 0 });
    const bitmap = await createImageBitmap((await cutPicture(picture, crop))!);
    expect(corners(bitmap)).to.deep.equal(['green', 'green', 'green', 'green']);
  });

  it('stands upright when the camera was turned', async () => {
    const picture = await openPicture(await aTurnedPicture(400, 200));
    expect([picture.width, picture.height]).to.deep.equal([200, 400]);
    expect(corners(picture)).to.deep.equal(['blue', 'red', 'white', 'green']);
  });

  it('is white where it is see-through', async () => {
    const canvas = new OffscreenCanvas(20, 20);
    canvas.getContext('2d');
    const picture = await openPicture(await canvas.convertToBlob());
    expect(corners(picture)).to.deep.equal(['white', 'white', 'white', 'white']);
  });

  it('is scaled down when it is huge, and keeps its shape and its colours', async () => {
    const picture = await openPicture(await aPicture(8000, 5000, 'image/jpeg'));
    expect(picture.width * picture.height).to.be.within(1_000_000, 4_000_000);
    expect(picture.width / picture.height).to.be.closeTo(1.6, 0.001);
    expect(corners(picture)).to.deep.equal(['red', 'green', 'blue', 'white']);
  });

  it('is scaled down by averaging: a fine pattern turns grey, without seams', async () => {
    const canvas = new OffscreenCanvas(3000, 3001);
    const context = canvas.getContext('2d')!;
    for (let x = 0; x < canvas.width; x += 2) context.fillRect(x, 0, 1, canvas.height);
    const picture = await openPicture(await canvas.convertToBlob());
    expect([picture.width, picture.height]).to.deep.equal([1500, 1500]);
    const { data } = picture.getContext('2d')!.getImageData(0, 0, 1500, 1500);
    const off = data.findIndex((value, index) => index % 4 < 3 && Math.abs(value - 127.5) > 2);
    expect(off).to.equal(-1);
  });

  it('is refused before it is unpacked when it has too many pixels', async () => {
    expect(await reasonFor(await aBlankPicture(12_000, 12_000))).to.equal('too_large');
  });

  it('is refused when it is none, whatever it calls itself', async () => {
    const fakes: [content: BlobPart, type: string][] = [
      ['Dear diary', 'image/png'],
      ['', 'image/png'],
      ['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>', 'image/svg+xml'],
      [(await aPicture()).slice(0, 20), 'image/png'],
    ];
    for (const [content, type] of fakes)
      expect(await reasonFor(new Blob([content], { type })), type).to.equal('unreadable');
  });
});

async function reasonFor(blob: Blob): Promise<unknown> {
  return openPicture(blob).then(
    () => 'opened',
    (error: unknown) => (error instanceof PictureError ? error.reason : error),
  );
}

/** The colours near the four corners, row by row. */
function corners(source: ImageBitmap | HTMLCanvasElement): string[] {
  const canvas = new OffscreenCanvas(source.width, source.height);
  const context = canvas.getContext('2d')!;
  context.drawImage(source, 0, 0);
  const names: Record<string, string> = { '100': 'red', '010': 'green', '001': 'blue', '111': 'white' };
  const near = (part: number, whole: number) => Math.floor(part * (whole - 1));
  return [0.1, 0.9].flatMap((y) =>
    [0.1, 0.9].map((x) => {
      const { data } = context.getImageData(near(x, source.width), near(y, source.height), 1, 1);
      const key = [...data.subarray(0, 3)].map((value) => (value > 127 ? 1 : 0)).join('');
      return names[key] ?? key;
    }),
  );
}
