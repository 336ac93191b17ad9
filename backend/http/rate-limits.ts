import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config } from '../config.ts';
import { Problem } from '../problem.ts';

/** Counts one try of somebody; rejects with `rate_limited` when they have had enough. */
export type Limit = (key: string) => Promise<void>;

type Limiter = Pick<RateLimiterMemory, 'consume'>;

/** So many tries of one key in so many seconds. */
export const createLimit = (points: number, seconds: number): Limit =>
  asLimit(new RateLimiterMemory({ points, duration: seconds }));

/** What one user may send: so many messages a second, and a burst now and then. */
export const createMessageLimit = ({ limits }: Pick<Config, 'limits'>): Limit => {
  const { messagesPerSecond: steady, messageBurst: burst } = limits;
  const extra = Math.max(1, burst - steady);
  return asLimit(
    new BurstyRateLimiter(
      new RateLimiterMemory({ points: steady, duration: 1, keyPrefix: 'steady' }),
      // The burst is earned back in the time that as many messages take at the steady pace.
      new RateLimiterMemory({ points: extra, duration: Math.ceil(extra / steady) * 5, keyPrefix: 'burst' }),
    ) as unknown as Limiter,
  );
};

const asLimit =
  (limiter: Limiter): Limit =>
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
