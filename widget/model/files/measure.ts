import type { FileKind } from '../../../protocol/files.ts';

/** What can be seen of a file before it is sent. */
export interface Measures {
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
}

const patienceMs = 5000;

/** Size and length of a picture, video or sound at a `blob:` URL, as far as this browser can read it; nothing where there is no browser. */
export const measure = async (kind: FileKind, url: string | undefined): Promise<Measures> => {
  if (url === undefined || typeof document === 'undefined') return {};
  if (kind === 'image') {
    const image = new Image();
    image.src = url;
    await settled(image, 'load');
    return sides(image.naturalWidth, image.naturalHeight);
  }
  if (kind !== 'video' && kind !== 'audio') return {};
  const media = document.createElement(kind);
  media.preload = 'metadata';
  media.muted = true;
  media.src = url;
  await settled(media, 'loadedmetadata');
  const durationMs = Math.round(media.duration * 1000);
  const seen = {
    ...(media instanceof HTMLVideoElement && sides(media.videoWidth, media.videoHeight)),
    // What was recorded as it came has no length.
    ...(Number.isFinite(durationMs) && { durationMs }),
  };
  media.removeAttribute('src');
  media.load();
  return seen;
};

const sides = (width: number, height: number): Measures =>
  width > 0 && height > 0 && Math.max(width, height) <= 65_535 ? { width, height } : {};

const settled = (element: HTMLElement, loaded: string): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, patienceMs);
    element.addEventListener(loaded, end, { once: true });
    element.addEventListener('error', end, { once: true });
  });
