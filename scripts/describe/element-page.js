/** @typedef {import('./describe-element.js').Element} Element */

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

/**
 * A method as one would write it down: `send(message: { text?: string })`.
 * @param {import('./describe-element.js').Member} method
 */
export function signature({ name, parameters = [] }) {
  const one = (/** @type {(typeof parameters)[number]} */ { name, type, optional, default: fallback }) =>
    `${name}${optional || fallback ? '?' : ''}: ${type?.text ?? ''}`;
  return `${name}(${parameters.map(one).join(', ')})`;
}

/**
 * The page about the element, in Markdown.
 * @param {Element} element
 */
export function elementPage(element) {
  const { attributes, events, slots, cssParts, cssProperties, cssStates } = element;
  const fields = element.members.filter(({ kind, attribute }) => kind === 'field' && !attribute);
  const methods = element.members.filter(({ kind }) => kind === 'method');
  const names = (/** @type {readonly import('./describe-element.js').Named[]} */ list) =>
    list.map(({ name, description }) => [code(name), cell(description)]);
  return `# The element

<!-- Generated from the element's source by scripts/describe.js. -->

\`\`\`html
<script type="module" src="https://chat.example.com/teatime-chat.js"></script>
<teatime-chat server="https://chat.example.com" mode="launcher"></teatime-chat>
\`\`\`

${element.description}

## Attributes

Each has a property of the same name in camel case. Where there are few values, the first is the default.

${table(
  ['attribute', 'values', 'what it does'],
  attributes.map(({ name, values, description }) => [code(name), values.map(code).join(', '), cell(description)]),
)}

## Properties

${table(
  ['property', 'type', ''],
  fields.map(({ name, type, description, readonly, static: ofClass }) => [
    `${code(ofClass ? `TeatimeChat.${name}` : name)}${readonly ? ' (read-only)' : ''}`,
    code(type?.text),
    cell(description),
  ]),
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
  events.map(({ name, detail, description, cancelable }) => [
    `${code(name)}${cancelable ? ' ⊘' : ''}`,
    code(detail),
    cell(description),
  ]),
)}

## Slots

${table(['slot', ''], names(slots))}

## Parts

Style them by \`teatime-chat::part(name)\`.

${table(['part', ''], names(cssParts))}

## States

Select them by \`teatime-chat:state(name)\`.

${table(['state', ''], names(cssStates))}

## Tokens

Set them on the element or on anything around it. What is derived from another token follows it: \`--teatime-accent\` alone recolours everything, in
light and in dark.

${table(
  ['token', 'tier', 'default'],
  cssProperties.map(({ name, tier, default: value }) => [code(name), tier, code(value)]),
)}
`;
}
