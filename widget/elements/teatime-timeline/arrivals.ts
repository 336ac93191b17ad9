import type { TimelineItem } from '../../model/types.ts';

/** Tells what is new at the end of a timeline since it was last looked at; history that is loaded is not. */
export class Arrivals {
  #lastKey: string | undefined;
  #started = false;

  /** Others' messages that came in since, and whether one wrote something oneself. The first look finds nothing new. */
  take(items: readonly TimelineItem[]): { fresh: readonly TimelineItem[]; sent: boolean } {
    let from = items.length;
    if (this.#started) {
      while (from > 0 && items[from - 1]?.key !== this.#lastKey) from--;
      // The last one known may be gone (discarded); then nothing can be said to be new.
      if (from === 0 && this.#lastKey !== undefined) from = items.length;
    }
    const added = items.slice(from);
    this.#started = true;
    this.#lastKey = items.at(-1)?.key;
    return { fresh: added.filter(({ own }) => !own), sent: added.some(({ own }) => own) };
  }
}
