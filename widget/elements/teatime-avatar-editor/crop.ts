/** Width and height of a picture in its own pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The square of a picture that is kept: its top left corner and its side, in pixels of the picture. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** A place in the view of the crop; 0 and 1 are its edges, from left to right and from top to bottom. */
export interface ViewPoint {
  readonly x: number;
  readonly y: number;
}

/** How much further one can go in than the largest square. */
export const maxZoom = 4;

const middle: ViewPoint = { x: 0.5, y: 0.5 };

/** The largest square, in the middle of the picture. */
export function wholeCrop({ width, height }: PictureSize): Crop {
  const side = Math.min(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

/** How far a crop has gone into the picture, from 1 to `maxZoom`. */
export function zoomOf(crop: Crop, { width, height }: PictureSize): number {
  return Math.min(width, height) / crop.side;
}

/** The crop at another zoom; what is seen at `at` stays there, as far as the picture reaches. */
export function zoomed(crop: Crop, picture: PictureSize, zoom: number, at: ViewPoint = middle): Crop {
  const side = Math.min(picture.width, picture.height) / clamp(zoom, 1, maxZoom);
  const x = crop.x + at.x * (crop.side - side);
  const y = crop.y + at.y * (crop.side - side);
  return inside({ x, y, side }, picture);
}

/** The crop after the picture was pushed by parts of the view: to the right and down when they are positive. */
export function pushed(crop: Crop, picture: PictureSize, by: ViewPoint): Crop {
  return inside({ x: crop.x - by.x * crop.side, y: crop.y - by.y * crop.side, side: crop.side }, picture);
}

/** Where the middle of the crop is in the picture: 0 and 1 are the picture's edges, from left to right and from top to bottom. */
export function centreOf({ x, y, side }: Crop, { width, height }: PictureSize): { left: number; top: number } {
  return { left: (x + side / 2) / width, top: (y + side / 2) / height };
}

function inside({ x, y, side }: Crop, { width, height }: PictureSize): Crop {
  return { x: clamp(x, 0, width - side), y: clamp(y, 0, height - side), side };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
