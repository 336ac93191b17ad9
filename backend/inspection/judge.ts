import { supportedMimeTypes } from 'file-type';
import type { FileKind } from '../../protocol/files.ts';
import { claimsOf, type Declared } from './claims.ts';
import { rejected } from './processes.ts';
import type { Bytes } from './sniff.js';

/** What a file is taken as. */
export interface Verdict {
  /** The media type that it is served with. */
  readonly type: string;
  readonly kind: FileKind;
}

/**
 * Holds what a sender said of a file against what its bytes say. Harmless differences are corrected: the bytes win. Throws the Problem `file_rejected`
 * where a file passes itself off as something else, is not what its purpose asks for, or is of a type that the operator does not take.
 */
export const judge = (declared: Declared, bytes: Bytes, types: readonly string[] | undefined): Verdict => {
  const verdict = byPurpose(declared, bytes);
  if (declared.purpose === 'message' && types !== undefined && !isTaken(types, declared, bytes, verdict)) {
    throw rejected('files of this type are not taken here');
  }
  return verdict;
};

const byPurpose = (declared: Declared, bytes: Bytes): Verdict => {
  const { purpose } = declared;
  if (purpose === 'avatar') {
    if (bytes.type === undefined || !pictures.has(bytes.type)) throw rejected('it is not a picture');
    return { type: bytes.type, kind: 'image' };
  }
  if (purpose === 'voice') {
    const played = playable(bytes.type, { ...declared, type: declared.type.replace(/^video\//, 'audio/') });
    if (played?.kind !== 'audio') throw rejected('it is not a recording');
    return { ...played, kind: 'voice' };
  }
  refuseMasquerade(declared, bytes);
  if (bytes.type !== undefined && pictures.has(bytes.type)) return { type: bytes.type, kind: 'image' };
  return playable(bytes.type, declared) ?? { type: harmlessType(declared, bytes), kind: 'file' };
};

// What browsers show; each is decoded here before anybody sees it.
const pictures = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif']);

/** A picture, a sound, a film or a document must be one if its name or its type says so. */
const refuseMasquerade = (declared: Declared, { type, text, markup }: Bytes): void => {
  const is = familyOf(type);
  for (const claim of claimsOf(declared)) {
    if (claim === 'document') {
      if (type !== undefined && programs.has(type)) throw rejected('it is a program and says that it is a document');
    } else if (claim !== is) {
      const really = markup ? 'markup' : text ? 'text' : (type ?? 'something else');
      throw rejected(`its name or type says ${names[claim]}, and it is ${really}`);
    }
  }
};

const names = { picture: 'picture', media: 'sound or film', pdf: 'PDF' };

type Family = keyof typeof names;

const familyOf = (type: string | undefined): Family | undefined => {
  if (type === undefined) return undefined;
  if (type === 'application/pdf') return 'pdf';
  if (type.startsWith('image/')) return 'picture';
  return /^(?:audio|video)\//.test(type) || otherMedia.has(type) ? 'media' : undefined;
};

const otherMedia = new Set([
  'application/ogg',
  'application/mxf',
  'application/vnd.ms-asf',
  'application/vnd.rn-realmedia',
]);

const programs = new Set([
  'application/x-msdownload',
  'application/x-elf',
  'application/x-mach-binary',
  'application/java-vm',
  'application/wasm',
  'application/x-deb',
  'application/x-rpm',
  'application/x-google-chrome-extension',
  'application/x-xpinstall',
  'application/x.ms.shortcut',
  'application/x.apple.alias',
  'application/x-shockwave-flash',
  'application/vnd.ms-htmlhelp',
]);

/** Formats that browsers play, by what the signature says: the container, and which half of it when the sender does not say. */
const containers: Readonly<Record<string, readonly [container: string, half: 'audio' | 'video']>> = {
  'video/mp4': ['mp4', 'video'],
  'video/x-m4v': ['mp4', 'video'],
  'audio/mp4': ['mp4', 'audio'],
  'audio/x-m4a': ['mp4', 'audio'],
  'video/webm': ['webm', 'video'],
  'audio/ogg': ['ogg', 'audio'],
  'video/ogg': ['ogg', 'video'],
  'application/ogg': ['ogg', 'audio'],
};

const played = new Map<string, FileKind>([
  ['video/quicktime', 'video'],
  ['audio/mpeg', 'audio'],
  ['audio/wav', 'audio'],
  ['audio/flac', 'audio'],
  ['audio/aac', 'audio'],
]);

/** What browsers play: type and kind. A container may hold sound or film; which of them, the signature does not say, so the sender does. */
const playable = (type: string | undefined, declared: Declared): Verdict | undefined => {
  const [real = '', ...realParameters] = type?.split(';') ?? [];
  const [said = '', ...saidParameters] = declared.type.split(';');
  const kind = played.get(real);
  if (kind !== undefined) return { type: real, kind };
  const found = containers[real];
  if (found === undefined) return undefined;
  const [container, usual] = found;
  const isSame = said === `audio/${container}` || said === `video/${container}`;
  const half =
    said.startsWith('audio/') || (usual === 'audio' && !isSame) ? 'audio' : isSame ? said.slice(0, 5) : usual;
  const codecs = (isSame ? saidParameters : realParameters).filter((text) => codecsPattern.test(text));
  return { type: [`${half}/${container}`, ...codecs].join(';'), kind: half === 'audio' ? 'audio' : 'video' };
};

// RFC 6381.
const codecsPattern = /^codecs=(?:[a-z0-9.,+_-]+|"[a-z0-9., +_-]+")$/i;

/** A type that no browser runs: what is not known to be harmless becomes plain text or plain bytes. */
const harmlessType = (declared: Declared, { type, text, markup }: Bytes): string => {
  const said = declared.type.split(';')[0] ?? '';
  if (markup) return plainBytes;
  if (type === undefined) return text ? (texts.has(said) ? said : 'text/plain') : plainBytes;
  if (programs.has(type) || type === 'application/xml') return plainBytes;
  if ((type === 'application/zip' || type === 'application/x-cfb') && office.test(said)) return said;
  return type.split(';')[0] ?? plainBytes;
};

const plainBytes = 'application/octet-stream';
const texts = new Set(['text/plain', 'text/csv', 'text/markdown', 'text/calendar', 'text/vcard', 'application/json']);
const office =
  /^application\/(?:msword|vnd\.(?:openxmlformats-officedocument|oasis\.opendocument|ms-(?:word|excel|powerpoint|outlook))[a-z0-9.-]*|epub\+zip)$/;

const isTaken = (types: readonly string[], declared: Declared, bytes: Bytes, verdict: Verdict): boolean => {
  const matches = (type: string): boolean =>
    types.some((taken) => taken === type || (taken.endsWith('/*') && type.startsWith(taken.slice(0, -1))));
  const said = declared.type.split(';')[0] ?? '';
  // What has no signature is what its sender says, unless that would have one.
  const unknown = bytes.type === undefined && !signed.has(said);
  return matches(verdict.type.split(';')[0] ?? '') || (unknown && matches(said));
};

const signed: ReadonlySet<string> = supportedMimeTypes;
