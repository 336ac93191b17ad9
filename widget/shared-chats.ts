import { createChat } from './model/chat.ts';
import type { Chat, ChatOptions, TokenProvider } from './model/types.ts';
import { tokenProviderOf, type TokenSource } from './token-source.ts';

/** Which chat: elements that ask for the same one share its session and connection. */
export interface ChatKey {
  readonly server: string;
  readonly site: string;
  readonly storage: ChatOptions['storage'];
  /** Where access tokens come from; without one, people sign in by themselves. */
  readonly source?: TokenSource | undefined;
  /** The page's own servers for calls; of elements that share a chat, the first that has some is asked. */
  readonly iceServers?: ChatOptions['iceServers'];
}

/** A hold on a chat. Call `release` once when done. */
export interface SharedChat {
  readonly chat: Chat;
  release(): void;
}

interface Entry extends ChatKey {
  readonly chat: Chat;
  readonly keys: Set<ChatKey>;
  holds: number;
  ending?: ReturnType<typeof setTimeout> | undefined;
}

/** Frameworks take an element out and put it back when they move it or mount it twice: its chat lives on for so long, in ms. */
const graceMs = 1500;

const entries = new Set<Entry>();

/** The chat for that key: the one that runs already, or a new one, started. It ends a moment after its last hold is released. */
export function acquireChat(key: ChatKey): SharedChat {
  const entry = [...entries].find((other) => isSame(other, key)) ?? open(key);
  entry.holds += 1;
  entry.keys.add(key);
  clearTimeout(entry.ending);
  let held = true;
  return {
    chat: entry.chat,
    release() {
      if (!held) return;
      held = false;
      entry.holds -= 1;
      entry.keys.delete(key);
      if (entry.holds === 0) entry.ending = setTimeout(() => end(entry), graceMs);
    },
  };
}

function open(key: ChatKey): Entry {
  const { server, site, storage, source } = key;
  const tokenProvider: TokenProvider | undefined = source && tokenProviderOf(source);
  const keys = new Set<ChatKey>();
  const iceServers = () => [...keys].map((one) => one.iceServers?.()).find(Boolean);
  const chat = createChat({ server, site, storage, iceServers, ...(tokenProvider && { tokenProvider }) });
  const entry: Entry = { ...key, chat, keys, holds: 0 };
  entries.add(entry);
  // What goes wrong shows in `$session` and `$connection`, which is where everybody looks.
  void chat.start().catch(() => undefined);
  return entry;
}

function end(entry: Entry): void {
  entries.delete(entry);
  entry.chat.destroy();
}

function isSame(a: ChatKey, b: ChatKey): boolean {
  return (
    a.server === b.server &&
    a.site === b.site &&
    a.storage === b.storage &&
    a.source?.tokenProvider === b.source?.tokenProvider &&
    a.source?.tokenUrl === b.source?.tokenUrl &&
    a.source?.token === b.source?.token
  );
}
