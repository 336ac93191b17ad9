import { atom } from 'nanostores';
import type { Locale } from './context.ts';
import { languageAround, type Language } from './language.ts';
import { createFormat } from './locales/format.ts';
import { $english } from './locales/phrases.ts';
import { withOverrides, type StringOverrides, type Strings } from './locales/strings.ts';
import { derive } from './model/derive.ts';

/** A locale that follows an element: its language, its direction and the page's own wording. */
export interface ElementLocale extends Locale {
  /** Looks again; call it when something changed on the element or in its language. */
  refresh(overrides: StringOverrides | undefined): void;
  disconnect(): void;
}

/** The locale for an element that speaks that language. */
export function createLocale(
  host: HTMLElement,
  overrides: StringOverrides | undefined,
  language: Language = { tag: languageAround(host) },
): ElementLocale {
  const $strings = atom<Strings>($english.get());
  const $lang = atom('en');
  const $dir = atom<'ltr' | 'rtl'>('ltr');
  const refresh = (words: StringOverrides | undefined): void => {
    overrides = words;
    $lang.set(tagFor(language, words !== undefined));
    $strings.set(withOverrides(language.strings ?? $english.get(), words));
    $dir.set(getComputedStyle(host).direction === 'rtl' ? 'rtl' : 'ltr');
  };
  refresh(overrides);
  return {
    $strings,
    $lang,
    $dir,
    $format: derive($lang, createFormat),
    refresh,
    disconnect: $english.listen(() => refresh(overrides)),
  };
}

/**
 * The language to write dates in: the one that is wanted, with its region, if the words are in it (`de-AT` with German words); with the page's own
 * words it is the page's language.
 */
function tagFor({ tag: wanted, code = 'en' }: Language, ownWords: boolean): string {
  let tag: string | undefined;
  try {
    [tag] = Intl.getCanonicalLocales(wanted);
  } catch {
    // Not a language tag: as if there were none.
  }
  return tag && (ownWords || new Intl.Locale(tag).language === code) ? tag : code;
}
