import { createWriteStream } from 'node:fs';
import { truncate } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileStore } from '@tus/file-store';
import { Server, Upload } from '@tus/server';
import type { Context } from 'koa';
import { join } from 'node:path';
import { Problem } from '../problem.ts';
import { codeOf, fromDisk } from './disk-errors.ts';
import { sizeOf, uploadId, uploadPath, uploadsFolder } from './disk-places.ts';
import type { Locks } from './locks.ts';

/** What the address of an upload allows. */
export interface UploadGrant {
  readonly key: string;
  readonly size: number;
  readonly type: string;
}

/** Takes the bytes of an upload: `HEAD`, `PATCH` and `DELETE` of tus 1.0, or a plain `PUT` of the whole file. */
export type ReceiveUpload = (ctx: Context, grant: UploadGrant) => Promise<void>;

/** How long a request that was cut off without notice may keep others from going on with its upload. */
const drainMs = 500;
// Bigger than what sockets deliver, so that the disk is given several pieces at once.
const bufferBytes = 1024 * 1024;

/** Puts the bytes of uploads into files below a folder. */
export const createUploads = (dir: string, locks: Locks): ReceiveUpload => {
  const failures = new WeakMap<object, unknown>();
  let tus: Server | undefined;
  const createServer = (): Server =>
    new Server({
      path: '/uploads',
      datastore: new UploadStore(join(dir, uploadsFolder)),
      locker: locks,
      lockDrainTimeout: drainMs,
      getFileIdFromRequest: (request) => request.headers.get(idHeader) ?? undefined,
      onResponseError: (request, error) => {
        failures.set(request, error);
        return undefined;
      },
    });

  const resume = async (ctx: Context, { key, size }: UploadGrant): Promise<void> => {
    const headers = new Headers({ [idHeader]: uploadId(key, size) });
    for (const name of passedOn) if (ctx.get(name) !== '') headers.set(name, ctx.get(name));
    const body = ctx.method === 'PATCH' ? bodyOf(ctx.req) : undefined;
    // The library reads the method, the headers and the body only.
    const request = new Request('http://localhost/uploads/upload', {
      method: ctx.method,
      headers,
      ...(body && { body: Readable.toWeb(body) as ReadableStream, duplex: 'half' }),
    });
    // Only now, for it makes the folder by itself, and fails where nobody can catch it.
    tus ??= createServer();
    const answer = await tus.handleWeb(request);
    body?.destroy();
    if (answer.status >= 400) throw refusal(answer.status, failures.get(request));
    ctx.status = answer.status;
    for (const name of answered) ctx.set(name, answer.headers.get(name) ?? []);
    ctx.set('Cache-Control', 'no-store');
  };

  const receiveWhole = async (ctx: Context, { key, size, type }: UploadGrant): Promise<void> => {
    const given = ctx.get('Content-Type');
    if (given !== '' && essence(given) !== essence(type)) throw otherType(type);
    const announced = ctx.get('Content-Length');
    if (announced !== '' && Number(announced) > size) throw tooLarge();
    await locks.hold(uploadId(key, size), async (cancelled) => {
      const path = uploadPath(dir, key, size);
      if ((await sizeOf(path)) === undefined) throw goneUpload();
      await truncate(path);
      await write(bodyOf(ctx.req), path, 0, { limit: size, cancelled });
      if ((await sizeOf(path)) !== size) throw tooSmall(size);
    });
    ctx.status = 204;
  };

  return async (ctx, grant) => {
    const { key, size } = grant;
    if (!methods.has(ctx.method)) throw otherMethod();
    if ((await sizeOf(uploadPath(dir, key, size))) === undefined) throw goneUpload();
    await (ctx.method === 'PUT' ? receiveWhole(ctx, grant) : resume(ctx, grant));
  };
};

const methods = new Set(['HEAD', 'PATCH', 'DELETE', 'PUT']);
const idHeader = 'teatime-upload';
const passedOn = ['Tus-Resumable', 'Upload-Offset', 'Content-Type', 'Content-Length'];
const answered = ['Tus-Resumable', 'Upload-Offset', 'Upload-Length'];

/** tus's store of files, which finds the size of an upload in its name and tells a full disk from a broken one. */
class UploadStore extends FileStore {
  constructor(directory: string) {
    super({
      directory,
      configstore: {
        get: async (id) => new Upload({ id, size: Number(id.slice(id.lastIndexOf('.') + 1)), offset: 0 }),
        set: async () => undefined,
        delete: async () => undefined,
      },
    });
    // Uploads are begun by the API alone.
    this.extensions = ['termination'];
  }

  override async write(source: Readable, id: string, offset: number): Promise<number> {
    return offset + (await write(source, join(this.directory, id), offset));
  }
}

/** A body as a stream of its own: when writing fails, the request must live on, or the client would not get to read why. */
const bodyOf = (request: IncomingMessage): Readable => {
  const body = new PassThrough();
  request.once('error', (error) => body.destroy(error));
  request.once('close', () => !request.complete && body.destroy(cut()));
  // The rest is dropped: see http/open-paths.ts for how long.
  body.once('close', () => request.unpipe(body).resume());
  return request.pipe(body);
};

interface WriteOptions {
  /** Bytes that may come at most; more are refused, and not written. */
  readonly limit?: number;
  readonly cancelled?: AbortSignal;
}

/** Writes what comes into a file that exists, from an offset on. Resolves with the number of bytes. */
const write = async (
  source: Readable,
  path: string,
  start: number,
  { limit = Infinity, cancelled }: WriteOptions = {},
): Promise<number> => {
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > limit) done(tooLarge());
      else done(null, chunk);
    },
  });
  const file = createWriteStream(path, { flags: 'r+', start, highWaterMark: bufferBytes });
  try {
    await pipeline(source, count, file, cancelled ? { signal: cancelled } : {});
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') throw goneUpload();
    if (code === 'ABORT_ERR' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET') throw cut();
    throw fromDisk(error);
  }
  return bytes;
};

const essence = (type: string): string => (type.split(';', 1)[0] ?? '').trim().toLowerCase();

const refusal = (status: number, error: unknown): unknown => {
  if (error instanceof Error && !('status_code' in error)) return fromDisk(error);
  if (status === 409) return new Problem('conflict', 'unable to go on with the upload; ask with HEAD how far it got');
  if (status === 413) return tooLarge();
  if (status === 403 || status === 404 || status === 410) return goneUpload();
  if (status < 500) return new Problem('validation_failed', 'unable to take the request; it is not one of tus 1.0');
  return error ?? new Error('unable to take the bytes; the upload failed');
};

const tooLarge = (): Problem =>
  new Problem('payload_too_large', 'unable to take the bytes; there are more than were announced');
const tooSmall = (size: number): Problem =>
  new Problem('validation_failed', `unable to take the bytes; there must be ${size}`);
const cut = (): Problem => new Problem('conflict', 'unable to take the bytes; the request was cut off');
const goneUpload = (): Problem =>
  new Problem('forbidden', 'unable to take the bytes; the upload was completed or given up');
const otherMethod = (): Problem => new Problem('forbidden', 'unable to take the request; the address is for an upload');
const otherType = (type: string): Problem =>
  new Problem('forbidden', `unable to take the bytes; the address is for a file of type ${type}`);
