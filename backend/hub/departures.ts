// Longer than any transaction lasts.
const keptMs = 60_000;

/**
 * Memberships that ended a moment ago. A membership is unfollowed before its COMMIT; whoever asks the database in between still reads it,
 * and must not follow it.
 */
export class Departures {
  readonly #at = new Map<string, number>();

  add(userId: string, conversationId: string): void {
    const now = performance.now();
    for (const [key, at] of this.#at) {
      if (at > now - keptMs) break;
      this.#at.delete(key);
    }
    // Deleted first, so that the oldest stay in front.
    this.forget(userId, conversationId);
    this.#at.set(keyOf(userId, conversationId), now);
  }

  /** The membership is back. */
  forget(userId: string, conversationId: string): void {
    this.#at.delete(keyOf(userId, conversationId));
  }

  /** The database is right about this user again: what they were to depart from has failed, or is long done. */
  forgetAll(userId: string): void {
    for (const key of this.#at.keys()) if (key.startsWith(userId)) this.#at.delete(key);
  }

  removeFrom(conversationIds: Set<string>, userId: string): void {
    if (this.#at.size === 0) return;
    for (const id of conversationIds) if (this.has(userId, id)) conversationIds.delete(id);
  }

  has(userId: string, conversationId: string): boolean {
    return (this.#at.get(keyOf(userId, conversationId)) ?? -Infinity) > performance.now() - keptMs;
  }
}

const keyOf = (userId: string, conversationId: string): string => `${userId} ${conversationId}`;
