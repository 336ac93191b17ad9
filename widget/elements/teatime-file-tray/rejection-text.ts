import type { FileLimits } from '../../../protocol/files.ts';
import type { TeatimeFileRejectEvent } from '../../file-events.ts';
import type { Strings } from '../../locales/strings.ts';
import { fileSize } from '../file-size.ts';

/** A file that is not taken, with the reason. */
export type Rejection = TeatimeFileRejectEvent['detail']['files'][number];

/** So many files are named; of the others there is only the number. */
const mostNamed = 3;

/** Why files were not taken, in sentences for people. */
export function rejectionTexts(
  rejected: readonly Rejection[],
  words: Strings['tray'],
  limits: FileLimits | undefined,
  lang: string,
): readonly string[] {
  const texts = new Set<string>();
  let others = 0;
  for (const file of rejected) {
    const text = rejectionText(file, words, limits, lang);
    if (texts.has(text)) continue;
    if (texts.size < mostNamed) texts.add(text);
    else others++;
  }
  return others > 0 ? [...texts, words.others(others)] : [...texts];
}

function rejectionText(
  { name, size, reason }: Rejection,
  words: Strings['tray'],
  limits: FileLimits | undefined,
  lang: string,
): string {
  switch (reason) {
    case 'too_large':
      return tooLarge(name, size, limits?.fileBytes ?? 0, words, lang);
    case 'empty':
      return words.empty(name);
    case 'wrong_type':
      return words.wrongType(name);
    case 'too_many':
      return words.tooMany(limits?.filesPerMessage ?? 0);
    case 'off':
      return words.off;
    case 'folder':
      return words.folder(name);
  }
}

function tooLarge(name: string, size: number, limit: number, words: Strings['tray'], lang: string): string {
  const [is, allowed] = [fileSize(size, lang), fileSize(limit, lang)];
  if (is !== allowed) return words.tooLarge(name, is, allowed);
  // "25 MB; the limit is 25 MB" would help nobody.
  const exact = new Intl.NumberFormat(lang, { style: 'unit', unit: 'byte', unitDisplay: 'long' });
  return words.tooLarge(name, exact.format(size), exact.format(limit));
}
