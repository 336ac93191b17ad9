import {
  AbortMultipartUploadCommand,
  paginateListObjectsV2,
  paginateListParts,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { S3Config } from '../config.ts';
import { isKey } from './keys.ts';
import { isNoUpload, onService } from './s3-client.ts';

/** A part that has arrived. */
export interface ArrivedPart {
  readonly size: number;
  readonly tag: string;
}

/** What a bucket says is in it. */
export interface Listing {
  /** The parts of an upload that have arrived, by number; `undefined` when there is no such upload. */
  parts(upload: {
    Bucket: string;
    Key: string;
    UploadId: string;
  }): Promise<ReadonlyMap<number, ArrivedPart> | undefined>;
  keysBefore(before: Date): AsyncIterable<string>;
  /** Gives uploads up that `keysBefore` has named. */
  abortUnfinished(keys: readonly string[]): Promise<void>;
}

/** Lists the objects and uploads of a bucket that are TeaTime's. */
export const createListing = (client: S3Client, { bucket: Bucket, prefix }: S3Config): Listing => {
  const unfinished = new Map<string, Set<string>>();
  const keyOf = (name: string | undefined): string | undefined => {
    const key = name?.startsWith(prefix) ? name.slice(prefix.length) : undefined;
    return key !== undefined && isKey(key) ? key : undefined;
  };

  async function* objectsBefore(before: Date): AsyncGenerator<string> {
    for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })) {
      for (const { Key, LastModified } of page.Contents ?? []) {
        const key = keyOf(Key);
        if (key !== undefined && LastModified && LastModified < before) yield key;
      }
    }
  }

  async function* uploadsBefore(before: Date): AsyncGenerator<string> {
    unfinished.clear();
    let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    while (marker) {
      const page: ListMultipartUploadsCommandOutput = await client.send(
        new ListMultipartUploadsCommand({ Bucket, Prefix: prefix, ...marker }),
      );
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        const key = keyOf(Key);
        if (key === undefined || UploadId === undefined || !Initiated || Initiated >= before) continue;
        unfinished.set(key, (unfinished.get(key) ?? new Set()).add(UploadId));
        yield key;
      }
      const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page;
      marker =
        IsTruncated && NextKeyMarker !== undefined
          ? {
              KeyMarker: NextKeyMarker,
              ...(NextUploadIdMarker !== undefined && { UploadIdMarker: NextUploadIdMarker }),
            }
          : undefined;
    }
  }

  return {
    async parts(upload) {
      const parts = new Map<number, ArrivedPart>();
      try {
        for await (const page of paginateListParts({ client }, upload)) {
          for (const { PartNumber, Size, ETag } of page.Parts ?? []) {
            if (PartNumber !== undefined && Size !== undefined && ETag !== undefined)
              parts.set(PartNumber, { size: Size, tag: ETag });
          }
        }
        return parts;
      } catch (error) {
        if (isNoUpload(error)) return undefined;
        throw error;
      }
    },

    async *keysBefore(before) {
      const all = [objectsBefore(before), uploadsBefore(before)];
      for (const some of all) {
        for (;;) {
          const next = await onService(() => some.next());
          if (next.done === true) break;
          yield next.value;
        }
      }
    },

    async abortUnfinished(keys) {
      for (const key of keys) {
        for (const UploadId of unfinished.get(key) ?? []) {
          try {
            await client.send(new AbortMultipartUploadCommand({ Bucket, Key: `${prefix}${key}`, UploadId }));
          } catch (error) {
            if (!isNoUpload(error)) throw error;
          }
        }
        unfinished.delete(key);
      }
    },
  };
};
