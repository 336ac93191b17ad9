import { signature } from './element-page.js';

/** @typedef {import('./describe-element.js').Element} Element */

const flat = (/** @type {string} */ text) => text.replace(/\s*\n\s*/g, ' ');

/**
 * What a language model has to know to embed the chat, in the form of https://llmstxt.org.
 * @param {Element} element
 */
export function llms({ description, attributes, members, events, slots, cssParts, cssStates, cssProperties }) {
  const list = (/** @type {readonly (readonly [string, string])[]} */ items) =>
    items.map(([name, text]) => `- \`${name}\`${text ? `: ${flat(text)}` : ''}`).join('\n');
  const named = (/** @type {readonly import('./describe-element.js').Named[]} */ items) =>
    list(items.map(({ name, description: text }) => [name, text]));
  return `# TeaTime

<!-- Generated from the element's source by scripts/describe.js. -->

> One tag, \`<teatime-chat>\`, that gives any web page a people-to-people messenger with calls, and the self-hosted server behind it.

${flat(description)}

Embed it by two lines; the origin of the page must be in the server's \`ALLOWED_ORIGINS\`:

\`\`\`html
<script type="module" src="https://chat.example.com/teatime-chat.js"></script>
<teatime-chat server="https://chat.example.com" mode="launcher"></teatime-chat>
\`\`\`

From npm: \`import 'teatime'\` registers the element, \`teatime/element\` exports its class alone, \`teatime/react\` a component for React up to 18, \`teatime/client\` the chat
without an interface (\`createChat\`), \`teatime/loader\` the script that shows the launcher at once. Typings for templates: \`teatime/types/react\`, \`preact\`, \`solid\`, \`svelte\`, \`vue\`.

## Docs

- [The element](docs/element.md): attributes, properties, methods, events, slots, parts, states and tokens with their types and defaults
- [The package](docs/packages.md): exports, loader, typings, integrity
- [Files](docs/files.md) and [calls](docs/calls.md): what page and server need for them
- [Diagnosis](docs/diagnose.md): what diagnose() looks at, and its codes
- [Architecture](docs/architecture.md): how it works

## Attributes

${named(attributes)}

## Properties

${list(members.filter(({ kind, attribute }) => kind === 'field' && !attribute).map(({ name, description: text }) => [name, text]))}

## Methods

${list(members.filter(({ kind }) => kind === 'method').map((method) => [signature(method), method.description]))}

## Events

${list(events.map(({ name, description: text, cancelable }) => [name, cancelable ? `${text} Cancelable.` : text]))}

## Slots

${named(slots)}

## Parts

${named(cssParts)}

## States

${named(cssStates)}

## Tokens

${list(cssProperties.map(({ name, default: value }) => [name, value]))}
`;
}
