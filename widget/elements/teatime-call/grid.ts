/** The shape that tiles have at best: a camera's picture between upright and wide. */
const best = 1.4;

/** In how many columns so many tiles are largest in a box of that shape (width by height). */
export function columnsFor(count: number, ratio: number): number {
  let columns = 1;
  let largest = 0;
  for (let tried = 1; tried <= count; tried++) {
    const width = ratio / tried;
    const height = 1 / Math.ceil(count / tried);
    const side = Math.min(width / best, height);
    if (side > largest + 1e-9) [columns, largest] = [tried, side];
  }
  return columns;
}

/**
 * The column that a tile begins in when each takes two, so that a last row that is not full stands in the middle; `undefined` for tiles that follow
 * the one before them.
 */
export function columnOf(index: number, count: number, columns: number): number | undefined {
  const rest = count % columns;
  return rest > 0 && index === count - rest ? columns - rest + 1 : undefined;
}
