import type { Context } from 'koa';
import send from 'send';
import { notFound, Problem } from '../problem.ts';
import { fromDisk } from './disk-errors.ts';
import { entityTag } from './disk-places.ts';
import { contentDispositionOf, mayBeInline } from './inline-types.ts';
import { checkKey } from './keys.ts';

/** What the address of a file allows. */
export interface LinkGrant {
  readonly key: string;
  readonly type: string;
  readonly inline: boolean;
  readonly expiresAt: Date;
}

/** Answers `GET` and `HEAD` with a file of a folder: whole, or one range of it. */
export const sendObject = async (ctx: Context, dir: string, name: string, grant: LinkGrant): Promise<void> => {
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
    throw new Problem('forbidden', 'unable to take the request; the address is for loading a file');
  }
  const { key, type, inline, expiresAt } = grant;
  ctx.set({
    'Content-Type': type,
    'Content-Disposition': contentDispositionOf(name, inline && mayBeInline(type)),
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': `private, max-age=${Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000))}`,
    ETag: entityTag(key),
  });
  // One range is what players ask for. Many would cost more than the file.
  if (ctx.get('Range').includes(',')) delete ctx.req.headers.range;
  await stream(ctx, dir, checkKey(key));
};

const stream = (ctx: Context, dir: string, key: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const refuse = (error: unknown): void => {
      ctx.respond = true;
      for (const name of ofTheFile) ctx.remove(name);
      reject(error);
    };
    ctx.respond = false;
    ctx.status = 200;
    ctx.res.once('close', resolve);
    send(ctx.req, key, { root: dir, index: false, cacheControl: false, etag: false, lastModified: false, ...reading })
      .on('error', (error: Error & { status: number; code?: string }) => {
        if (ctx.res.headersSent) ctx.res.destroy();
        else if (error.status === 412 || error.status === 416) {
          for (const name of ofTheFile) ctx.remove(name);
          ctx.res.writeHead(error.status, { 'Content-Length': 0 }).end();
        } else refuse(error.status === 404 ? notFound('file') : fromDisk(error));
      })
      .on('directory', () => refuse(notFound('file')))
      .pipe(ctx.res);
  });

// What the library hands on to the stream that reads the file: pieces that cost few trips to the disk, yet little memory.
const reading = { highWaterMark: 256 * 1024 };
const ofTheFile = ['Content-Type', 'Content-Disposition', 'Content-Length', 'Cache-Control', 'ETag'];
