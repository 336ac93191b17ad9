import contentDisposition from 'content-disposition';

// Browsers show these without running anything that is in them. SVG, HTML and XML can carry scripts; PDF viewers are programs of their own.
const types = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'video/mp4',
  'video/webm',
  'video/ogg',
  'video/quicktime',
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/ogg',
  'audio/webm',
  'audio/wav',
  'audio/x-wav',
  'audio/flac',
]);

/** True for media types that may be shown in a page, whatever their parameters: pictures, video and sound that cannot carry scripts. */
export const mayBeInline = (type: string): boolean => types.has((type.split(';', 1)[0] ?? '').trim().toLowerCase());

/** The header (RFC 6266) that says under which name a file is saved, and whether it is shown first. */
export const contentDispositionOf = (name: string, shown: boolean): string =>
  contentDisposition(name, {
    type: shown ? 'inline' : 'attachment',
    // What is not ASCII goes into `filename*` alone (RFC 6266 appendix D): the charset of `filename` is anybody's guess.
    fallback: name.replace(/[^\x20-\x7e]/g, '_'),
  });
