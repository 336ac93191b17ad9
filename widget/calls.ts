import type { ReadableAtom } from 'nanostores';
import type { AppShell } from './app.ts';
import { createCallNotification } from './call-notification.ts';
import { TeatimeCallIncomingEvent, TeatimeCallStateChangeEvent } from './call-events.ts';
import type { Feature, Locale } from './context.ts';
import { byPage } from './elements/teatime-call/by-page.ts';
import { keepDevicesIn, lastDevices } from './elements/teatime-call/last-devices.ts';
import './elements/teatime-call/teatime-call-buttons.ts';
import './elements/teatime-call/teatime-call-entry.ts';
import { TeatimePermissionNeededEvent } from './file-events.ts';
import { createLauncherMark } from './launcher-mark.ts';
import './locales/add-calls.ts';
import type { CallView, Chat, DeviceFault } from './model/types.ts';
import type { TeatimeChat } from './teatime-chat.ts';

/** Fetched with the first call, or when somebody is about to begin one. */
const loadViews = (): Promise<unknown> => import('./elements/teatime-call/teatime-call.ts');

/** How long after a failure the views are fetched again, in ms: a call rings for 45 s. */
const fetchAgainMs = 3_000;

/** The devices that a call needs are told of in the words that voice messages have for them. */
const reasons = {
  denied: 'denied',
  missing: 'missing',
  'in-use': 'busy',
  blocked: 'policy',
  insecure: 'insecure',
  failed: 'failed',
} as const satisfies Record<DeviceFault, TeatimePermissionNeededEvent['detail']['reason']>;

/**
 * Tells the page of calls: events, `:state(in-call)`, a mark on the launcher, and a notification of the system when the page cannot be seen. Returns
 * what ends it.
 */
export function followCalls(
  { host, root, launcher, setState }: AppShell,
  chat: Chat,
  locale: Locale,
  $features: ReadableAtom<ReadonlySet<Feature>>,
): () => void {
  const mark = createLauncherMark(root, launcher);
  let told: CallView | undefined;
  const notification = createCallNotification(host);
  keepDevicesIn(() => storageOf(host));

  const announce = (call: CallView): void => {
    const { id: callId, conversationId, kind, caller } = call;
    const event = new TeatimeCallIncomingEvent({ callId, conversationId, kind, caller: caller ?? null });
    if (!host.dispatchEvent(event)) {
      byPage.add(callId);
      void chat.calls().then((calls) => calls.silence());
    } else notification.ring(call, locale.$strings.get().calls);
  };

  const show = (call: CallView | undefined): void => {
    const state = call?.state ?? 'idle';
    const before = told;
    told = call;
    const isOn = /^(?:outgoing|connecting|connected|reconnecting)$/.test(state);
    setState('in-call', isOn);
    const words = locale.$strings.get().calls.launcher;
    const hidden = call && byPage.has(call.id);
    if (state === 'incoming' && !hidden) mark.show('ringing', words.ringing(call?.caller?.displayName ?? ''));
    else mark.show(isOn ? 'in-call' : undefined, words.inCall);
    if (state !== 'incoming') notification.end();
    if (call) load();
    // A call has no id until the server knows of it.
    if ((before?.state ?? 'idle') === state && (!before?.id || before.id === call?.id)) return;
    host.dispatchEvent(
      new TeatimeCallStateChangeEvent({
        callId: call?.id || null,
        conversationId: call?.conversationId ?? null,
        state,
        reason: call?.reason ?? null,
      }),
    );
    if (call && state === 'incoming' && before?.id !== call.id) {
      announce(call);
      // The page may have taken it over.
      if (byPage.has(call.id)) mark.show(undefined, '');
    }
  };

  const load = (): void => {
    loadViews().catch(() => setTimeout(() => told && load(), fetchAgainMs));
  };

  const ends = [
    chat.$call.subscribe((call) => {
      if ($features.get().has('calls')) return show(call);
      // Nothing is shown of calls here, so nothing may be heard of them either.
      if (call?.state === 'incoming') void chat.calls().then((calls) => calls.silence());
    }),
    chat.onNotice((notice) => {
      if (notice.type !== 'permission') return;
      const { device, reason } = notice;
      const event = new TeatimePermissionNeededEvent(reasons[reason], device);
      if (!host.dispatchEvent(event)) byPage.add(device);
      else byPage.delete(device);
    }),
  ];
  return () => {
    for (const end of ends) end();
    show(undefined);
    mark.remove();
  };
}

/** Where the page lets the choice of devices be kept. */
function storageOf({ offlineStorage, storageConsent }: TeatimeChat): Storage | undefined {
  if (storageConsent === 'pending' || offlineStorage === 'none') return undefined;
  return offlineStorage === 'local' ? localStorage : sessionStorage;
}

/** Calls somebody, or a conversation, by the devices that were chosen last. */
export async function startCall(chat: Chat, target: string | { userId: string }, video: boolean): Promise<void> {
  await (await chat.calls()).start(target, { video, ...lastDevices() });
}

/** Leaves the call that one is in, stops calling, or declines. */
export async function hangUp(chat: Chat): Promise<void> {
  const call = chat.$call.get();
  if (!call || call.state === 'ended') return;
  const calls = await chat.calls();
  await (call.state === 'incoming' ? calls.decline() : calls.leave());
}
