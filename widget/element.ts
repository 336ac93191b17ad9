/** The class of the element without its registration, for pages that give it a name of their own or extend it. */
export { TeatimeChat } from './teatime-chat.ts';
export type * from './call-events.ts';
export type * from './chat-events.ts';
export type * from './events.ts';
export type * from './file-events.ts';
export type { Check, DiagnoseOptions, Diagnosis } from './diagnose/diagnosis.ts';
export type { IconName, Icons } from './icons.ts';
export type { StringOverrides, Strings } from './locales/strings.ts';
export type { CallEndReason, CallViewState, ConnectionState, TokenProvider } from './model/types.ts';
