/** @typedef {import('./describe-element.js').Element} Element */

const head = '// Generated from the element’s source.\n';
/** Attributes of every element, which each framework has types for. */
const global = new Set(['lang', 'dir', 'nonce']);

const comment = (/** @type {string} */ text) => `/** ${text.replace(/\s*\n\s*/g, ' ').replaceAll('*/', '* /')} */`;
const camelCase = (/** @type {string} */ name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * Typings for each framework's templates, by file name, to be put beside the typings of the widget.
 * @param {Element} element
 * @returns {Record<string, string>}
 */
export function typings(element) {
  return {
    'props.d.ts': props(element),
    'react.d.ts': `${head}import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { EventHandlers, Props } from './props.js';
import type { TeatimeChat } from './widget/element.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'teatime-chat': DetailedHTMLProps<HTMLAttributes<TeatimeChat>, TeatimeChat> & Props & EventHandlers<'on'>;
    }
  }
}
`,
    'preact.d.ts': `${head}import type { ClassAttributes, HTMLAttributes } from 'preact';
import type { EventHandlers, Props } from './props.js';
import type { TeatimeChat } from './widget/element.js';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'teatime-chat': HTMLAttributes<TeatimeChat> & ClassAttributes<TeatimeChat> & Props & EventHandlers<'on'>;
    }
  }
}
`,
    'solid.d.ts': `${head}import type { JSX } from 'solid-js';
import type { EventHandlers, Props } from './props.js';
import type { TeatimeChat } from './widget/element.js';

type OfProp<T> = { [Name in keyof T as \`prop:\${Name & string}\`]?: T[Name] };

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'teatime-chat': JSX.HTMLAttributes<TeatimeChat> & Props & OfProp<Props> & EventHandlers<'on:'>;
    }
  }
}
`,
    'svelte.d.ts': `${head}import type { HTMLAttributes } from 'svelte/elements';
import type { EventHandlers, Props } from './props.js';
import type { TeatimeChat } from './widget/element.js';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'teatime-chat': HTMLAttributes<TeatimeChat> & Props & EventHandlers<'on'> & EventHandlers<'on:'>;
  }
}
`,
    'vue.d.ts': `${head}import type { DefineComponent, HTMLAttributes } from 'vue';
import type { EventListeners, Props } from './props.js';

declare module 'vue' {
  interface GlobalComponents {
    'teatime-chat': DefineComponent<Props & EventListeners & HTMLAttributes>;
  }
}
`,
  };
}

/** @param {Element} element */
function props({ attributes, members, events }) {
  const line = (/** @type {string} */ description, /** @type {string} */ name, /** @type {string} */ type) =>
    `  ${comment(description)}\n  ${/^\w+$/.test(name) ? name : `'${name}'`}?: ${type} | undefined;`;
  const own = attributes.filter(({ name }) => !global.has(name));
  const settable = members.filter(
    (member) => member.kind === 'field' && !member.readonly && !member.static && !member.attribute,
  );
  const inCamelCase = own.filter(({ name, fieldName }) => name !== fieldName);
  return `${head}import type { TeatimeChat } from './widget/element.js';
import type { TeatimeChatEventMap } from './widget/events.js';

/** The attributes of \`<teatime-chat>\`, as HTML has them. */
export interface Attributes {
${own.map(({ name, type, description }) => line(description, name, type.text)).join('\n')}
}

/** What is set as a property: objects and functions, and the attributes whose names are written otherwise in JavaScript. */
export interface Properties {
${[
  ...inCamelCase.map(({ fieldName, type, description }) => line(description, fieldName, type.text)),
  ...settable
    .filter(({ name }) => !own.some((attribute) => attribute.name === name))
    .map(({ name, description }) => line(description, name, `TeatimeChat['${name}']`)),
].join('\n')}
}

/** All that a template may set. */
export interface Props extends Attributes, Properties {}

/** Listeners by the name of the event behind a prefix. */
export type EventHandlers<Prefix extends string> = {
  [Type in keyof TeatimeChatEventMap as \`\${Prefix}\${Type}\`]?: (event: TeatimeChatEventMap[Type]) => void;
};

/** Listeners by names in camel case. */
export interface EventListeners {
${events
  .map(({ name, description }) => {
    const prop = camelCase(`on-${name}`);
    return `  ${comment(description)}\n  ${prop}?: (event: TeatimeChatEventMap['${name}']) => void;`;
  })
  .join('\n')}
}
`;
}
