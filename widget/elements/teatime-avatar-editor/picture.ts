import { wholeCrop, type Crop, type PictureSize } from './crop.ts';

/** A picture to cut from: upright, and small enough to be drawn in every frame. */
export type Picture = HTMLCanvasElement;

/** Width and height of what is uploaded, in pixels: twice what the server keeps. */
export const avatarPixels = 512;

/** Beyond this, opening a picture could take the memory of a whole phone. */
const mostPixels = 120_000_000;
/** Enough for `avatarPixels` at the highest zoom into pictures of the usual shapes. */
const workingPixels = 6_000_000;

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
    const scale = Math.min(1, Math.sqrt(workingPixels / (bitmap.width * bitmap.height)));
    const part = { x: 0, y: 0, width: bitmap.width, height: bitmap.height };
    return drawn(
      bitmap,
      part,
      Math.max(1, Math.round(part.width * scale)),
      Math.max(1, Math.round(part.height * scale)),
    );
  } finally {
    bitmap.close();
  }
}

/** Draws what the crop keeps of a picture over the whole of a canvas. */
export function drawCrop(canvas: HTMLCanvasElement, picture: Picture, { x, y, side }: Crop): void {
  paint(canvas, picture, { x, y, width: side, height: side });
}

/** The crop as it is uploaded: WebP, or JPEG from browsers that cannot write WebP. `undefined` when the browser refuses. */
export async function cutPicture(picture: Picture, crop: Crop = wholeCrop(picture)): Promise<Blob | undefined> {
  const { x, y, side } = crop;
  const canvas = drawn(picture, { x, y, width: side, height: side }, avatarPixels, avatarPixels);
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

interface Part extends PictureSize {
  readonly x: number;
  readonly y: number;
}

function drawn(source: ImageBitmap | Picture, part: Part, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  paint(canvas, source, part);
  return canvas;
}

function paint(canvas: HTMLCanvasElement, source: ImageBitmap | Picture, part: Part): void {
  const context = canvas.getContext('2d');
  if (!context) throw new PictureError('unreadable');
  // See-through parts would be black in a JPEG.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, part.x, part.y, part.width, part.height, 0, 0, canvas.width, canvas.height);
}

function encoded(canvas: HTMLCanvasElement, type: string): Promise<Blob | undefined> {
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), type, 0.9));
}
