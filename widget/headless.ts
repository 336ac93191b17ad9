/**
 * The chat without pixels: what the element is made of below its interface. Without Lit and without a document, in browsers and in Node.
 *
 * `createChat({ server, site, storage })` makes one; `start()` restores the session and connects; `signIn`, `register` or a `tokenProvider` say who one
 * is. The `$` stores (`$session`, `$connection`, `$conversations`, `$unread`, `$call`) hold what is the case now: `get()` reads, `subscribe()` follows.
 * `open(conversationId)` gives a conversation with its timeline and what one does in it, `calls()` what one does in calls, `destroy()` ends it all.
 */
export { createChat, ChatError, failureOf } from './model/chat.ts';
export type * from './model/types.ts';
export type { Message } from '../protocol/messages.ts';
export type { Me, User } from '../protocol/users.ts';
