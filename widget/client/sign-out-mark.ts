/**
 * Remembers on the device that somebody has signed out when the server could not be told: their cookie still works, and only the server can take it
 * away. Until it has, nobody is signed in by it. Kept in memory where the device keeps nothing.
 */
export interface SignOutMark {
  readonly isSet: boolean;
  set(signedOut: boolean): void;
}

/** The mark of a server and site. */
export function createSignOutMark(server: string, site: string): SignOutMark {
  const key = `teatime.signed-out ${server} ${site}`;
  let inMemory = false;
  return {
    get isSet() {
      try {
        return inMemory || localStorage.getItem(key) !== null;
      } catch {
        return inMemory;
      }
    },
    set(signedOut) {
      inMemory = signedOut;
      try {
        if (signedOut) localStorage.setItem(key, '1');
        else localStorage.removeItem(key);
      } catch {
        // Some private modes and sandboxed frames have no storage, and Node has none.
      }
    },
  };
}
