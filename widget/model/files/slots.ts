/** A few places that many want: whoever comes first goes first. */
export interface Slots {
  /** Resolves with what gives the place back, once. Rejects with the signal's reason when it fires before. */
  take(signal: AbortSignal): Promise<() => void>;
}

/** Makes so many places. */
export const createSlots = (count: number): Slots => {
  const waiting = new Set<() => void>();
  let free = count;
  return {
    take: (signal) =>
      new Promise((resolve, reject) => {
        let given = false;
        const give = () => {
          if (given) return;
          given = true;
          free++;
          const [next] = waiting;
          next?.();
        };
        const begin = () => {
          signal.removeEventListener('abort', leave);
          waiting.delete(begin);
          free--;
          resolve(give);
        };
        const leave = () => {
          waiting.delete(begin);
          reject(signal.reason);
        };
        if (signal.aborted) return leave();
        if (free > 0) return begin();
        waiting.add(begin);
        signal.addEventListener('abort', leave, { once: true });
        return undefined;
      }),
  };
};
