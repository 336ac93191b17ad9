import type { FileKind, FileLimits } from '../../../protocol/files.ts';
import type { Attachment, RejectedFile } from '../types.ts';

/** What is taken of some files, and what is not. */
export interface Sorted {
  readonly taken: readonly Attachment[];
  readonly rejected: readonly RejectedFile[];
}

/**
 * Holds files against what the server lets one send, before anything is uploaded. `limits` are `'off'` where it takes none, and `undefined` while
 * nobody knows: then the server decides. `beside` files go with the same message already.
 */
export const sortOut = (
  files: readonly Attachment[],
  limits: FileLimits | 'off' | undefined,
  beside: number,
): Sorted => {
  const taken: Attachment[] = [];
  const rejected: RejectedFile[] = [];
  for (const file of files) {
    const reason = reasonAgainst(file, limits, beside + taken.length);
    if (reason === undefined) taken.push(file);
    else rejected.push({ name: nameOf(file), size: file.blob.size, type: typeOf(file), reason });
  }
  return { taken, rejected };
};

/** A file's media type; browsers leave it empty when they do not know it. */
export const typeOf = ({ blob }: Attachment): string =>
  /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+(?:; *[a-z0-9-]+=[a-z0-9!#$&^_.,+-]+)*/.exec(blob.type)?.[0] ??
  'application/octet-stream';

/** A file's name, without what no text on the server may have: NUL and halves of characters. */
export const nameOf = ({ name }: Attachment): string => {
  const clean = name.replace(/\0|\p{Surrogate}/gu, '').slice(-1000);
  return /[^\s./\\]/.test(clean) ? clean : 'file';
};

/** How a file is shown; a picture is one that every browser draws. */
export const kindOf = (file: Attachment): FileKind => {
  const type = typeOf(file);
  if (file.voice) return 'voice';
  if (/^image\/(?:png|jpeg|gif|webp|avif|bmp)\b/.test(type)) return 'image';
  const group = type.slice(0, type.indexOf('/'));
  return group === 'video' || group === 'audio' ? group : 'file';
};

const reasonAgainst = (
  file: Attachment,
  limits: FileLimits | 'off' | undefined,
  place: number,
): RejectedFile['reason'] | undefined => {
  if (limits === 'off') return 'off';
  if (file.blob.size === 0) return 'empty';
  if (!limits) return undefined;
  if (file.blob.size > limits.fileBytes) return 'too_large';
  if (limits.types && !limits.types.some((allowed) => covers(allowed, typeOf(file)))) return 'wrong_type';
  return place >= limits.filesPerMessage ? 'too_many' : undefined;
};

/** Whether a media type is the allowed one, or of the allowed group (`image/*`). */
const covers = (allowed: string, type: string): boolean =>
  allowed.endsWith('/*') ? type.startsWith(allowed.slice(0, -1)) : type.split(';')[0] === allowed;
