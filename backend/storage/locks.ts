import { Problem } from '../problem.ts';

/** Asks the holder of a lock to end soon. */
type RequestRelease = () => void | Promise<void>;

interface Holder {
  readonly requestRelease: RequestRelease;
  readonly released: Promise<void>;
  readonly release: () => void;
}

/** Locks by name within this process; one that waits asks the holder to end. In the shape that @tus/server wants. */
export interface Locks {
  newLock(id: string): Lock;
  /** Runs something while no other request works on the same upload. */
  hold<T>(id: string, use: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** One lock, to be taken once. */
export interface Lock {
  lock(signal: AbortSignal, requestRelease: RequestRelease): Promise<void>;
  unlock(): Promise<void>;
}

const patienceMs = 10_000;

/** Makes locks. The library's own wait by spinning. */
export const createLocks = (): Locks => {
  const holders = new Map<string, Holder>();

  const newLock = (id: string): Lock => {
    let mine: Holder | undefined;
    return {
      async lock(signal, requestRelease) {
        const end = Date.now() + patienceMs;
        for (let holder = holders.get(id); holder !== undefined; holder = holders.get(id)) {
          await holder.requestRelease();
          if (!(await settlesBefore(holder.released, end - Date.now())) || signal.aborted) throw busy();
        }
        let release = (): void => undefined;
        const released = new Promise<void>((resolve) => {
          release = resolve;
        });
        mine = { requestRelease, released, release };
        holders.set(id, mine);
      },
      async unlock() {
        if (mine === undefined || holders.get(id) !== mine) return;
        holders.delete(id);
        mine.release();
      },
    };
  };

  return {
    newLock,
    async hold(id, use) {
      const cancelled = new AbortController();
      const lock = newLock(id);
      await lock.lock(cancelled.signal, () => cancelled.abort());
      try {
        return await use(cancelled.signal);
      } finally {
        await lock.unlock();
      }
    },
  };
};

const settlesBefore = async (promise: Promise<void>, ms: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, ms));
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
};

const busy = (): Problem => new Problem('conflict', 'unable to take the request; another one works on the same upload');
