const lit = /\/node_modules\/(?:@lit|lit(?:-html|-element)?)\//;
const hook = /\b\w+\.(?:litHtml|litElement|reactiveElement)(?:Polyfill|Hydrate)Support\b/g;
const version = /\(\w+\.\w+Versions\?\?=\[\]\)\.push\("[^"]*"\)/g;
// The words are for developers of elements, who meet them in Lit's development build.
const message = /\bError\((?:"(?:[^"\\]|\\.)*"(?:\+\w+(?:\+"(?:[^"\\]|\\.)*")?)?|'[^']*')\)/g;

/**
 * Rollup plugin: takes out of Lit what it has for others: hooks for polyfills of shadow DOM and for server-side rendering, its
 * version numbers on `window`, and the words of its own errors. Fails when a new version of Lit has them in another shape.
 * @returns {import('rollup').Plugin}
 */
export function trimLit() {
  return {
    name: 'trim-lit',
    transform: (code, id) =>
      lit.test(id)
        ? { code: code.replace(hook, '(void 0)').replace(version, '0').replace(message, 'Error()'), map: null }
        : null,
    generateBundle(_, bundle) {
      for (const part of Object.values(bundle)) {
        const [left] =
          (part.type === 'chunk' && /\w+(?:Support|Versions)\b(?=\?\.|\?\?)|not constructable/.exec(part.code)) || [];
        if (left) this.error(`unable to trim Lit; "${left}" is still in ${part.fileName}`);
      }
    },
  };
}
