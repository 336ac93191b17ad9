import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli } from '@custom-elements-manifest/analyzer/cli.js';
import { build } from 'esbuild';
import { root } from '../run.js';

const eventSources = ['widget/events.ts', 'widget/chat-events.ts', 'widget/file-events.ts', 'widget/call-events.ts'];

/**
 * @typedef {{ name: string, description: string }} Named
 * @typedef {Named & { fieldName: string, type: { text: string }, values: string[], default?: string }} Attribute
 * @typedef {Named & { kind: 'field' | 'method', attribute?: string, type?: { text: string }, readonly?: boolean, static?: boolean,
 *   parameters?: { name: string, type?: { text: string }, default?: string, optional?: boolean }[] }} Member
 * @typedef {Named & { type: { text: string }, detail: string, cancelable: boolean }} EventOf
 * @typedef {Named & { default: string, tier: string }} Token
 * @typedef {{ description: string, attributes: Attribute[], members: Member[], events: EventOf[], slots: Named[], cssParts: Named[],
 *   cssProperties: Token[], cssStates: Named[] }} Element
 */

/**
 * What the sources say of the public element: the one source of its docs, typings and data for editors.
 * @returns {Promise<Element>}
 */
export async function describeElement() {
  const manifest = await cli({
    argv: ['analyze', '--globs', 'widget/teatime-chat.ts', '--outdir', 'dist', '--quiet'],
    cwd: root,
    noWrite: true,
  });
  const element = manifest.modules
    .flatMap((/** @type {{ declarations: Member[] }} */ module) => module.declarations)
    .find((/** @type {Member} */ declaration) => declaration.name === 'TeatimeChat');
  const isPublic = (/** @type {Member & { privacy?: string }} */ { name, privacy }) =>
    privacy !== 'private' && name !== 'observedAttributes' && name !== 'adoptedStyleSheets';
  const { attributes: table, fields } = await load('widget/attributes.ts');
  return {
    description: element.description,
    attributes: describeAttributes(element.attributes, table),
    members: describeMembers(element.members.filter(isPublic), table, fields),
    events: describeEvents(),
    slots: element.slots,
    cssParts: element.cssParts,
    cssProperties: describeTokens(),
    cssStates: element.cssStates ?? [],
  };
}

/**
 * Those that the tags name, in the order of the tags, each with its property, values and default.
 * @param {readonly Named[]} tagged
 * @param {Record<string, readonly string[]>} table
 * @returns {Attribute[]}
 */
function describeAttributes(tagged, table) {
  return tagged
    .filter(({ description }) => description)
    .map(({ name, description }) => {
      const [fieldName = name, [, ...values] = []] = Object.entries(table).find(([, [own]]) => own === name) ?? [];
      const type = values.length > 0 ? values.map((value) => `'${value}'`).join(' | ') : 'string';
      return {
        name,
        description: description.replace(/^- /, ''),
        fieldName,
        type: { text: name === 'open' ? 'boolean' : type },
        values,
        ...(values[0] && { default: values[0] }),
      };
    })
    .sort((a, b) => rank(a.name, table) - rank(b.name, table));
}

/**
 * @param {string} attribute
 * @param {Record<string, readonly string[]>} table
 */
function rank(attribute, table) {
  const place = Object.values(table).findIndex(([name]) => name === attribute);
  return place < 0 ? Object.keys(table).length : place;
}

/**
 * @param {readonly Member[]} members
 * @param {Record<string, readonly string[]>} table
 * @param {readonly string[]} fields
 * @returns {Member[]}
 */
function describeMembers(members, table, fields) {
  const missing = fields.find((name) => !members.some((member) => member.name === name));
  if (missing) throw new Error(`unable to describe ${missing}; it has no accessor`);
  return members.map((member) => {
    const attribute = table[member.name]?.[0];
    return attribute ? { ...member, attribute, description: `The attribute \`${attribute}\` as a property.` } : member;
  });
}

/**
 * The events in the order of the event map, each with its class's description, and the type of its detail.
 * @returns {EventOf[]}
 */
function describeEvents() {
  const text = eventSources.map((source) => readFileSync(join(root, source), 'utf8')).join('\n');
  const classes = /\/\*\* ([^\n]+) \*\/\nexport class (\w+) extends TeatimeEvent<([\s\S]*?)> \{\n([\s\S]*?)\n\}/g;
  const found = [...text.matchAll(classes)].map(([, description = '', name = '', detail = '', body = '']) => ({
    name: /'(teatime-[a-z-]+)'/.exec(body)?.[1] ?? '',
    description,
    type: { text: name },
    detail: detail
      .replace(/\/\*\*.*?\*\//gs, '')
      .replace(/\s+/g, ' ')
      .replace(/;? \}$/, ' }'),
    cancelable: /, true\)/.test(body),
  }));
  const map = /interface TeatimeChatEventMap \{\n([\s\S]*?)\n\}/.exec(text)?.[1] ?? '';
  return [...map.matchAll(/'(teatime-[a-z-]+)'/g)].map(([, type]) => {
    const event = found.find(({ name }) => name === type);
    if (!event) throw new Error(`unable to describe ${type}; its class has no description of one line`);
    return event;
  });
}

/**
 * The public tokens, with tier and default.
 * @returns {Token[]}
 */
function describeTokens() {
  const text = readFileSync(join(root, 'widget/styles/tokens.ts'), 'utf8');
  const table = /export const tokens = \{\n([\s\S]*?)\n\} as const/.exec(text)?.[1] ?? '';
  let tier = '';
  const lines = /^ {2}(?:\/\/ (Brand|Semantic|Component)\b.*|'?([a-z-]+)'?:\s*'((?:[^'\\]|\\.)*)',)$/gm;
  return [...table.matchAll(lines)].flatMap(([, heading, name, value = '']) => {
    if (heading) tier = heading.toLowerCase();
    const description = `A token of the ${tier} tier.`;
    return name ? [{ name: `--teatime-${name}`, description, default: value, tier }] : [];
  });
}

/** @param {string} path of a module of the widget, which is run here */
async function load(path) {
  const { outputFiles } = await build({
    entryPoints: [join(root, path)],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`);
}
