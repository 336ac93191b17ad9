import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { notFound } from '../problem.ts';
import { createAddresses } from './disk-addresses.ts';
import { codeOf, diskFull, onDisk } from './disk-errors.ts';
import {
  keysBefore,
  objectPath,
  removeUnfinished,
  sizeOf,
  syncToDisk,
  uploadId,
  uploadPath,
  uploadsFolder,
} from './disk-places.ts';
import { givenUp, incomplete } from './keys.ts';
import { createLocks } from './locks.ts';
import type { Storage } from './storage.ts';

/** What a storage on disk is made of. */
export interface DiskStorageOptions {
  /** The folder; made when it is not there. */
  readonly dir: string;
  /** What addresses are signed with. */
  readonly tokenSecret: string;
  /** What addresses begin with; `undefined`: with the URL that the client reached the server by. */
  readonly url: string | undefined;
}

/**
 * Files in a folder of this machine: an object is the file that its key names; uploads are in `.uploads` until they are finished, which is a rename.
 * The folder belongs to one server process: two of them would not see each other's locks.
 */
export const createDiskStorage = async ({ dir, tokenSecret, url }: DiskStorageOptions): Promise<Storage> => {
  const locks = createLocks();
  const addresses = createAddresses({ dir, tokenSecret, url, locks });

  return {
    begin: ({ key, size }) =>
      onDisk(async () => {
        const path = uploadPath(dir, key, size);
        await mkdir(dirname(path), { recursive: true });
        const { bavail, bsize } = await statfs(dirname(path));
        if (bavail * bsize < size) throw diskFull();
        await writeFile(path, '', { flag: 'wx' });
        return {};
      }),

    target: (upload, baseUrl) =>
      onDisk(async () => {
        if ((await sizeOf(uploadPath(dir, upload.key, upload.size))) === undefined) throw givenUp();
        return addresses.upload(upload, baseUrl);
      }),

    finish: ({ key, size }) =>
      locks.hold(uploadId(key, size), () =>
        onDisk(async () => {
          const from = uploadPath(dir, key, size);
          const to = objectPath(dir, key);
          const there = await sizeOf(from);
          if (there === undefined && (await sizeOf(to)) === size) return;
          if (there === undefined) throw givenUp();
          if (there !== size) throw incomplete();
          await moveForGood(from, to);
        }),
      ),

    abort: ({ key, size }) =>
      locks.hold(uploadId(key, size), () => onDisk(() => rm(uploadPath(dir, key, size), { force: true }))),

    write: (key, body) =>
      onDisk(async () => {
        const to = objectPath(dir, key);
        const from = join(dir, uploadsFolder, `${key}.${randomUUID()}`);
        await mkdir(dirname(from), { recursive: true });
        try {
          await writeFile(from, body, { flag: 'wx' });
          await moveForGood(from, to);
        } catch (error) {
          await rm(from, { force: true });
          throw error;
        }
      }),

    read: (key, range) =>
      onDisk(async () => {
        const path = objectPath(dir, key);
        if ((await sizeOf(path)) === undefined) throw notFound('file');
        return createReadStream(path, { ...range });
      }),

    withFile: async (key, use) => {
      const path = objectPath(dir, key);
      if ((await onDisk(() => sizeOf(path))) === undefined) throw notFound('file');
      return use(path);
    },

    link: async (key, options, baseUrl) => addresses.link(key, options, baseUrl),

    remove: (keys) =>
      onDisk(async () => {
        for (const key of keys) {
          await rm(objectPath(dir, key), { force: true });
          await removeUnfinished(dir, key);
        }
      }),

    list: (before) => keysBefore(dir, before),

    serve: addresses.serve,

    async check() {
      try {
        await mkdir(join(dir, uploadsFolder), { recursive: true });
        await access(dir, constants.R_OK | constants.W_OK);
        await access(join(dir, uploadsFolder), constants.R_OK | constants.W_OK);
      } catch (error) {
        throw new Error(
          `unable to keep files in ${dir}; ${codeOf(error) === 'ENOTDIR' || codeOf(error) === 'EEXIST' ? 'it is no folder' : 'it cannot be written'}: set FILES_DIR to a folder that can`,
          { cause: error },
        );
      }
    },

    close: async () => undefined,
  };
};

/** Moves a file to its place so that it is there, whole, also after the power was cut. */
const moveForGood = async (from: string, to: string): Promise<void> => {
  await syncToDisk(from);
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
  await syncToDisk(dirname(to));
};
