import type { TeatimeCallIncomingEvent, TeatimeCallStateChangeEvent, TeatimeNotificationEvent } from './call-events.ts';
import type {
  TeatimeAuthRequiredEvent,
  TeatimeConnectionChangeEvent,
  TeatimeConversationChangeEvent,
  TeatimeLinkClickEvent,
  TeatimeMessageEvent,
  TeatimeMessageSendEvent,
  TeatimeReadyEvent,
  TeatimeUnreadChangeEvent,
} from './chat-events.ts';
import type { TeatimeFileRejectEvent, TeatimePermissionNeededEvent } from './file-events.ts';
import type { Failure } from './model/types.ts';

/** What all events of the element share: they bubble, and cross shadow roots up to the page. */
export abstract class TeatimeEvent<Detail> extends CustomEvent<Detail> {
  constructor(type: string, detail: Detail, cancelable = false) {
    super(type, { detail, cancelable, bubbles: true, composed: true });
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
  'teatime-notification': TeatimeNotificationEvent;
  'teatime-link-click': TeatimeLinkClickEvent;
}
