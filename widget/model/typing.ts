import { atom, type ReadableAtom, type WritableAtom } from 'nanostores';
import type { User } from '../../protocol/users.ts';

/** Who is writing where, and telling others that oneself is. */
export interface Typing {
  of(conversationId: string): ReadableAtom<readonly User[]>;
  heard(conversationId: string, userId: string, typing: boolean): void;
  /** A key was pressed. */
  pressed(conversationId: string): void;
  /** The text was sent or cleared. */
  stopped(conversationId: string): void;
  reset(): void;
}

const repeatMs = 3000;
const forgetMs = 6000;

/** `tell` sends the commands; what is lost is not repeated, for it is out of date soon. */
export const createTyping = (options: {
  tell(type: 'typing.start' | 'typing.stop', conversationId: string): void;
  user(userId: string): User;
}): Typing => {
  const stores = new Map<string, WritableAtom<readonly User[]>>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const toldAt = new Map<string, number>();

  const of = (conversationId: string) => {
    let store = stores.get(conversationId);
    if (!store) stores.set(conversationId, (store = atom<readonly User[]>([])));
    return store;
  };

  const heard = (conversationId: string, userId: string, typing: boolean) => {
    const store = of(conversationId);
    const key = `${conversationId}/${userId}`;
    clearTimeout(timers.get(key));
    timers.delete(key);
    const writing = store.get().some(({ id }) => id === userId);
    if (typing) {
      timers.set(
        key,
        setTimeout(() => heard(conversationId, userId, false), forgetMs),
      );
      if (!writing) store.set([...store.get(), options.user(userId)]);
    } else if (writing) {
      store.set(store.get().filter(({ id }) => id !== userId));
    }
  };

  return {
    of,
    heard,
    pressed(conversationId) {
      const now = Date.now();
      if (now - (toldAt.get(conversationId) ?? 0) < repeatMs) return;
      toldAt.set(conversationId, now);
      options.tell('typing.start', conversationId);
    },
    stopped(conversationId) {
      const told = toldAt.get(conversationId);
      toldAt.delete(conversationId);
      // Others have forgotten an older one by themselves.
      if (told !== undefined && Date.now() - told < forgetMs) options.tell('typing.stop', conversationId);
    },
    reset() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      toldAt.clear();
      for (const store of stores.values()) if (store.get().length > 0) store.set([]);
    },
  };
};
