import { svg, type SVGTemplateResult } from 'lit';

/** So many bars are drawn at most: what a wide conversation shows. */
const mostBars = 240;
/** Units from bar to bar, and of the height. */
const step = 4;
const height = 32;

/** The last levels (0–100) as bars that move in from the end; as wide as there is room. */
export function liveLevels(levels: readonly number[]): SVGTemplateResult {
  const shown = levels.slice(-mostBars);
  const width = mostBars * step;
  const bars = shown.map((level, index) => {
    const x = width - (shown.length - index) * step + step / 2;
    const half = Math.max(1, (level / 100) * (height / 2 - 1));
    return `M${x} ${(height / 2 - half).toFixed(1)}v${(half * 2).toFixed(1)}`;
  });
  return svg`<svg class="levels flip" viewBox="0 0 ${width} ${height}" preserveAspectRatio="xMaxYMid slice" aria-hidden="true">
    <path d=${bars.join('')}></path>
  </svg>`;
}
