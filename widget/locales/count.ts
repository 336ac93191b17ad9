import { plural } from './plural.ts';

/** The CLDR plural categories of each language besides English, so that the type checker names a form that is missing. */
export const categories = {
  ar: ['zero', 'one', 'two', 'few', 'many', 'other'],
  de: ['one', 'other'],
  es: ['one', 'many', 'other'],
  fr: ['one', 'many', 'other'],
  he: ['one', 'two', 'other'],
  hi: ['one', 'other'],
  ja: ['other'],
  ko: ['other'],
  pt: ['one', 'many', 'other'],
  ru: ['one', 'few', 'many', 'other'],
  zh: ['other'],
} as const satisfies Record<string, readonly Intl.LDMLPluralRule[]>;

/** A language that the widget speaks besides English. */
export type LanguageCode = keyof typeof categories;

const regions = new Map<string, string>();

/** Writes the numbers in the phrases of a language as a region does: `ar-EG` has digits of its own, `ar-MA` has not. */
export function countAs(lang: LanguageCode, tag: string): void {
  regions.set(lang, tag);
}

/** What picks the form of a phrase that goes with a number, and writes the number in the place of `#`. */
export function counter<L extends LanguageCode>(
  lang: L,
): (n: number, forms: Readonly<Record<(typeof categories)[L][number] | 'other', string>>) => string {
  return (n, forms) => plural(regions.get(lang) ?? lang, n, forms);
}

/** What writes how long something took: `40 s`, `4 min`, `1 h 20 min`, as the language writes it. */
export function lasting(lang: LanguageCode): (ms: number) => string {
  return (ms) => {
    const unit = (value: number, name: 'second' | 'minute' | 'hour'): string =>
      value.toLocaleString(regions.get(lang) ?? lang, { style: 'unit', unit: name, unitDisplay: 'short' });
    const minutes = Math.round(ms / 60_000);
    if (ms < 59_500) return unit(Math.max(1, Math.round(ms / 1000)), 'second');
    if (minutes < 60) return unit(minutes, 'minute');
    const hours = unit(Math.floor(minutes / 60), 'hour');
    return minutes % 60 ? `${hours} ${unit(minutes % 60, 'minute')}` : hours;
  };
}
