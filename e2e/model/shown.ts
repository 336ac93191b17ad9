import { expect } from 'vitest';
import type { OpenConversation } from '../../widget/model/types.ts';

/** What one timeline has shown so far. */
export interface Shown {
  /** Fails when, at any moment, a message was shown twice or out of order, or slipped in before one that was there already. */
  check(): void;
}

/** Watches everything that a timeline shows, from now on. */
export const watchShown = (open: OpenConversation): Shown => {
  const states: { seqs: number[]; keys: string[] }[] = [];
  const stop = open.$timeline.subscribe(({ items }) => {
    const seqs = items.map(({ message }) => message.seq).filter((seq) => seq !== Infinity);
    states.push({ seqs, keys: items.map(({ key }) => key) });
  });
  return {
    check() {
      stop();
      expect(states.length).toBeGreaterThan(0);
      let before: number[] = [];
      for (const { seqs, keys } of states) {
        expect(new Set(keys).size).toBe(keys.length);
        expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
        // What is new is newer than all that was shown; history in front was not asked for here.
        const newest = before.at(-1) ?? -1;
        expect(seqs.filter((seq) => !before.includes(seq)).every((seq) => seq > newest)).toBe(true);
        before = seqs;
      }
    },
  };
};
