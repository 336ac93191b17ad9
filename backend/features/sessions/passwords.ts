import { availableParallelism } from 'node:os';
import { hash as hashArgon2, verify as verifyArgon2 } from '@node-rs/argon2';
import { tooMany } from '../../http/rate-limits.ts';

/** Hashing of passwords, no more at once than the machine can do beside its other work. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Without a hash it works as long and answers false: an unknown user takes no less time than a wrong password. */
  verify(hash: string | undefined, password: string): Promise<boolean>;
}

// The floor that OWASP's Password Storage Cheat Sheet gives for argon2id, which is the library's default.
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

// One hash takes some 10 ms of a core: about two seconds of work for each that runs.
const queuedPerWorker = 180;
const queueMs = 2000;
// On a machine that is slower or busier than that, nobody waits longer than this.
const patienceMs = 5000;

/** Makes the hashing of one process. Rejects with `rate_limited` when about two seconds of work are waiting already, or it takes too long to get to it. */
export const createPasswords = (workers = Math.max(1, availableParallelism() - 1)): Passwords => {
  const waiting: (() => void)[] = [];
  let running = 0;

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const since = performance.now();
    if (running >= workers) {
      if (waiting.length >= workers * queuedPerWorker) throw tooMany(queueMs);
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      if (performance.now() - since > patienceMs) throw tooMany(queueMs);
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
  const nobodys = hashArgon2('the password of nobody', cost);
  // Awaited with the first unknown user.
  nobodys.catch(() => undefined);

  return {
    hash: (password) => inTurn(() => hashArgon2(password, cost)),
    verify: (hash, password) =>
      inTurn(async () => {
        const matches = await verifyArgon2(hash ?? (await nobodys), password);
        return matches && hash !== undefined;
      }),
  };
};
