/** So many bars fit where a voice message is narrowest. */
const bars = 40;

/** Loudness (0–100) as the outline of bars, 3 units apart and up to 24 high, for an SVG path; a flat line without a waveform. */
export function waveformPath(waveform: readonly number[] | undefined): string {
  const levels = waveform?.length ? resample(waveform, bars) : Array.from({ length: bars }, () => 0);
  return levels
    .map((level, index) => {
      const height = Math.max(2, (level / 100) * 24);
      const top = 12 - height / 2;
      // A bar with round ends: 2 wide, so the ends are half circles of radius 1.
      return `M${index * 3} ${(top + 1).toFixed(1)}a1 1 0 0 1 2 0v${(height - 2).toFixed(1)}a1 1 0 0 1-2 0z`;
    })
    .join('');
}

/** Width of the path in its own units. */
export const waveformWidth = bars * 3 - 1;

/** As many values as asked for: the loudest of those that fall together, so that no peak is lost. */
function resample(values: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * values.length) / count));
    return Math.max(...values.slice(from, to));
  });
}
