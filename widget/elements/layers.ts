import { atom } from 'nanostores';

/** What is open over the panel, the innermost last: each is closed as its own button closes it. */
export const $layers = atom<readonly (() => void)[]>([]);

/** Says that something opened over the panel, which the Back of a phone closes first; returns what takes it from the list. */
export function openLayer(close: () => void): () => void {
  const remove = (): void => {
    const rest = $layers.get().filter((other) => other !== layer);
    if (rest.length < $layers.get().length) $layers.set(rest);
  };
  const layer = (): void => {
    remove();
    close();
  };
  $layers.set([...$layers.get(), layer]);
  return remove;
}
