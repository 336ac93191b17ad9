import { resolve } from 'node:path';
import MagicString from 'magic-string';

const helper = '\0declare-fields';
const prelude = /^var __defProp = [^\n]*\nvar __getOwnPropDesc = [^\n]*\nvar __decorateClass = [^]*?\n\};\n/m;

/** What the helper does for one class: the same as Lit's decorators and our `consume` do for one field after the other. */
const declareFields = `
import { consume } from ${JSON.stringify(resolve('widget/context-protocol.ts'))};

const options = [{ state: true, attribute: false }, { attribute: false }, { type: Boolean }, {}];

export const declareFields = (element, fields) => {
  const { prototype } = element;
  for (const [name, kind] of Object.entries(fields)) {
    if (typeof kind === 'string')
      Object.defineProperty(prototype, name, {
        get() {
          return this.renderRoot?.querySelector(kind) ?? null;
        },
      });
    else {
      element.createProperty(name, options[Array.isArray(kind) ? 0 : kind] ?? kind);
      if (Array.isArray(kind)) consume({ context: kind[0], subscribe: kind[1] })(prototype, name);
    }
  }
};`;

/** The place of the options in the helper's list, for those that most fields have. */
const frequent = new Map([
  ['state()', '0'],
  ['property({ attribute: false })', '1'],
  ['property({ type: Boolean })', '2'],
  ['property()', '3'],
]);

/**
 * Rollup plugin: gathers the decorators of each class, which esbuild writes as a call for each field and a helper for each
 * module, into one call with one object. It knows the decorators that our elements have, and fails at any other.
 * @returns {import('rollup').Plugin}
 */
export function shareDecorators() {
  return {
    name: 'share-decorators',
    resolveId: (id) => (id === helper ? helper : null),
    load: (id) => (id === helper ? declareFields : null),
    transform(code) {
      const found = prelude.exec(code);
      if (!found) return null;
      const text = new MagicString(code);
      text.update(
        found.index,
        found.index + found[0].length,
        `import { declareFields } from ${JSON.stringify(helper)};\n`,
      );
      /** @type {Map<string, { start: number, end: number, fields: string[] }>} */
      const classes = new Map();
      for (const { type, start, end, expression } of /** @type {any[]} */ (this.parse(code).body)) {
        if (type !== 'ExpressionStatement' || expression.callee?.name !== '__decorateClass') continue;
        const [decorators, prototype, name, place] = expression.arguments;
        const source = (/** @type {any} */ node) => code.slice(node.start, node.end);
        if (prototype.property?.name !== 'prototype' || place.value !== 2)
          this.error(`unable to declare ${name?.value}; only decorated fields are known`);
        const field = `${name.value}: ${kindOf(decorators.elements.map(source))}`;
        const of = source(prototype.object);
        const known = classes.get(of);
        known?.fields.push(field);
        if (known) text.remove(start, end);
        else classes.set(of, { start, end, fields: [field] });
      }
      for (const [of, { start, end, fields }] of classes)
        text.update(start, end, `declareFields(${of}, { ${fields.join(', ')} });`);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

/** @param {string[]} decorators the source of each */
function kindOf(decorators) {
  const [first = '', second] = decorators.map((part) => part.replace(/\s+/g, ' '));
  if (second === undefined) {
    const place = frequent.get(first);
    if (place) return place;
    const [, name, argument] = /^(property|query)\(([^]+)\)$/.exec(first) ?? [];
    if (name && argument?.startsWith(name === 'query' ? '"' : '{')) return argument;
  }
  const [, context, subscribe] = /^consume\(\{ context: (\w+)(, subscribe: true)? \}\)$/.exec(first) ?? [];
  if (context && second === 'state()' && decorators.length === 2) return `[${context}${subscribe ? ', true' : ''}]`;
  throw new Error(`unable to declare a field; nothing here knows the decorators ${decorators.join(' ')}`);
}
