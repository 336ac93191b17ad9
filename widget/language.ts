import type { Strings } from './locales/strings.ts';

/** The language that an element speaks. The object stays the same; English is there from the start, all else is filled in as it comes. */
export interface Language {
  /** BCP 47 tag of the language that is wanted. */
  tag: string;
  /** The launcher's words, when they are not English. */
  launcher?: Strings['launcher'] | undefined;
  /** All other words, when they are not English, and the code of the language that they are in. */
  strings?: Strings | undefined;
  code?: string | undefined;
}

/**
 * The language of the page around an element, also across shadow boundaries, or that of the browser where the page names none. The observer is told
 * from then on when that, or the direction, may have changed.
 */
export function languageAround(host: Element, observer?: MutationObserver): string {
  let lang: string | undefined;
  for (let at: Element | undefined = host; at;) {
    const root = at.getRootNode() as ShadowRoot;
    observer?.observe(root, { subtree: true, attributeFilter: ['lang', 'dir'] });
    lang ||= at.closest<HTMLElement>('[lang]')?.lang;
    at = root.host;
  }
  return lang || navigator.language;
}
