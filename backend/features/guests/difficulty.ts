/** Rises with how often an address asks, so that one who brings in many works for each. */
export type Difficulty = (address: string, now?: number) => number;

const windowMs = 10 * 60_000;
/** So many come in at the base from one address, such as from an office, before it rises. */
const free = 8;
const most = 24;

/** Makes it: so many bits at the base, and one more for each doubling of the challenges of the last ten minutes beyond the first eight. */
export const createDifficulty = (baseBits: number): Difficulty => {
  const asked = new Map<string, { count: number; since: number }>();
  let sweptAt = 0;

  return (address, now = Date.now()) => {
    if (now - sweptAt > windowMs) {
      sweptAt = now;
      for (const [key, { since }] of asked) if (now - since > windowMs) asked.delete(key);
    }
    const before = asked.get(address);
    const entry = before && now - before.since <= windowMs ? before : { count: 0, since: now };
    entry.count += 1;
    asked.set(address, entry);
    const more = entry.count <= free ? 0 : Math.ceil(Math.log2(entry.count / free));
    return Math.min(most, baseBits + more);
  };
};
