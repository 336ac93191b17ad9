/**
 * A token bucket (Turner 1986): `burst` at once, `perSecond` sustained. Refused tries are charged as well, so that a flood never
 * comes back to zero; it may sink to minus one burst, and below that it is `flooded`.
 */
export class Budget {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, burst: number, now: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes one; `now` is in milliseconds and does not go back. */
  take(now: number): 'granted' | 'refused' | 'flooded' {
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
    this.#tokens -= 1;
    if (this.#tokens >= 0) return 'granted';
    if (this.#tokens >= -this.#burst) return 'refused';
    this.#tokens = -this.#burst;
    return 'flooded';
  }

  /** Milliseconds until a try would be granted. */
  get retryAfterMs(): number {
    return Math.max(1, Math.ceil((1 - this.#tokens) / this.#perMs));
  }
}
