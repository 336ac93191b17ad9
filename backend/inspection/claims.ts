/** What a sender says of a file: its name, its media type, and what it is for. */
export interface Declared {
  readonly name: string;
  /** In lower case, with parameters such as `codecs`. */
  readonly type: string;
  readonly size: number;
  readonly purpose: 'message' | 'voice' | 'avatar';
}

/** What a file can claim to be. */
export type Claim = 'picture' | 'media' | 'pdf' | 'document';

/** What a file claims to be by its type and by its name; nothing, as far as nobody would be misled. */
export const claimsOf = ({ name, type }: Pick<Declared, 'name' | 'type'>): ReadonlySet<Claim> => {
  const said = type.split(';')[0] ?? '';
  const claims = [byType(said), endings.get(/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '')];
  return new Set(claims.filter((claim) => claim !== undefined));
};

const byType = (type: string): Claim | undefined => {
  if (vague.has(type)) return undefined;
  if (type.startsWith('image/')) return 'picture';
  if (/^(?:audio|video)\//.test(type)) return 'media';
  if (type === 'application/pdf') return 'pdf';
  return documents.test(type) ? 'document' : undefined;
};

const documents =
  /^(?:text\/|application\/(?:msword|rtf|json|epub\+zip|vnd\.(?:openxmlformats-officedocument|oasis\.opendocument|ms-(?:word|excel|powerpoint))))/;

// Types whose bytes nobody can tell, that are texts, or that browsers derive from an ending with another meaning as well (.ts is TypeScript).
const vague = new Set([
  'image/svg+xml',
  'image/x-eps',
  'image/vnd.dxf',
  'image/x-tga',
  'image/x-portable-pixmap',
  'image/x-xpixmap',
  'image/x-xbitmap',
  'image/vnd.djvu',
  'audio/mpegurl',
  'audio/x-mpegurl',
  'audio/x-scpls',
  'video/mp2t',
  'video/vnd.dlna.mpeg-tts',
]);

const endings: ReadonlyMap<string, Claim> = new Map(
  Object.entries({
    picture: 'png apng jpg jpeg jpe jfif gif webp avif heic heif bmp tif tiff',
    media: 'mp4 m4v mov webm mkv avi mpg mpeg 3gp ogv wmv flv mp3 m4a aac wav ogg oga opus flac wma aif aiff weba',
    pdf: 'pdf',
    document: 'doc docx xls xlsx ppt pptx odt ods odp rtf txt csv md epub',
  } satisfies Record<Claim, string>).flatMap(([claim, list]) =>
    list.split(' ').map((ending) => [ending, claim as Claim] as const),
  ),
);
