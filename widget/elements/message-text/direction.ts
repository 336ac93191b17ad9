// Letters of the scripts that run from right to left (Unicode bidirectional classes R and AL): Hebrew to Arabic Extended,
// their presentation forms, and the historic and African ones of the supplementary plane.
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * The direction of a text by its first letter, as `dir="auto"` would have it; nothing when there is none. The attribute itself
 * would look through the whole text again for each piece of it that is put in, which takes seconds for a message full of links.
 */
export function directionOf(text: string): 'ltr' | 'rtl' | undefined {
  const letter = /\p{L}/u.exec(text)?.[0];
  if (letter === undefined) return undefined;
  return rightToLeft.test(letter) ? 'rtl' : 'ltr';
}
