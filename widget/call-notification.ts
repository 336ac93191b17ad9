import { TeatimeNotificationEvent } from './call-events.ts';
import type { Strings } from './locales/strings.ts';
import type { CallView } from './model/types.ts';
import type { TeatimeChat } from './teatime-chat.ts';

/** How long a tab that can be seen has to say so (ms): it shows the call by itself, and no other tab has to. */
const visibleFirstMs = 400;

/** A notification of the system for each call that rings while no tab of this browser can be seen. */
export interface CallNotification {
  /** Somebody calls. */
  ring(call: CallView, words: Strings['calls']): void;
  /** Nobody calls any more. */
  end(): void;
}

/** Makes it; of tabs that ring for the same call one shows it. A click on it brings the page and its chat to the front. */
export function createCallNotification(host: TeatimeChat): CallNotification {
  let stop: (() => void) | undefined;

  const end = (): void => {
    stop?.();
    stop = undefined;
  };

  const ring = (call: CallView, words: Strings['calls']): void => {
    end();
    const tag = `teatime-call-${call.id}`;
    const over = new AbortController();
    let shown: Notification | undefined;
    const look = (): void => {
      shown?.close();
      shown = undefined;
      if (document.visibilityState === 'hidden') shown = show(host, { call, words, tag });
    };
    const turn = async (): Promise<void> => {
      if (over.signal.aborted) return;
      look();
      document.addEventListener('visibilitychange', look, { signal: over.signal });
      await new Promise((resolve) => over.signal.addEventListener('abort', resolve));
    };
    const wait = document.visibilityState === 'visible' ? 0 : visibleFirstMs;
    const timer = setTimeout(() => void alone(tag, turn, over.signal), wait);
    stop = () => {
      clearTimeout(timer);
      over.abort();
      shown?.close();
    };
  };
  return { ring, end };
}

/** Runs `turn` while no other tab runs one for that call. */
async function alone(name: string, turn: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return turn();
  try {
    await locks.request(name, { signal }, turn);
  } catch {
    // It is over; or this is a frame that may not lock anything, and stands alone.
    if (!signal.aborted) await turn();
  }
}

function show(
  host: TeatimeChat,
  { call, words, tag }: { readonly call: CallView; readonly words: Strings['calls']; readonly tag: string },
): Notification | undefined {
  const { id: callId, conversationId, kind, caller } = call;
  const title = words.launcher.ringing(caller?.displayName ?? '');
  const body = kind === 'video' ? words.videoCall : words.audioCall;
  // The page may have a way of its own to tell, which needs no permission.
  const event = new TeatimeNotificationEvent({ kind: 'call', title, body, tag, conversationId, callId });
  if (!host.dispatchEvent(event) || !('Notification' in globalThis) || Notification.permission !== 'granted') return;
  try {
    const shown = new Notification(title, { body, tag, requireInteraction: true });
    shown.addEventListener('click', () => {
      window.focus();
      host.open = true;
      shown.close();
    });
    return shown;
  } catch {
    // Chromium on Android has the class, but lets only service workers use it.
    return;
  }
}
