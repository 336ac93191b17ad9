const mostCharacters = 8_000;
const mostBytes = 32 * 1024;
/** From so many characters left on they are counted down. */
const countFrom = 500;
const encoder = new TextEncoder();

/** How a text stands to the protocol's limits. `left` (negative: too many) is only there when it is worth telling. */
export interface TextLength {
  readonly left?: number;
  /** Few enough characters, but of kinds that take too many bytes. */
  readonly tooBig: boolean;
}

/** Measures a text against what one message can hold: 8,000 code points and 32 KiB of UTF-8. */
export function measureText(text: string): TextLength {
  if (text.length < mostCharacters - countFrom) return { tooBig: false };
  const left = mostCharacters - [...text].length;
  const tooBig = left >= 0 && encoder.encode(text).length > mostBytes;
  return left <= countFrom ? { left, tooBig } : { tooBig };
}

/** What can be stored: no U+0000, no half of a surrogate pair, no white space around it. */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed().trim();
}
