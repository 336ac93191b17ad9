import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config } from '../config.ts';
import { Problem } from '../problem.ts';

/** Counts one try of somebody; rejects with `rate_limited` when they have had enough. */
export type Limit = (key: string) => Promise<void>;

/** So many tries of one key in so many seconds. */
export const createLimit = (points: number, seconds: number): Limit =>
  asLimit(new RateLimiterMemory({ points, duration: seconds }));

/**
 * What one user may send: so many messages a second for as long as they like, and a burst first. Exact, by the generic cell rate algorithm (ITU-T I.371):
 * all that is kept of somebody is when they will have used up what they sent.
 */
export const createMessageLimit = ({ limits }: Pick<Config, 'limits'>): Limit => {
  const intervalMs = 1000 / limits.messagesPerSecond;
  const toleranceMs = intervalMs * (limits.messageBurst - 1);
  const usedUpAt = new Map<string, number>();
  let sweptAt = performance.now();

  const sweep = (now: number): void => {
    if (now - sweptAt < sweepMs) return;
    sweptAt = now;
    for (const [key, at] of usedUpAt) if (at <= now) usedUpAt.delete(key);
  };

  return async (key) => {
    const now = performance.now();
    sweep(now);
    const from = Math.max(now, usedUpAt.get(key) ?? 0);
    const early = from - now - toleranceMs;
    // Less than a microsecond too early is what floating point does.
    if (early > 0.001) throw tooMany(early);
    usedUpAt.set(key, from + intervalMs);
  };
};

const sweepMs = 60_000;

const asLimit =
  (limiter: RateLimiterMemory): Limit =>
  async (key) => {
    try {
      await limiter.consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw tooMany(error.msBeforeNext);
    }
  };

/** The refusal of a try that comes too soon. */
export const tooMany = (retryAfterMs: number): Problem =>
  new Problem('rate_limited', 'unable to go on; there were too many tries, wait a moment', {
    retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)),
  });
