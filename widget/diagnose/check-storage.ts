import { createLocalStore } from '../model/device-store.ts';
import type { ChatKey } from '../shared-chats.ts';
import { checked, type Check } from './diagnosis.ts';

/** Whether drafts and unsent messages can be kept where the page's owner wants them. Nothing of it stays. */
export async function checkStorage({ storage }: ChatKey, consent: 'granted' | 'pending'): Promise<Check> {
  if (consent === 'pending') {
    const fix = 'Set storage-consent="granted" once the person has agreed.';
    return checked('storage', 'pending', 'unsent messages are lost with the page until there is consent', fix, 'skip');
  }
  if (storage === 'none') return checked('storage', 'off', 'offline-storage="none"', '', 'skip');
  const tries = {
    local: { IndexedDB: keepDraft, localStorage: () => keepItem('localStorage') },
    session: { sessionStorage: () => keepItem('sessionStorage') },
  }[storage];
  const refusals = await Promise.all(
    Object.entries(tries).map(async ([name, keep]) => {
      try {
        await keep();
        return [];
      } catch (error) {
        return [`${name}: ${error instanceof Error || error instanceof DOMException ? error.name : String(error)}`];
      }
    }),
  );
  const refused = refusals.flat();
  if (refused.length === 0) return checked('storage', 'ok', Object.keys(tries).join(', '));
  const message = `unsent messages are lost with the page: ${refused.join(', ')}`;
  if (self.origin === 'null')
    return checked('storage', 'opaque', message, 'Add allow-same-origin to the sandbox of the iframe.', 'warn');
  const fix =
    self === top
      ? 'Allow this site to keep data in the settings of the browser, or make room.'
      : 'Allow it in the settings of the browser (third-party data), or do not show the page in a frame.';
  return checked('storage', 'refused', message, fix, 'warn');
}

const probe = 'teatime.diagnose';

async function keepDraft(): Promise<void> {
  const store = await createLocalStore(probe);
  try {
    await store.putDraft({ conversationId: probe, text: probe });
  } finally {
    await store.forget();
  }
}

async function keepItem(name: 'localStorage' | 'sessionStorage'): Promise<void> {
  const storage = self[name];
  storage.setItem(probe, '1');
  storage.removeItem(probe);
}
