import { TeatimeChat } from './teatime-chat.ts';

// A second copy of the script on one page leaves the first one in place; in Node there is nothing to register with.
if (globalThis.customElements && !customElements.get('teatime-chat'))
  customElements.define('teatime-chat', TeatimeChat);

export { TeatimeChat };
export type * from './events.ts';
export type { Diagnosis } from './diagnose/diagnosis.ts';
export type { StringOverrides, Strings } from './locales/strings.ts';
export type { ConnectionState, TokenProvider } from './model/types.ts';
