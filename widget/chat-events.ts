import type { Message } from '../protocol/messages.ts';
import type { Me, User } from '../protocol/users.ts';
import { TeatimeEvent } from './events.ts';
import type { ConnectionState } from './model/types.ts';

/** The chat is loaded, and it is known whether somebody is signed in. */
export class TeatimeReadyEvent extends TeatimeEvent<{ user: Me | null }> {
  constructor(user: Me | null) {
    super('teatime-ready', { user });
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
