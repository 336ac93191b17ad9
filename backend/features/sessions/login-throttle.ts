import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Config } from '../../config.ts';
import { tooMany } from '../../http/rate-limits.ts';

/** Who tries to sign in: the address, and the account or, where a device is known to belong to it, that device. */
export interface Attempt {
  readonly address: string;
  readonly account: string;
}

/** Slows down guessing. */
export interface LoginThrottle {
  /** Rejects with `rate_limited` while the account or the address has to wait. */
  check(attempt: Attempt): Promise<void>;
  failed(attempt: Attempt): Promise<void>;
  succeeded(attempt: Attempt): Promise<void>;
}

const quarterOfAnHour = 15 * 60;
const day = 24 * 60 * 60;

/**
 * Counts wrong passwords: by account, where each one beyond the first few doubles the wait from a second up to a quarter of an hour, and by
 * address, whatever the account.
 */
export const createLoginThrottle = ({ limits }: Pick<Config, 'limits'>): LoginThrottle => {
  const byAddress = new RateLimiterMemory({
    points: limits.loginFailuresPerAddress,
    duration: quarterOfAnHour,
    keyPrefix: 'address',
  });
  // Only counts; what follows from the count is below.
  const failures = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: day, keyPrefix: 'account' });
  const waits = new RateLimiterMemory({ points: 1, duration: 1, keyPrefix: 'wait' });

  return {
    async check({ address, account }) {
      const seen = await byAddress.get(address);
      if (seen && seen.remainingPoints <= 0) throw tooMany(seen.msBeforeNext);
      const wait = await waits.get(account);
      if (wait && wait.remainingPoints <= 0) throw tooMany(wait.msBeforeNext);
    },
    async failed({ address, account }) {
      await byAddress.penalty(address);
      const { consumedPoints } = await failures.penalty(account);
      const beyond = consumedPoints - limits.loginFailuresBeforeDelay;
      if (beyond >= 0) await waits.block(account, Math.min(quarterOfAnHour, 2 ** Math.min(beyond, 12)));
    },
    async succeeded({ account }) {
      await Promise.all([failures.delete(account), waits.delete(account)]);
    },
  };
};
