let asJson = false;

/** From now on answers are JSON, one line each, or words. */
export const printJson = (on: boolean): void => {
  asJson = on;
};

/** Writes an answer: as JSON where that was asked for, else in words. */
export const print = (value: unknown, words: () => string): void => {
  console.log(asJson ? JSON.stringify(value) : words());
};

/** Rows under their headings, in columns. */
export const table = (headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const all = [headings, ...rows.map((row) => row.map(String))];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
