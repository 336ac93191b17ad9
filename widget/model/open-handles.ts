import type { Opened } from './open-conversation.ts';
import type { OpenConversation } from './types.ts';

/** Which conversations somebody looks at, and which were closed not long ago. */
export interface OpenHandles {
  has(conversationId: string): boolean;
  ids(): string[];
  /** Draws an open conversation anew; answers whether it is open. */
  refresh(conversationId: string): boolean;
  open(conversationId: string): OpenConversation;
  /** The conversation is gone. */
  removed(conversationId: string): void;
}

// So many closed conversations keep their newest messages, so that coming back to one is instant.
const keptClosed = 10;

/** `opened` is called with the first handle of a conversation, `closed` with its last, and `dropped` when it is not kept any longer. */
export const createOpenHandles = (options: {
  make(conversationId: string): Opened;
  opened(conversationId: string): void;
  closed(conversationId: string): void;
  dropped(conversationId: string): void;
}): OpenHandles => {
  const open = new Map<string, { readonly opened: Opened; handles: number }>();
  const closedOnes = new Set<string>();

  const close = (id: string) => {
    const entry = open.get(id);
    if (!entry || --entry.handles > 0) return;
    open.delete(id);
    options.closed(id);
    closedOnes.add(id);
    for (const oldest of closedOnes) {
      if (closedOnes.size <= keptClosed) break;
      closedOnes.delete(oldest);
      options.dropped(oldest);
    }
  };

  return {
    has: (id) => open.has(id),
    ids: () => [...open.keys()],
    refresh(id) {
      const entry = open.get(id);
      entry?.opened.refresh();
      return entry !== undefined;
    },
    open(id) {
      let entry = open.get(id);
      if (!entry) {
        closedOnes.delete(id);
        open.set(id, (entry = { opened: options.make(id), handles: 0 }));
        options.opened(id);
        entry.opened.refresh();
      }
      entry.handles++;
      return entry.opened.handle(() => close(id));
    },
    removed: (id) => void closedOnes.delete(id),
  };
};
