import type { ReadableAtom } from 'nanostores';
import type { Context } from './context-protocol.ts';
import type { Format } from './locales/format.ts';
import type { Strings } from './locales/strings.ts';
import type { Chat } from './model/types.ts';

/** The language of the interface. The object stays the same; what changes is in the stores. */
export interface Locale {
  readonly $strings: ReadableAtom<Strings>;
  /** BCP 47 tag of the language that the strings are in, so that dates never mix with them. */
  readonly $lang: ReadableAtom<string>;
  readonly $dir: ReadableAtom<'ltr' | 'rtl'>;
  /** Dates and numbers in `$lang`. */
  readonly $format: ReadableAtom<Format>;
}

/** What a host can switch off by the `features` attribute, such as `features="-groups -typing"`. All are on by default. */
export const featureNames = [
  'register',
  'password',
  'guests',
  'direct',
  'groups',
  'profile',
  'typing',
  'presence',
  'receipts',
  'reactions',
  'replies',
  'editing',
  'files',
  'voice',
  'calls',
  'video',
] as const;
/** How many of them, from the first on, a site must have switched on. */
export const siteFeatures = 5;
/** What a host can switch off. */
export type Feature = (typeof featureNames)[number];

/** The chat that the elements show and call. */
export const chatContext: Context<Chat> = { name: 'teatime-chat' };
/** The words, language and direction. */
export const localeContext: Context<Locale> = { name: 'teatime-locale' };
/** The features that are on. */
export const featuresContext: Context<ReadableAtom<ReadonlySet<Feature>>> = { name: 'teatime-features' };
