/** Waits until `woken` resolves or so many milliseconds are over. Leaves no timer behind, and keeps no process alive. */
export const pause = async (woken: Promise<void>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
    timer.unref();
  });
  await Promise.race([woken, over]);
  clearTimeout(timer);
};
