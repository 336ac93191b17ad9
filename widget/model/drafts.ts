import { atom, type ReadableAtom, type WritableAtom } from 'nanostores';
import { joinTabs } from '../client/tabs.ts';
import type { DeviceStore, StoredDraft } from './device-store.ts';
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

/** `opening` is where drafts are kept; what it refuses lives on in memory. Tabs that share `scope` and the place agree on them. */
export const createDrafts = (opening: Promise<DeviceStore>, scope: string): Drafts => {
  const stores = new Map<string, WritableAtom<Draft>>();
  const touched = new Set<string>();
  const unsaved = new Map<string, Draft>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = ({ conversationId, text, replyTo }: StoredDraft) =>
    stores.get(conversationId)?.set({ text, ...(replyTo && { replyTo }) });

  const tabs = joinTabs<StoredDraft>(`drafts:${scope}`, (draft) => {
    const { conversationId } = draft;
    const store = stores.get(conversationId);
    // Whoever writes here goes on writing.
    if (!store || store.get().editing || unsaved.has(conversationId)) return;
    touched.add(conversationId);
    show(draft);
  });

  const keep = async (draft: StoredDraft) => {
    const store = await opening;
    if (store.shared) tabs.post(draft);
    await store.putDraft(draft);
  };

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const [conversationId, { text, replyTo, editing }] of unsaved) {
      // An edit half done is of no use later, and must not pass for a new message.
      const draft = editing ? { conversationId, text: '' } : { conversationId, text, ...(replyTo && { replyTo }) };
      keep(draft).catch(() => {});
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
      if (kept && !touched.has(conversationId)) show(kept);
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
      // After what was flushed last.
      void opening.then(() => tabs.close());
    },
  };
};
