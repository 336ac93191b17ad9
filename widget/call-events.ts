import type { CallKind } from '../protocol/calls.ts';
import type { User } from '../protocol/users.ts';
import { TeatimeEvent } from './events.ts';
import type { CallEndReason, CallViewState } from './model/types.ts';

/** Somebody calls. A page that shows this by itself calls `preventDefault()`: then nothing is shown and nothing rings here; `startCall()` answers, `hangUp()` declines. */
export class TeatimeCallIncomingEvent extends TeatimeEvent<{
  callId: string;
  conversationId: string;
  kind: CallKind;
  caller: User | null;
}> {
  constructor(detail: TeatimeCallIncomingEvent['detail']) {
    super('teatime-call-incoming', detail, true);
  }
}

/** The call that concerns this page has come to another state; `reason` says why it ended. `idle`: there is none any more. */
export class TeatimeCallStateChangeEvent extends TeatimeEvent<{
  callId: string | null;
  conversationId: string | null;
  state: CallViewState | 'idle';
  reason: CallEndReason | null;
}> {
  constructor(detail: TeatimeCallStateChangeEvent['detail']) {
    super('teatime-call-state-change', detail);
  }
}

/** Something has happened while the page cannot be seen, and the system is about to tell of it; `preventDefault()` leaves that to the page. */
export class TeatimeNotificationEvent extends TeatimeEvent<{
  kind: 'call';
  title: string;
  body: string;
  /** The same for all that tells of the same thing. */
  tag: string;
  conversationId: string;
  callId: string;
}> {
  constructor(detail: TeatimeNotificationEvent['detail']) {
    super('teatime-notification', detail, true);
  }
}
