import { isEmpty, type DeviceStore, type OutboxEntry, type StoredDraft } from './device-store.ts';

/** Keeps for as long as the tab lives, reloads included. Throws when the page may not use session storage. */
export const createSessionStore = (scope: string, storage: Storage = sessionStorage): DeviceStore => {
  const prefix = `teatime:${scope}:`;
  const read = <T>(key: string): T | undefined => {
    const text = storage.getItem(prefix + key);
    return text === null ? undefined : (JSON.parse(text) as T);
  };
  const write = (key: string, value: unknown) => storage.setItem(prefix + key, JSON.stringify(value));
  const keys = () => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  return {
    shared: false,
    entries: async () =>
      keys()
        .filter((key) => key.startsWith(`${prefix}outbox:`))
        .flatMap((key) => read<OutboxEntry>(key.slice(prefix.length)) ?? []),
    // Session storage takes no files, and a message without its files is none.
    put: async (entry) => (entry.uploads ? undefined : write(`outbox:${entry.clientId}`, entry)),
    remove: async (clientId) => storage.removeItem(`${prefix}outbox:${clientId}`),
    has: async () => true,
    draft: async (conversationId) => read<StoredDraft>(`draft:${conversationId}`),
    putDraft: async (draft) =>
      isEmpty(draft)
        ? storage.removeItem(`${prefix}draft:${draft.conversationId}`)
        : write(`draft:${draft.conversationId}`, draft),
    async forget() {
      for (const key of keys()) if (key.startsWith(prefix)) storage.removeItem(key);
    },
    close: () => {},
  };
};
