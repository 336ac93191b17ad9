import type { Language } from '../language.ts';
import { countAs, type LanguageCode } from './count.ts';
import { launcher as ar } from './ar/launcher.ts';
import { launcher as de } from './de/launcher.ts';
import { launcher as es } from './es/launcher.ts';
import { launcher as fr } from './fr/launcher.ts';
import { launcher as he } from './he/launcher.ts';
import { launcher as hi } from './hi/launcher.ts';
import { launcher as ja } from './ja/launcher.ts';
import { launcher as ko } from './ko/launcher.ts';
import { launcher as pt } from './pt/launcher.ts';
import { launcher as ru } from './ru/launcher.ts';
import { launcher as zh } from './zh/launcher.ts';
import type { Strings } from './strings.ts';

interface Entry {
  readonly launcher: Strings['launcher'];
  readonly load: () => Promise<Strings>;
}

/** The languages besides English. The launcher's words are here, all others in a chunk of their own. */
export const languages: Readonly<Record<LanguageCode, Entry>> = {
  ar: { launcher: ar, load: () => import('./ar/index.ts').then((pack) => pack.ar) },
  de: { launcher: de, load: () => import('./de/index.ts').then((pack) => pack.de) },
  es: { launcher: es, load: () => import('./es/index.ts').then((pack) => pack.es) },
  fr: { launcher: fr, load: () => import('./fr/index.ts').then((pack) => pack.fr) },
  he: { launcher: he, load: () => import('./he/index.ts').then((pack) => pack.he) },
  hi: { launcher: hi, load: () => import('./hi/index.ts').then((pack) => pack.hi) },
  ja: { launcher: ja, load: () => import('./ja/index.ts').then((pack) => pack.ja) },
  ko: { launcher: ko, load: () => import('./ko/index.ts').then((pack) => pack.ko) },
  pt: { launcher: pt, load: () => import('./pt/index.ts').then((pack) => pack.pt) },
  ru: { launcher: ru, load: () => import('./ru/index.ts').then((pack) => pack.ru) },
  zh: { launcher: zh, load: () => import('./zh/index.ts').then((pack) => pack.zh) },
};

const rightToLeft: ReadonlySet<string | undefined> = new Set(['ar', 'he']);

/** How long after a failure the words are fetched again, in ms: longer each time. */
const fetchAgainMs = 3_000;
const fetchAgainAtMostMs = 60_000;

/** The language to speak where that one is wanted: `pt-PT` → `pt`; `undefined` stands for English, also in the place of what is not spoken. */
export function codeOf(tag: string): LanguageCode | undefined {
  try {
    const { language } = new Intl.Locale(tag);
    return Object.hasOwn(languages, language) ? (language as LanguageCode) : undefined;
  } catch {
    return undefined;
  }
}

const sheets = new WeakMap<ShadowRoot, CSSStyleSheet>();

/**
 * Makes an element speak the language that is wanted: its launcher at once, the rest when `whole` is true and its words are there. Until then, and
 * when they cannot be had, it goes on as it did. `tell` is called whenever something changed.
 */
export async function speak(
  root: ShadowRoot,
  language: Language,
  whole: boolean,
  tell: () => void,
  againMs = fetchAgainMs,
): Promise<void> {
  const code = codeOf(language.tag);
  const entry = code && languages[code];
  language.launcher = entry?.launcher;
  if (code) countAs(code, language.tag);
  direct(root, code);
  if (!entry) language.code = language.strings = undefined;
  tell();
  if (!entry || !whole) return;
  try {
    const strings = await entry.load();
    // Another one may be wanted by now.
    if (codeOf(language.tag) !== code || language.strings === strings) return;
    Object.assign(language, { code, strings });
    tell();
  } catch {
    setTimeout(() => {
      if (!root.host.isConnected || codeOf(language.tag) !== code) return;
      void speak(root, language, whole, tell, Math.min(againMs * 2, fetchAgainAtMostMs));
    }, againMs);
  }
}

/** Where the page names no direction, it is that of the language. The page's own styles win over it, as does any `dir`. */
function direct(root: ShadowRoot, code: LanguageCode | undefined): void {
  const others = root.adoptedStyleSheets.filter((sheet) => sheet !== sheets.get(root));
  if (rightToLeft.has(code) && !hasDirection(root.host)) {
    const sheet = sheets.get(root) ?? new CSSStyleSheet();
    sheet.replaceSync(':host{direction:rtl}');
    sheets.set(root, sheet);
    others.push(sheet);
  }
  root.adoptedStyleSheets = others;
}

/** Whether the element or anything around it names a direction, also across shadow boundaries. */
function hasDirection(host: Element): boolean {
  const root = host.getRootNode();
  return host.closest('[dir]') !== null || (root instanceof ShadowRoot && hasDirection(root.host));
}
