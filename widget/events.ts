import type { Message } from '../protocol/messages.ts';
import type { Me, User } from '../protocol/users.ts';
import type { TeatimeCallIncomingEvent, TeatimeCallStateChangeEvent } from './call-events.ts';
import type { TeatimeFileRejectEvent, TeatimePermissionNeededEvent } from './file-events.ts';
import type { ConnectionState, Failure } from './model/types.ts';

/** What all events of the element share: they bubble, and cross shadow roots up to the page. */
export abstract class TeatimeEvent<Detail> extends CustomEvent<Detail> {
  constructor(type: string, detail: Detail, cancelable = false) {
    super(type, { detail, cancelable, bubbles: true, composed: true });
  }
}

/** The chat is loaded, and it is known whether somebody is signed in. */
export class TeatimeReadyEvent extends TeatimeEvent<{ user: Me | null }> {
  constructor(user: Me | null) {
    super('teatime-ready', { user });
  }
}

/** Something went wrong that the page may want to know of; the person at the screen has been told already. */
export class TeatimeErrorEvent extends TeatimeEvent<{
  code: Failure['code'] | 'configuration' | 'load_failed';
  message: string;
  /** Trying again may help. */
  retryable: boolean;
  /** What the page's developer can do about it. */
  hint: string;
}> {
  constructor(detail: TeatimeErrorEvent['detail']) {
    super('teatime-error', detail);
  }
}

/** The panel was opened or closed. */
export class TeatimeOpenChangeEvent extends TeatimeEvent<{ open: boolean }> {
  constructor(open: boolean) {
    super('teatime-open-change', { open });
  }
}

/** The number of unread messages changed, or is known for the first time. */
export class TeatimeUnreadChangeEvent extends TeatimeEvent<{ unread: number }> {
  constructor(unread: number) {
    super('teatime-unread-change', { unread });
  }
}

/** The line to the server changed. */
export class TeatimeConnectionChangeEvent extends TeatimeEvent<ConnectionState> {
  constructor(connection: ConnectionState) {
    super('teatime-connection-change', connection);
  }
}

/** Somebody has to sign in. A page that does that by itself calls `preventDefault()`, and `signIn(token)` when done. */
export class TeatimeAuthRequiredEvent extends TeatimeEvent<{ reason: 'start' | 'ended' | 'revoked' | 'failed' }> {
  constructor(reason: TeatimeAuthRequiredEvent['detail']['reason']) {
    super('teatime-auth-required', { reason }, true);
  }
}

/** Another conversation is shown, or none. */
export class TeatimeConversationChangeEvent extends TeatimeEvent<{ conversationId: string | null }> {
  constructor(conversationId: string | null) {
    super('teatime-conversation-change', { conversationId });
  }
}

/** A message is about to be sent; `preventDefault()` keeps it from going out, and in the composer. */
export class TeatimeMessageSendEvent extends TeatimeEvent<{
  conversationId: string;
  text: string;
  files: readonly { name: string; size: number; type: string }[];
}> {
  constructor(conversationId: string, text: string, files: TeatimeMessageSendEvent['detail']['files']) {
    super('teatime-message-send', { conversationId, text, files }, true);
  }
}

/** A message from somebody else has come in. */
export class TeatimeMessageEvent extends TeatimeEvent<{ conversationId: string; message: Message; sender: User }> {
  constructor(message: Message, sender: User) {
    super('teatime-message', { conversationId: message.conversationId, message, sender });
  }
}

/** A link in a message was clicked; `preventDefault()` leaves opening it to the page. */
export class TeatimeLinkClickEvent extends TeatimeEvent<{ url: string }> {
  constructor(url: string) {
    super('teatime-link-click', { url }, true);
  }
}

/** The events of `<teatime-chat>` by name. */
export interface TeatimeChatEventMap {
  'teatime-ready': TeatimeReadyEvent;
  'teatime-error': TeatimeErrorEvent;
  'teatime-open-change': TeatimeOpenChangeEvent;
  'teatime-unread-change': TeatimeUnreadChangeEvent;
  'teatime-connection-change': TeatimeConnectionChangeEvent;
  'teatime-auth-required': TeatimeAuthRequiredEvent;
  'teatime-conversation-change': TeatimeConversationChangeEvent;
  'teatime-message-send': TeatimeMessageSendEvent;
  'teatime-message': TeatimeMessageEvent;
  'teatime-file-reject': TeatimeFileRejectEvent;
  'teatime-permission-needed': TeatimePermissionNeededEvent;
  'teatime-call-incoming': TeatimeCallIncomingEvent;
  'teatime-call-state-change': TeatimeCallStateChangeEvent;
  'teatime-link-click': TeatimeLinkClickEvent;
}
