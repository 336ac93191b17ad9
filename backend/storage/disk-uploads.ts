import { AsyncLocalStorage } from 'node:async_hooks';
import { truncate } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { Server, Upload } from '@tus/server';
import type { Context } from 'koa';
import { Problem } from '../problem.ts';
import { fromDisk } from './disk-errors.ts';
import { sizeOf, uploadId, uploadPath, uploadsFolder } from './disk-places.ts';
import type { Locks } from './locks.ts';
import { goneUpload, receiveBody, tooLarge } from './receive-body.ts';

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
    let end = (): void => undefined;
    const body = new ReadableStream({
      start(controller) {
        end = () => controller.close();
      },
    });
    const request = new Request('http://localhost/uploads/upload', {
      method: ctx.method,
      headers,
      ...(ctx.method === 'PATCH' && { body, duplex: 'half' }),
    });
    // Only now, for it makes the folder by itself, and fails where nobody can catch it.
    const server = (tus ??= createServer());
    const answer = await bodies.run({ request: ctx.req, end }, () => server.handleWeb(request));
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
      if ((await receiveBody(ctx.req, { path, start: 0, limit: size, cancelled })) !== size) throw tooSmall(size);
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

/**
 * The request that is answered. The library sees to the protocol; bytes do not take the way through its chain of streams, which would take twice the time:
 * it is given a body that stays empty, and is ended when the real one is.
 */
const bodies = new AsyncLocalStorage<{ readonly request: IncomingMessage; end(): void }>();

/** tus's store of files, which finds the size of an upload in its name and takes bytes from the request itself. */
class UploadStore extends FileStore {
  constructor(directory: string) {
    super({
      directory,
      configstore: {
        get: async (id) => new Upload({ id, size: sizeIn(id), offset: 0 }),
        set: async () => undefined,
        delete: async () => undefined,
      },
    });
    // Uploads are begun by the API alone.
    this.extensions = ['termination'];
  }

  override async write(source: Readable, id: string, start: number): Promise<number> {
    const body = bodies.getStore();
    if (body === undefined) throw new Error('unable to take the bytes; there is no request');
    const cancelled = new AbortController();
    // That is how the library tells that another request waits.
    source.once('end', () => cancelled.abort()).resume();
    const path = join(this.directory, id);
    const place = { path, start, limit: sizeIn(id) - start, cancelled: cancelled.signal };
    const bytes = await receiveBody(body.request, place);
    body.end();
    return start + bytes;
  }
}

const sizeIn = (id: string): number => Number(id.slice(id.lastIndexOf('.') + 1));

const essence = (type: string): string => (type.split(';', 1)[0] ?? '').trim().toLowerCase();

const refusal = (status: number, error: unknown): unknown => {
  if (error instanceof Error && !('status_code' in error)) return fromDisk(error);
  if (status === 409) return new Problem('conflict', 'unable to go on with the upload; ask with HEAD how far it got');
  if (status === 413) return tooLarge();
  if (status === 403 || status === 404 || status === 410) return goneUpload();
  if (status < 500) return new Problem('validation_failed', 'unable to take the request; it is not one of tus 1.0');
  return error ?? new Error('unable to take the bytes; the upload failed');
};

const tooSmall = (size: number): Problem =>
  new Problem('validation_failed', `unable to take the bytes; there must be ${size}`);
const otherMethod = (): Problem => new Problem('forbidden', 'unable to take the request; the address is for an upload');
const otherType = (type: string): Problem =>
  new Problem('forbidden', `unable to take the bytes; the address is for a file of type ${type}`);
