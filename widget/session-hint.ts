/**
 * Remembers on the device that somebody is signed in to a chat: one mark, nothing secret. With it the closed launcher loads
 * the chat to show what is unread; without it, it loads nothing before it is needed.
 */
const keyOf = (server: string, site: string): string => `teatime.signed-in ${server} ${site}`;

/** True when somebody was signed in here the last time. */
export function hasSessionHint(server: string, site: string): boolean {
  try {
    return localStorage.getItem(keyOf(server, site)) !== null;
  } catch {
    // Storage is refused in some private modes and sandboxed frames.
    return false;
  }
}

/** Keeps or drops the mark. */
export function setSessionHint(server: string, site: string, signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(keyOf(server, site), '1');
    else localStorage.removeItem(keyOf(server, site));
  } catch {
    // Without storage the launcher starts without its badge; everything else works.
  }
}
