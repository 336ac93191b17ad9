import type { ReadableAtom } from 'nanostores';

/** Waits until a store has such a value, or for so many milliseconds; answers what it has then. */
export async function becomes<T>(store: ReadableAtom<T>, isSuch: (value: T) => boolean, ms: number): Promise<T> {
  let stop: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    stop = store.subscribe((value) => isSuch(value as T) && resolve());
    setTimeout(resolve, ms);
  });
  stop?.();
  return store.get();
}
