import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * A chunk of the built widget, as `files.json` or `client-files.json` lists it.
 * @typedef {object} BundleFile
 * @property {string} file its name
 * @property {boolean} entry the module that pages load
 * @property {string[]} imports files that load with it
 * @property {string[]} dynamicImports files that it loads when they are needed
 * @property {string[]} modules what it was made of, as paths from the root of the project
 */

/**
 * Rollup plugin: lists the chunks in a file, and clears away those of earlier builds.
 * @param {string} list name of that file
 * @param {string} name what the names of the chunks begin with
 * @returns {import('rollup').Plugin}
 */
export function listFiles(list, name) {
  return {
    name: 'list-files',
    generateBundle(_options, bundle) {
      /** @type {BundleFile[]} */
      const files = Object.values(bundle)
        .filter((file) => file.type === 'chunk')
        .map((chunk) => ({
          file: chunk.fileName,
          entry: chunk.isEntry,
          imports: chunk.imports,
          dynamicImports: chunk.dynamicImports,
          modules: Object.keys(chunk.modules).map((path) => relative(process.cwd(), path)),
        }))
        .sort((a, b) => Number(b.entry) - Number(a.entry) || a.file.localeCompare(b.file));
      this.emitFile({ type: 'asset', fileName: list, source: `${JSON.stringify(files, null, 2)}\n` });
    },
    async writeBundle({ dir }, bundle) {
      if (!dir) return;
      const stale = (await readdir(dir)).filter(
        (file) => file.startsWith(`${name}.`) && !(file.replace(/\.(?:br|gz)$/, '') in bundle),
      );
      await Promise.all(stale.map((file) => rm(join(dir, file))));
    },
  };
}
