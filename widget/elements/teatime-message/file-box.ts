import type { FileKind } from '../../../protocol/files.ts';

/** What is known of a file before it is loaded. */
interface Shape {
  readonly kind: FileKind;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Shown as a picture, in the grid; the others are lines below it. */
export const isMedia = ({ kind }: Shape): boolean => kind === 'image' || kind === 'video';

/**
 * The room that the files of a message take, as style: so wide, pictures in a grid of that `--ratio`, and `--rest` for lines of 56 px with a gap of 4.
 * It is known before anything is loaded, even the element that draws them, so that nothing moves when it is. A single picture that has nothing else
 * with it (`alone`) keeps its shape within 300 × 340 px.
 */
export function fileBox(files: readonly Shape[], alone: boolean): string {
  const media = files.filter(isMedia);
  const count = media.length;
  const { width = 400, height = 300 } = media[0] ?? {};
  const fixed = [2, 1.5, 1][count - 2] ?? 3 / Math.ceil(Math.min(count, 12) / 3);
  const ratio = count === 1 ? Math.min(2.4, Math.max(width / height, alone ? 0.5 : 0.8)) : fixed;
  const inline = count === 1 && alone ? Math.min(300, 340 * ratio, Math.max(140, width)) : 300;
  return `--ratio:${count ? ratio : 'auto'};--rest:${(files.length - count) * 60}px;inline-size:${inline}px`;
}
