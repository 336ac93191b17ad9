import { createHash } from 'node:crypto';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkKey, isKey } from './keys.ts';
import { codeOf } from './disk-errors.ts';

/** Uploads that are not finished are in here, out of reach of keys, which start with a letter or digit. */
export const uploadsFolder = '.uploads';

/** Where a finished object is. */
export const objectPath = (dir: string, key: string): string => join(dir, checkKey(key));

/** What an upload is called: its key and size, so that a restarted server finds all that it must know in the name. */
export const uploadId = (key: string, size: number): string => `${checkKey(key)}.${size}`;

/** Where the bytes of an upload are until it is finished. */
export const uploadPath = (dir: string, key: string, size: number): string =>
  join(dir, uploadsFolder, uploadId(key, size));

/** The size of a file in bytes; `undefined` when there is none. */
export const sizeOf = async (path: string): Promise<number | undefined> => {
  try {
    const facts = await stat(path);
    return facts.isFile() ? facts.size : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
};

/** Has the disk itself hold a file or folder, not only the system's memory. */
export const syncToDisk = async (path: string): Promise<void> => {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Removes what was begun under a key and never finished. */
export const removeUnfinished = async (dir: string, key: string): Promise<void> => {
  const folder = dirname(join(dir, uploadsFolder, checkKey(key)));
  const prefix = `${basename(key)}.`;
  const names = await entriesOf(folder);
  await Promise.all(
    names.filter(({ name }) => name.startsWith(prefix)).map(({ name }) => rm(join(folder, name), { force: true })),
  );
};

/** Keys of all files below a folder that were last written before a time; of unfinished ones, the key that they will have. */
export async function* keysBefore(folder: string, before: Date, path = ''): AsyncGenerator<string> {
  for (const entry of await entriesOf(folder)) {
    const below = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (path === '' && entry.name === uploadsFolder) yield* keysBefore(below, before);
      else yield* keysBefore(below, before, `${path}${entry.name}/`);
      continue;
    }
    const facts = await stat(below).catch(() => undefined);
    const key = `${path}${entry.name.split('.', 1)[0] ?? ''}`;
    if (isKey(key) && facts !== undefined && facts.mtimeMs < before.getTime()) yield key;
  }
}

/** A name for the state of an object, which never changes. */
export const entityTag = (key: string): string =>
  `"${createHash('sha256').update(key).digest('base64url').slice(0, 22)}"`;

const entriesOf = async (folder: string) => {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
};
