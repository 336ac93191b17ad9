import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { conversationParams, fields, id, queryNumber, seq, storableText, time } from './primitives.ts';

/** How a file is shown: `voice` is audio that was recorded in the composer, `file` whatever has no player of its own. */
export const fileKind = z.enum(['image', 'video', 'audio', 'voice', 'file']);
/** How a file is shown. */
export type FileKind = z.infer<typeof fileKind>;

/** Pixels of one side of a picture or a video. */
const pixels = z.int().min(1).max(65_535);
/** A day of sound or pictures. */
const milliseconds = z
  .int()
  .min(0)
  .max(24 * 60 * 60 * 1000);
/** Loudness over time, from 0 (silent) to 100, in equal steps. */
const waveform = z.array(z.int().min(0).max(100)).min(1).max(128);

/**
 * A file of a message. `type` is the media type that its bytes have (with codecs where the sender named them), so that a client can tell whether it can
 * play it; `size` is in bytes. What the bytes say comes from the server; length, dimensions and waveform of sound and video come from the sender.
 * Addresses to load it from are minted one by one: see `POST /files/links`.
 */
export const file = z.object({
  id,
  name: z.string(),
  size: z.int().min(0),
  type: z.string(),
  kind: fileKind,
  width: pixels.optional(),
  height: pixels.optional(),
  durationMs: milliseconds.optional(),
  waveform: waveform.optional(),
  /** A blurred picture of some 25 bytes in base64 (ThumbHash), to show while the real one loads. */
  placeholder: z.string().optional(),
  /** There is a small picture of it (WebP). */
  thumbnail: z.literal(true).optional(),
  /** The virus scanner could not be asked, and the server is set to go on without. */
  unscanned: z.literal(true).optional(),
});
/** A file of a message. */
export type File = z.infer<typeof file>;

/**
 * Where the bytes go; good for 10 minutes, for this file alone, and dead once the upload is complete.
 * `tus`: a resumable upload (tus 1.0: `HEAD` tells the offset, `PATCH` continues from it) that also takes the whole file in one `PUT`.
 * `parts`: each part, `partSize` bytes but for the last, goes by `PUT` to its own address; the list names those that are still missing.
 */
export const uploadTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tus'), url: z.string(), expiresAt: time }),
  z.object({
    kind: z.literal('parts'),
    partSize: z.int().min(1),
    parts: z.array(z.object({ number: z.int().min(1), url: z.string() })),
    expiresAt: time,
  }),
]);
/** Where the bytes go. */
export type UploadTarget = z.infer<typeof uploadTarget>;

/** Addresses to load a file from; good until `expiresAt`, for at most 5 minutes. */
export const fileLink = z.object({
  fileId: id,
  url: z.string(),
  thumbnailUrl: z.string().optional(),
  expiresAt: time,
});
/** Addresses to load a file from. */
export type FileLink = z.infer<typeof fileLink>;

/** What the server lets people send. Sizes are in bytes. */
export const fileLimits = z.object({
  fileBytes: z.int(),
  filesPerMessage: z.int(),
  avatarBytes: z.int(),
  /** Largest picture, width times height. */
  imagePixels: z.int(),
  voiceSeconds: z.int(),
  /** Media types and groups of them (`image/*`) that are taken; left out when all are. */
  types: z.array(z.string()).optional(),
});
/** What the server lets people send. */
export type FileLimits = z.infer<typeof fileLimits>;

/** A file's name as its sender gave it: the last part of a path, without control and bidirectional characters, at most 255 characters. */
export const fileName = storableText
  .max(4096)
  .overwrite((text) =>
    [
      ...text
        .normalize('NFC')
        .replace(/^.*[/\\]/su, '')
        .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, '')
        .trim(),
    ]
      .slice(-255)
      .join(''),
  )
  .refine((text) => text.length > 0 && text !== '.' && text !== '..', 'must be the name of a file');

/** A media type (RFC 9110 §8.3.1) with parameters, in lower case, such as `audio/webm;codecs=opus`. */
const mediaType = z
  .string()
  .max(200)
  .toLowerCase()
  .overwrite((text) => text.replace(/\s+/g, ''))
  .regex(
    /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+(?:;[a-z0-9-]+=(?:[a-z0-9!#$&^_.,+-]+|"[a-z0-9!#$&^_.,+ -]*"))*$/,
    'must be a media type such as image/png',
  );

const fileParams = fields({ fileId: id });
const upload = z.object({ fileId: id, upload: uploadTarget });

/** A file of a conversation, with the message that it came with. */
export const sharedFile = z.object({ file, messageId: id, senderId: id, seq, createdAt: time });
/** A file of a conversation, with the message that it came with. */
export type SharedFile = z.infer<typeof sharedFile>;

export const fileEndpoints = defineEndpoints({
  'POST /files': {
    summary:
      'Announce a file and get the place for its bytes. `size` must be exact. A repeated `clientId` gives the same file with a new target (200); with another body 422 `idempotency_key_reused`.',
    auth: 'session',
    bots: ['messages:write'],
    body: fields({
      clientId: id,
      name: fileName,
      size: z.int().min(1),
      type: mediaType,
      /** `voice` for a recording; `avatar` for a picture of a person or a group. */
      purpose: z.enum(['message', 'voice', 'avatar']).optional(),
    }),
    replies: { 201: upload, 200: upload },
  },
  'POST /files/:fileId/upload': {
    summary: 'A new target for an upload that was begun: after ten minutes, or after a cut.',
    auth: 'session',
    bots: ['messages:write'],
    params: fileParams,
    replies: { 200: upload },
  },
  'POST /files/:fileId/complete': {
    summary:
      'All bytes are there: the server looks at them, and the file can be sent. 409 while bytes are missing; 422 `file_rejected` when they are not what they should be. Again is harmless.',
    auth: 'session',
    bots: ['messages:write'],
    params: fileParams,
    body: fields({
      width: pixels.optional(),
      height: pixels.optional(),
      durationMs: milliseconds.optional(),
      waveform: waveform.optional(),
    }),
    replies: { 200: z.object({ file }) },
  },
  'GET /files/:fileId': {
    summary: 'A file with addresses to load it from: your own, or of a message that you may read.',
    auth: 'session',
    bots: ['messages:read'],
    params: fileParams,
    replies: { 200: z.object({ file, link: fileLink }) },
  },
  'POST /files/links': {
    summary: 'Addresses of up to 100 files at once. Those that you may not read are left out.',
    auth: 'session',
    bots: ['messages:read'],
    body: fields({ fileIds: z.array(id).min(1).max(100) }),
    replies: { 200: z.object({ links: z.array(fileLink) }) },
  },
  'DELETE /files/:fileId': {
    summary: 'Drop a file of your own that was not sent; one that was goes with its message (409).',
    auth: 'session',
    bots: ['messages:write'],
    params: fileParams,
    replies: { 204: null },
  },
  'GET /conversations/:conversationId/files': {
    summary:
      'What was shared in a conversation, newest first: `media` (pictures and video), `audio` (sound and voice) or `file`. `before` is an exclusive `seq` bound; a page never splits a message.',
    auth: 'session',
    bots: ['messages:read'],
    params: conversationParams,
    query: fields({
      kind: z.enum(['media', 'audio', 'file']).optional(),
      before: queryNumber.optional(),
      limit: queryNumber.pipe(z.int().min(1).max(100)).optional(),
    }),
    replies: { 200: z.object({ files: z.array(sharedFile), hasMore: z.boolean() }) },
  },
});
