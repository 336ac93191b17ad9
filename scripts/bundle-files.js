import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * A chunk of the built widget, as `files.json` lists it.
 * @typedef {object} BundleFile
 * @property {string} file its name
 * @property {boolean} entry the module that pages load
 * @property {string[]} imports files that load with it
 * @property {string[]} dynamicImports files that it loads when they are needed
 * @property {string[]} modules what it was made of, as paths from the root of the project
 */

/**
 * Rollup plugin: lists the chunks in `files.json`, and clears away those of earlier builds.
 * @returns {import('rollup').Plugin}
 */
export function listFiles() {
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
      this.emitFile({ type: 'asset', fileName: 'files.json', source: `${JSON.stringify(files, null, 2)}\n` });
    },
    async writeBundle({ dir }, bundle) {
      if (!dir) return;
      const stale = (await readdir(dir)).filter(
        (name) => name.startsWith('teatime-chat.') && !(name.replace(/\.(?:br|gz)$/, '') in bundle),
      );
      await Promise.all(stale.map((name) => rm(join(dir, name))));
    },
  };
}
