import { atom } from 'nanostores';
import type { Locale } from './context.ts';

import { createFormat } from './locales/format.ts';
import { $english } from './locales/phrases.ts';
import { derive } from './model/derive.ts';
import { withOverrides, type StringOverrides, type Strings } from './locales/strings.ts';

/** A locale that follows an element: its language, its direction and the page's own wording. */
export interface ElementLocale extends Locale {
  /** Looks again; call it when something changed on the element. */
  refresh(overrides: StringOverrides | undefined): void;
  disconnect(): void;
}

/** The locale for an element, also when `lang` or `dir` changes on the page around it. */
export function createLocale(host: HTMLElement, overrides: StringOverrides | undefined): ElementLocale {
  const $strings = atom<Strings>($english.get());
  const $lang = atom('en');
  const $dir = atom<'ltr' | 'rtl'>('ltr');
  let words = overrides;
  const refresh = (next = words): void => {
    words = next;
    $strings.set(withOverrides($english.get(), words));
    $lang.set(languageOf(host, words !== undefined));
    $dir.set(getComputedStyle(host).direction === 'rtl' ? 'rtl' : 'ltr');
  };
  refresh();
  const observer = new MutationObserver(() => refresh());
  const stop = $english.listen(() => refresh());
  observer.observe(document.documentElement, { attributeFilter: ['lang', 'dir'] });
  return {
    $strings,
    $lang,
    $dir,
    $format: derive($lang, createFormat),
    refresh: (next) => refresh((words = next)),
    disconnect() {
      stop();
      observer.disconnect();
    },
  };
}

/**
 * The language to write dates in: the page's, if the words are in it too. English words go with any English (`en-GB`);
 * with the page's own words it is the page's language.
 */
function languageOf(host: HTMLElement, ownWords: boolean): string {
  const wanted = host.closest<HTMLElement>('[lang]')?.lang || navigator.language;
  let tag: string | undefined;
  try {
    [tag] = Intl.getCanonicalLocales(wanted);
  } catch {
    // Not a language tag: as if there were none.
  }
  return tag && (ownWords || new Intl.Locale(tag).language === 'en') ? tag : 'en';
}
