const helper = '\0decorate-class';
const prelude = /^var __defProp = [^\n]*\nvar __getOwnPropDesc = [^\n]*\nvar __decorateClass = ([^]*?\n\});\n/m;

/**
 * Rollup plugin: esbuild writes its helper for decorators into each module that has some; this makes them share one.
 * @returns {import('rollup').Plugin}
 */
export function shareDecorators() {
  let code = '';
  return {
    name: 'share-decorators',
    resolveId: (id) => (id === helper ? helper : null),
    load: (id) =>
      id === helper
        ? `const __defProp = Object.defineProperty, __getOwnPropDesc = Object.getOwnPropertyDescriptor;\nexport const __decorateClass = ${code};`
        : null,
    transform(module) {
      const found = prelude.exec(module);
      if (!found) return null;
      code = found[1] ?? '';
      // One line for eight: the source map stays true with as many empty ones behind it.
      const lines = found[0].split('\n').length - 1;
      const shared = `import { __decorateClass } from ${JSON.stringify(helper)};${'\n'.repeat(lines)}`;
      return { code: module.replace(found[0], () => shared), map: null };
    },
  };
}
