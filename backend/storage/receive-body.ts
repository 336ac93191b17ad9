import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../problem.ts';
import { codeOf, fromDisk } from './disk-errors.ts';

/** Where a body goes, and how much of it. */
export interface BodyPlace {
  /** A file that exists. */
  readonly path: string;
  /** The offset to write from. */
  readonly start: number;
  /** Bytes that may come at most; more are refused, and not written. */
  readonly limit: number;
  /** Ends the request: another one goes on with the same upload. */
  readonly cancelled: AbortSignal;
}

// More than sockets deliver at once, so that the disk is given several pieces together; little enough for hundreds of uploads.
const bufferBytes = 256 * 1024;

/**
 * Writes a body into a file as it comes, and resolves with the number of bytes. When it is refused, cut off or does not fit, what came is kept and a Problem
 * is thrown; the request itself lives on, or the client would not get to read why.
 */
export const receiveBody = async (request: IncomingMessage, place: BodyPlace): Promise<number> => {
  const { path, start, limit, cancelled } = place;
  let bytes = 0;
  const body = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > limit) done(tooLarge());
      else done(null, chunk);
    },
  });
  const onClose = (): void => {
    if (!request.complete) body.destroy(cutOff());
  };
  const onError = (): void => {
    body.destroy(cutOff());
  };
  request.once('close', onClose).once('error', onError);
  const file = createWriteStream(path, { flags: 'r+', start, highWaterMark: bufferBytes });
  try {
    await pipeline(request.pipe(body), file, { signal: cancelled });
    return bytes;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') throw goneUpload();
    throw code === 'ABORT_ERR' ? cutOff() : fromDisk(error);
  } finally {
    request.off('close', onClose).off('error', onError);
    // What still comes is dropped; see http/open-paths.ts for how long.
    request.unpipe(body).resume();
    // No byte may land once another request, or nobody, may write.
    if (!file.closed) await once(file, 'close');
  }
};

/** The refusal of more bytes than were announced. */
export const tooLarge = (): Problem =>
  new Problem('payload_too_large', 'unable to take the bytes; there are more than were announced');

/** The refusal of an upload that does not exist any more. */
export const goneUpload = (): Problem =>
  new Problem('forbidden', 'unable to take the bytes; the upload was completed or given up');

const cutOff = (): Problem => new Problem('conflict', 'unable to take the bytes; the request was cut off');
