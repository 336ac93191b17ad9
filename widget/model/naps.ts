/** Waits that can be cut short, each under a key. */
export interface Naps {
  /** Resolves after `ms`, or when it is woken. A key sleeps once at a time: a new nap wakes the one before. */
  nap(key: string, ms: number): Promise<void>;
  has(key: string): boolean;
  wake(key: string): void;
  wakeAll(): void;
}

/** Makes a bed for waits. */
export const createNaps = (): Naps => {
  const wakes = new Map<string, () => void>();
  const wake = (key: string) => wakes.get(key)?.();
  return {
    nap(key, ms) {
      wake(key);
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          wakes.delete(key);
          resolve();
        };
        const timer = setTimeout(end, ms);
        wakes.set(key, end);
      });
    },
    has: (key) => wakes.has(key),
    wake,
    wakeAll() {
      for (const end of wakes.values()) end();
    },
  };
};
