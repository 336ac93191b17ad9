import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const findRoot = (folder: string): string => {
  if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'migrations'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('unable to find the installation; no folder above has migrations/ in it');
  return findRoot(parent);
};

/** The folder of the installation, with `package.json` and `migrations/` in it: the same for the sources and for `dist`. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)));
