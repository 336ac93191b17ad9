import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Logger } from 'pino';
import type { S3Config } from '../config.ts';
import { Problem } from '../problem.ts';
import { contentDispositionOf, mayBeInline } from './inline-types.ts';
import { checkKey, givenUp, incomplete } from './keys.ts';
import { linkExpiry, linkMs, targetMs } from './lifetimes.ts';
import { checkBucket, connectToBucket, isNoObject, isNoUpload, onService } from './s3-client.ts';
import { createListing } from './s3-listing.ts';
import { partsOf, partSizeOf } from './s3-parts.ts';
import type { Storage, Upload } from './storage.ts';

/**
 * Files in a bucket. Every upload is a multipart one: its parts go by `PUT` to signed addresses that die when it is completed or given up, and what
 * is there is told by the service. Bytes go between clients and the bucket; this server only looks at files and writes small pictures.
 *
 * The bucket must let pages send and load: its CORS rules need the methods GET, HEAD and PUT, any header, and the origins that embed the chat (or `*`;
 * the addresses are secrets). The access key needs GetObject, PutObject, DeleteObject, AbortMultipartUpload, ListMultipartUploadParts, and of the
 * bucket ListBucket and ListBucketMultipartUploads.
 */
export const createS3Storage = (config: S3Config, log: Logger, patienceMs = 10_000): Storage => {
  const { bucket: Bucket } = config;
  const client = connectToBucket(config, patienceMs);
  const listing = createListing(client, config);
  const place = (key: string) => ({ Bucket, Key: `${config.prefix}${checkKey(key)}` });
  const multipart = ({ key, state }: Upload) => ({ ...place(key), UploadId: String(state['uploadId']) });

  const sizeOf = async (key: string): Promise<number | undefined> => {
    try {
      return (await client.send(new HeadObjectCommand(place(key)))).ContentLength;
    } catch (error) {
      if (isNoObject(error)) return undefined;
      throw error;
    }
  };

  const sign = (upload: Upload, number: number, size: number): Promise<string> =>
    getSignedUrl(client, new UploadPartCommand({ ...multipart(upload), PartNumber: number, ContentLength: size }), {
      expiresIn: targetMs / 1000,
    });

  const read = async (key: string, range?: { start: number; end: number }): Promise<Readable> => {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const { Body } = await client.send(new GetObjectCommand({ ...place(key), ...(Range && { Range }) }));
    return Body as Readable;
  };

  return {
    begin: ({ key, size }) =>
      onService(async () => {
        // What the bytes are is told by links, once they were looked at.
        const { UploadId } = await client.send(
          new CreateMultipartUploadCommand({ ...place(key), ContentType: 'application/octet-stream' }),
        );
        if (UploadId === undefined) throw new Error('unable to begin the upload; the service gave it no id');
        return { uploadId: UploadId, partSize: partSizeOf(size) };
      }),

    target: (upload) =>
      onService(async () => {
        const there = await listing.parts(multipart(upload));
        if (there === undefined) throw givenUp();
        const expiresAt = new Date(Date.now() + targetMs).toISOString();
        const missing = partsOf(upload.size).filter(({ number, size }) => there.get(number)?.size !== size);
        const parts = [];
        for (const { number, size } of missing) parts.push({ number, url: await sign(upload, number, size) });
        return { kind: 'parts', partSize: partSizeOf(upload.size), parts, expiresAt };
      }),

    finish: (upload) =>
      onService(async () => {
        const there = await listing.parts(multipart(upload));
        if (there === undefined) {
          if ((await sizeOf(upload.key)) !== upload.size) throw givenUp();
          return;
        }
        const wanted = partsOf(upload.size);
        if (wanted.some(({ number, size }) => there.get(number)?.size !== size)) throw incomplete();
        const Parts = wanted.map(({ number }) => ({ PartNumber: number, ETag: there.get(number)?.tag }));
        try {
          await client.send(new CompleteMultipartUploadCommand({ ...multipart(upload), MultipartUpload: { Parts } }));
        } catch (error) {
          // Another request was quicker, or a part was sent anew just now.
          if (isNoUpload(error)) {
            if ((await sizeOf(upload.key)) !== upload.size) throw givenUp();
          } else if (error instanceof Error && error.name === 'InvalidPart') throw incomplete();
          else throw error;
        }
        if ((await sizeOf(upload.key)) === upload.size) return;
        await client.send(new DeleteObjectCommand(place(upload.key)));
        throw new Problem('file_rejected', 'unable to take the file; it does not have the size that was announced');
      }),

    abort: (upload) =>
      onService(async () => {
        try {
          await client.send(new AbortMultipartUploadCommand(multipart(upload)));
        } catch (error) {
          if (!isNoUpload(error)) throw error;
        }
      }),

    write: (key, Body, ContentType) =>
      onService(async () => {
        await client.send(new PutObjectCommand({ ...place(key), Body, ContentType, ContentLength: Body.length }));
      }),

    read: (key, range) => onService(() => read(key, range)),

    async withFile(key, use) {
      const folder = await mkdtemp(join(tmpdir(), 'teatime-file-'));
      const path = join(folder, 'file');
      try {
        await onService(async () => pipeline(await read(key), createWriteStream(path)));
        return await use(path);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },

    async link(key, { name, type, inline }) {
      const expiresAt = linkExpiry();
      const url = await getSignedUrl(
        client,
        new GetObjectCommand({
          ...place(key),
          ResponseContentType: type,
          ResponseContentDisposition: contentDispositionOf(name, inline && mayBeInline(type)),
          ResponseCacheControl: `private, max-age=${linkMs / 2000}`,
        }),
        // Signed as if at the start of the window, so that all links of a window are one.
        { expiresIn: linkMs / 1000, signingDate: new Date(expiresAt.getTime() - linkMs) },
      );
      return { url, expiresAt };
    },

    remove: (keys) =>
      onService(async () => {
        for (let at = 0; at < keys.length; at += 1000) {
          const some = keys.slice(at, at + 1000);
          const Objects = some.map((key) => ({ Key: place(key).Key }));
          const { Errors = [] } = await client.send(
            new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
          );
          if (Errors[0]) throw new Error(`unable to remove files; the service says ${Errors[0].Code}`);
          await listing.abortUnfinished(some);
        }
      }),

    list: (before) => listing.keysBefore(before),

    check: () => checkBucket(client, Bucket, log),

    close: async () => client.destroy(),
  };
};
