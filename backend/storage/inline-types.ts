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
