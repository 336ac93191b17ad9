import { wholeCrop, type Crop } from './crop.ts';

/** A picture to cut from: upright, and small enough to be drawn in every frame. */
export type Picture = HTMLCanvasElement;

/** Width and height of what is uploaded, in pixels: twice what the server keeps. */
export const avatarPixels = 512;

/** Beyond this, opening a picture could take the memory of a whole phone. */
const mostPixels = 120_000_000;
/** At least a quarter of it is left after halving: at the highest zoom about what the server keeps, 256 pixels a side. */
const workingPixels = 4_000_000;
/** How much is scaled down in one go: some ten milliseconds of an old phone. */
const bandPixels = 2_000_000;

/** A picture cannot be used: it is none that this browser can open, or it has too many pixels. */
export class PictureError extends Error {
  readonly reason: 'unreadable' | 'too_large';

  constructor(reason: 'unreadable' | 'too_large', cause?: unknown) {
    super(`unable to open the picture; ${reason === 'too_large' ? 'it has too many pixels' : 'it is none'}`, { cause });
    this.reason = reason;
  }
}

/** Opens a picture, turned as its camera was held, and scaled down when it is huge. Throws `PictureError`. */
export async function openPicture(blob: Blob): Promise<Picture> {
  if ((await pixelsOf(blob)) > mostPixels) throw new PictureError('too_large');
  let bitmap: ImageBitmap;
  try {
    // Unpacked away from the page's own thread.
    bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' });
  } catch (error) {
    throw new PictureError('unreadable', error);
  }
  try {
    let halvings = 0;
    while ((bitmap.width * bitmap.height) / 4 ** halvings > workingPixels) halvings += 1;
    return await scaledDown(bitmap, halvings);
  } finally {
    bitmap.close();
  }
}

/** Draws what the crop keeps of a picture over the whole of a canvas. */
export function drawCrop(canvas: HTMLCanvasElement, picture: Picture, { x, y, side }: Crop): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, x, y, side, side, 0, 0, canvas.width, canvas.height);
}

/** The crop as it is uploaded: WebP, or JPEG from browsers that cannot write WebP. `undefined` when the browser refuses. */
export async function cutPicture(picture: Picture, crop: Crop = wholeCrop(picture)): Promise<Blob | undefined> {
  const { canvas } = whiteCanvas(avatarPixels, avatarPixels);
  drawCrop(canvas, picture, crop);
  const webp = await encoded(canvas, 'image/webp');
  // A browser that does not know the type gives PNG instead.
  return webp?.type === 'image/webp' ? webp : await encoded(canvas, 'image/jpeg');
}

/** Counted from the head of the file, before anything is unpacked; 0 where the page's policy does not let us look, or there is no picture. */
async function pixelsOf(blob: Blob): Promise<number> {
  const image = new Image();
  const url = URL.createObjectURL(blob);
  await new Promise((resolve) => {
    image.onload = image.onerror = resolve;
    image.src = url;
  });
  URL.revokeObjectURL(url);
  return image.naturalWidth * image.naturalHeight;
}

/**
 * Halved so many times. Exactly halved, so that the quickest way of drawing averages each four pixels, and in bands, so that the page
 * stays alive meanwhile.
 */
async function scaledDown(source: ImageBitmap, halvings: number): Promise<Picture> {
  const width = Math.max(1, source.width >> halvings);
  const height = Math.max(1, source.height >> halvings);
  const { canvas, context } = whiteCanvas(width, height);
  const rows = Math.max(1, Math.floor(bandPixels / source.width) >> halvings);
  for (let y = 0; y < height; y += rows) {
    let band: ImageBitmap | HTMLCanvasElement = source;
    const bandRows = Math.min(rows, height - y);
    for (let left = halvings - 1; left >= 0; left--) {
      const half = whiteCanvas(width << left, bandRows << left, { willReadFrequently: true });
      half.context.imageSmoothingQuality = 'low';
      const [w, h] = [half.canvas.width, half.canvas.height];
      half.context.drawImage(band, 0, band === source ? y << halvings : 0, 2 * w, 2 * h, 0, 0, w, h);
      // Canvases put their work off; looking at a pixel has it done now, band by band.
      half.context.getImageData(0, 0, 1, 1);
      band = half.canvas;
    }
    context.drawImage(band, 0, band === source ? y : 0, width, bandRows, 0, y, width, bandRows);
    if (y + rows < height) await new Promise((resolve) => setTimeout(resolve));
  }
  return canvas;
}

function whiteCanvas(
  width: number,
  height: number,
  settings?: CanvasRenderingContext2DSettings,
): { canvas: Picture; context: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', settings);
  if (!context) throw new PictureError('unreadable');
  // See-through parts would be black in a JPEG.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  return { canvas, context };
}

function encoded(canvas: HTMLCanvasElement, type: string): Promise<Blob | undefined> {
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), type, 0.9));
}
