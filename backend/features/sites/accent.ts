import { Problem } from '../../problem.ts';

/** Of text on a colour: WCAG 2.2 §1.4.3. */
const leastContrast = 4.5;

/**
 * Throws `validation_failed` for a colour on which neither the white nor the near black of the widget can be read, and names the nearest
 * darker one on which it can. These are few, strong and half as light as white.
 */
export const requireReadable = (accent: string): void => {
  const found = contrastOn(accent);
  if (found >= leastContrast) return;
  const message = `has a contrast of ${found.toFixed(2)} to the text on it, below 4.5; ${darker(accent)} would do`;
  throw new Problem('validation_failed', `unable to use the colour ${accent}; it ${message}`, {
    issues: [{ path: 'branding.accent', message }],
  });
};

/**
 * The contrast of a colour to the text that the widget puts on it, which is white on colours darker than 0.57 in OKLCH and near black on others
 * (widget/styles/tokens.ts). In the dark theme the colour itself is made light enough.
 */
export const contrastOn = (color: string): number => {
  const [red, green, blue] = channelsOf(color);
  const rgb: Channels = [linear(red), linear(green), linear(blue)];
  const own = luminance(rgb);
  // Of oklch(0.995 …) and oklch(0.18 …): of greys the luminance is the third power of the lightness.
  const text = lightness(rgb) < 0.57 ? 0.995 ** 3 : 0.18 ** 3;
  return (Math.max(own, text) + 0.05) / (Math.min(own, text) + 0.05);
};

type Channels = readonly [red: number, green: number, blue: number];

const channelsOf = (color: string): Channels => {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
};

/** A channel of sRGB (IEC 61966-2-1) as light, from 0 to 1. */
const linear = (channel: number): number => {
  const part = channel / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};

const luminance = ([red, green, blue]: Channels): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** The L of OKLCH (https://bottosson.github.io/posts/oklab/). */
const lightness = ([red, green, blue]: Channels): number =>
  0.2104542553 * Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) +
  0.793617785 * Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) -
  0.0040720468 * Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);

const darker = (color: string): string => {
  const channels = channelsOf(color);
  for (let part = 0.99; part > 0; part -= 0.01) {
    const next = `#${channels
      .map((channel) =>
        Math.round(channel * part)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`;
    if (contrastOn(next) >= leastContrast) return next;
  }
  return '#000000';
};
