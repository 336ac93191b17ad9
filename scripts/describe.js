// Writes custom-elements.json and docs/element.md from the sources of the public element. Usage: node scripts/describe.js [--check]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli } from '@custom-elements-manifest/analyzer/cli.js';
import { root } from './run.js';

const events = ['widget/events.ts', 'widget/chat-events.ts', 'widget/file-events.ts', 'widget/call-events.ts'];
const sources = ['widget/teatime-chat.ts', ...events];
const page = join(root, 'docs/element.md');

/** The custom elements manifest (schema 1.0.0) of the public element. */
async function analyse() {
  const manifest = await cli({
    argv: ['analyze', ...sources.flatMap((source) => ['--globs', source]), '--outdir', 'dist', '--quiet'],
    cwd: root,
    noWrite: true,
  });
  const element = manifest.modules
    .flatMap((module) => module.declarations)
    .find((declaration) => declaration.name === 'TeatimeChat');
  element.tagName = 'teatime-chat';
  element.customElement = true;
  element.members = element.members.filter(
    (member) => member.privacy !== 'private' && member.name !== 'adoptedStyleSheets',
  );
  element.events = describeEvents();
  element.cssProperties = describeTokens();
  return { manifest, element };
}

/** The events by name, each with its class's description, and the type of its detail. */
function describeEvents() {
  const text = events.map((source) => readFileSync(join(root, source), 'utf8')).join('\n');
  const classes = /\/\*\* ([^\n]+) \*\/\nexport class (\w+) extends TeatimeEvent<([\s\S]*?)> \{\n([\s\S]*?)\n\}/g;
  return [...text.matchAll(classes)].map(([, description = '', name = '', detail = '', body = '']) => {
    const type = /'(teatime-[a-z-]+)'/.exec(body)?.[1] ?? '';
    const oneLine = detail.replace(/\/\*\*.*?\*\//gs, '').replace(/\s+/g, ' ');
    return {
      name: type,
      description,
      type: { text: name },
      detail: oneLine.replace(/;? \}$/, ' }'),
      cancelable: /, true\)/.test(body),
    };
  });
}

/** The public tokens, with tier and default. */
function describeTokens() {
  const text = readFileSync(join(root, 'widget/styles/tokens.ts'), 'utf8');
  const table = /export const tokens = \{\n([\s\S]*?)\n\} as const/.exec(text)?.[1] ?? '';
  let tier = '';
  return [
    ...table.matchAll(/^ {2}(?:\/\/ (Brand|Semantic|Component)\b.*|'?([a-z-]+)'?:\s*'((?:[^'\\]|\\.)*)',)$/gm),
  ].flatMap(([, heading, name, value = '']) => {
    if (heading) tier = heading;
    return name ? [{ name: `--teatime-${name}`, default: value, tier: tier.toLowerCase() }] : [];
  });
}

const cell = (text = '') => text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
const code = (text = '') => (text === '' ? '' : `\`${cell(text)}\``);

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function markdown(element) {
  const isMethod = (member) => member.kind === 'method';
  const attributes = element.attributes.filter(({ description }) => description);
  const described = element.members.filter((member) => !isMethod(member) && member.description);
  const methods = element.members.filter(isMethod);
  const signature = (method) =>
    `${method.name}(${(method.parameters ?? []).map(({ name, type, optional }) => `${name}${optional ? '?' : ''}: ${type?.text ?? ''}`).join(', ')})`;
  return `# The element

<!-- Generated from the element's source by scripts/describe.js. -->

\`\`\`html
<script type="module" src="https://chat.example.com/teatime-chat.js"></script>
<teatime-chat server="https://chat.example.com" mode="launcher"></teatime-chat>
\`\`\`

${element.description}

## Attributes

Each has a property of the same name in camel case.

${table(
  ['attribute', 'what it does'],
  attributes.map(({ name, description }) => [code(name), cell(description.replace(/^- /, ''))]),
)}

## Properties

${table(
  ['property', 'type', ''],
  described.map(({ name, type, description }) => [code(name), code(type?.text), cell(description)]),
)}

## Methods

They can be called before the chat is loaded.

${table(
  ['method', ''],
  methods.map((method) => [code(signature(method)), cell(method.description)]),
)}

## Events

They bubble and leave shadow roots. Those marked ⊘ can be cancelled: \`preventDefault()\` hands the matter to the page.

${table(
  ['event', 'detail', ''],
  element.events.map(({ name, detail, description, cancelable }) => [
    `${code(name)}${cancelable ? ' ⊘' : ''}`,
    code(detail),
    cell(description),
  ]),
)}

## Slots

${table(
  ['slot', ''],
  element.slots.map(({ name, description }) => [code(name), cell(description)]),
)}

## Parts

Style them by \`teatime-chat::part(name)\`.

${table(
  ['part', ''],
  element.cssParts.map(({ name, description }) => [code(name), cell(description)]),
)}

## Tokens

Set them on the element or on anything around it. What is derived from another token follows it: \`--teatime-accent\` alone recolours everything, in
light and in dark.

${table(
  ['token', 'tier', 'default'],
  element.cssProperties.map(({ name, tier, default: value }) => [code(name), tier, code(value)]),
)}
`;
}

const { manifest, element } = await analyse();
const text = markdown(element);
if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text) {
    console.error('docs/element.md is not what the element says; run: node scripts/describe.js');
    process.exitCode = 1;
  }
} else {
  writeFileSync(page, text);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/custom-elements.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
