import { atom, type ReadableAtom, type WritableAtom } from 'nanostores';
import type { DeviceStore } from './device-store.ts';
import type { Draft } from './types.ts';

/** What is being written in each conversation, kept on the device but for edits. */
export interface Drafts {
  of(conversationId: string): ReadableAtom<Draft>;
  set(conversationId: string, draft: Draft): void;
  /** Keeps what has not been kept yet. */
  flush(): void;
  /** Keeps nothing more. */
  close(): void;
}

const gatherMs = 300;

/** `opening` is where drafts are kept; what it refuses lives on in memory. */
export const createDrafts = (opening: Promise<DeviceStore>): Drafts => {
  const stores = new Map<string, WritableAtom<Draft>>();
  const touched = new Set<string>();
  const unsaved = new Map<string, Draft>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const [conversationId, { text, replyTo, editing }] of unsaved) {
      // An edit half done is of no use later, and must not pass for a new message.
      const draft = editing ? { conversationId, text: '' } : { conversationId, text, ...(replyTo && { replyTo }) };
      opening.then((store) => store.putDraft(draft)).catch(() => {});
    }
    unsaved.clear();
  };

  const of = (conversationId: string): WritableAtom<Draft> => {
    const known = stores.get(conversationId);
    if (known) return known;
    const store = atom<Draft>({ text: '' });
    stores.set(conversationId, store);
    const restore = async () => {
      const kept = await (await opening).draft(conversationId);
      if (!kept || touched.has(conversationId)) return;
      store.set({ text: kept.text, ...(kept.replyTo && { replyTo: kept.replyTo }) });
    };
    restore().catch(() => {});
    return store;
  };

  return {
    of,
    set(conversationId, draft) {
      touched.add(conversationId);
      of(conversationId).set(draft);
      unsaved.set(conversationId, draft);
      timer ??= setTimeout(flush, gatherMs);
    },
    flush,
    close() {
      clearTimeout(timer);
      unsaved.clear();
    },
  };
};
