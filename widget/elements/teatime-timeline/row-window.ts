/** A run of rows: `start` is drawn, `end` is not. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/**
 * Knows how high each row is, or is likely to be, and so which rows of a long list have to be drawn. Rows keep their heights
 * by key while they are not drawn, so that the space left for them is right; after the width changed they are still the best guess.
 */
export class RowWindow {
  readonly #heights = new Map<string, number>();
  readonly #estimate: number;
  #keys: readonly string[] = [];
  #index = new Map<string, number>();
  #offsets = new Float64Array(1);
  #stale = true;

  constructor(estimate: number) {
    this.#estimate = estimate;
  }

  get size(): number {
    return this.#keys.length;
  }

  /** Height of all rows. */
  get total(): number {
    return this.offset(this.size);
  }

  /** Takes over another list of rows. */
  setKeys(keys: readonly string[]): void {
    this.#keys = keys;
    this.#index = new Map(keys.map((key, index) => [key, index]));
    this.#stale = true;
  }

  /** Notes the measured height of a row; true when it is another one than was reckoned with. */
  measure(key: string, height: number): boolean {
    const before = this.#heights.get(key) ?? this.#estimate;
    this.#heights.set(key, height);
    if (before === height) return false;
    this.#stale = true;
    return true;
  }

  /** Place of a row in the list, or -1. */
  indexOf(key: string): number {
    return this.#index.get(key) ?? -1;
  }

  keyAt(index: number): string | undefined {
    return this.#keys[index];
  }

  /** Distance of the row's top from the first row's; of the end, for `size`. */
  offset(index: number): number {
    if (this.#stale) this.#reckon();
    return this.#offsets[Math.max(0, Math.min(index, this.size))] ?? 0;
  }

  /** The row that covers that distance from the top. */
  rowAt(distance: number): number {
    let low = 0;
    let high = Math.max(0, this.size - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.offset(middle) <= distance) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The rows between two distances from the top. */
  slice(from: number, to: number): Slice {
    if (this.size === 0) return { start: 0, end: 0 };
    return { start: this.rowAt(from), end: this.rowAt(to) + 1 };
  }

  #reckon(): void {
    const offsets = new Float64Array(this.size + 1);
    let sum = 0;
    for (const [index, key] of this.#keys.entries()) {
      offsets[index] = sum;
      sum += this.#heights.get(key) ?? this.#estimate;
    }
    offsets[this.size] = sum;
    this.#offsets = offsets;
    this.#stale = false;
  }
}
