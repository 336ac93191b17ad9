const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A number of bytes as people read it in that language: `950 byte`, `1.2 MB`; in powers of 1000, as file managers count. */
export function fileSize(bytes: number, lang: string): string {
  // Half a unit below the next one is written as that one: "1 MB", never "1,000 kB".
  let power = 0;
  while (power < units.length - 1 && Math.round(bytes / 1000 ** power) >= 1000) power++;
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(lang, {
    style: 'unit',
    unit: units[power]!,
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 1 ? 1 : 0,
  }).format(value);
}
