import { createHash } from 'node:crypto';

// Longer than a ticket lasts, with room for clocks that differ.
const keptMs = 180_000;

/** Tickets that have opened a socket. URLs end up in the logs of proxies: who reads a ticket there must come too late. */
export class UsedTickets {
  readonly #at = new Map<string, number>();

  /** Keeps that a ticket is used; false when it was already. */
  use(fingerprint: string): boolean {
    const now = performance.now();
    for (const [key, at] of this.#at) {
      if (at > now - keptMs) break;
      this.#at.delete(key);
    }
    if (this.#at.has(fingerprint)) return false;
    this.#at.set(fingerprint, now);
    return true;
  }
}

/** What a ticket is remembered by, so that nobody can use what is remembered. */
export const fingerprintOf = (ticket: string): string => createHash('sha256').update(ticket).digest('base64url');
