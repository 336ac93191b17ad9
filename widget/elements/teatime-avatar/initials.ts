/** One or two letters that stand for a name: the first of the first word and of the last one. Never half of a character. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  const letters = [first, last].map((word) => (word ? firstGrapheme(word) : '')).join('');
  return (letters || firstGrapheme(name) || '?').toLocaleUpperCase();
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function firstGrapheme(text: string): string {
  for (const { segment } of segmenter.segment(text.replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}]+/u, '') || text))
    return segment;
  return '';
}
