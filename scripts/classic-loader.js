const target = /import\(("[^"]+")\)/g;

/**
 * Rollup plugin: makes `loader.js` fit for classic scripts of other sites, to which browsers do not tell where they came from: their relative imports lead
 * nowhere. What bundlers follow, an import that is plain to see, stays in `loader.mjs`.
 * @returns {import('rollup').Plugin}
 */
export function classicLoader() {
  return {
    name: 'classic-loader',
    generateBundle(_options, bundle) {
      const chunk = bundle['loader.js'];
      if (chunk?.type !== 'chunk') return this.error('unable to make the loader; it is not among the entries');
      if (chunk.code.match(target)?.length !== 1)
        return this.error('unable to make the loader; it should import one chunk');
      // So small a script is read without a map, which would weigh a tenth of it by its name alone.
      const code = chunk.code.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '');
      delete bundle['loader.js.map'];
      this.emitFile({ type: 'asset', fileName: 'loader.mjs', source: code });
      chunk.code = code.replace(
        target,
        (_, path) => `import((t=>t?new URL(${path},t.src):${path})(document.currentScript))`,
      );
    },
  };
}
