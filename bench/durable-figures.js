/** What is said: as long as most chat messages, and never twice the same. */
export const textOf = (number) => `Shall we meet at the usual place, say at ${number}?`;

/**
 * Keeps `callers` calls in flight, or starts `rate` of them a second, for so many seconds; returns how many ended in a second and how long they took.
 */
export const measureCalls = async ({ callers, rate, seconds }, call) => {
  const took = [];
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const one = async (at, number) => {
    const start = performance.now();
    await call(at, number);
    took.push(performance.now() - start);
  };
  if (rate === undefined) {
    await Promise.all(
      Array.from({ length: callers }, async (_, at) => {
        for (let number = 0; performance.now() < end; number += 1) await one(at, number);
      }),
    );
  } else {
    const running = [];
    for (let number = 0; performance.now() < end;) {
      // As many as are due by now: a late timer makes up for what it missed.
      for (; number < ((performance.now() - begin) / 1000) * rate; number += 1) running.push(one(number * 7, number));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(running);
  }
  took.sort((a, b) => a - b);
  return {
    perSecond: (took.length / (performance.now() - begin)) * 1000,
    p50: took[took.length >> 1],
    p99: took[Math.floor(took.length * 0.99)],
  };
};
