import { describe, expect, it } from 'vitest';
import { categories, countAs, type LanguageCode } from './count.ts';
import { enAvatar } from './en-avatar.ts';
import { enCalls } from './en-calls.ts';
import { enErrors } from './en-errors.ts';
import { enFiles } from './en-files.ts';
import { enGuest } from './en-guest.ts';
import { enLater } from './en-later.ts';
import { enNotices } from './en-notices.ts';
import { enPassword } from './en-password.ts';
import { enRegistration } from './en-registration.ts';
import { en } from './en.ts';
import { codeOf, languages } from './languages.ts';
import { sameAsEnglish } from './same-as-english.ts';
import type { Strings } from './strings.ts';

const english: Strings = {
  ...en,
  ...enLater,
  ...enFiles,
  ...enCalls,
  ...enNotices,
  errors: enErrors,
  registration: enRegistration,
  guest: enGuest,
  password: enPassword,
  avatar: enAvatar,
};

type Filled = (...values: unknown[]) => string;

/** Every phrase by its path, such as `list.unread`: a text, or a function that fills something in. */
function phrasesOf(strings: unknown, path = ''): Map<string, string | Filled> {
  if (typeof strings === 'string' || typeof strings === 'function')
    return new Map([[path, strings as string | Filled]]);
  return new Map(
    Object.entries(strings as object).flatMap(([key, value]) => [...phrasesOf(value, path ? `${path}.${key}` : key)]),
  );
}

const reference = phrasesOf(english);
const calls = (['audio', 'video'] as const).flatMap((kind) =>
  (['completed', 'missed', 'declined', 'cancelled', 'busy', 'failed'] as const).flatMap((outcome) =>
    [0, 40_000, 61_000, 4_800_000].flatMap((durationMs) =>
      [true, false].map((own) => [{ kind, outcome, durationMs }, own]),
    ),
  ),
);
const counts = [0, 1, 2, 5, 11, 100];

/** What a phrase is tried with: each list is one call. Numbers and names may stand for each other. */
function samplesFor(path: string): readonly (readonly unknown[])[] {
  if (path === 'calls.entry.text') return calls;
  if (path.startsWith('calls.problem.')) return [['microphone'], ['camera'], ['screen']];
  return [['Ada', 'Ben', 'Cy'], ...counts.map((n) => [n, n, n])];
}

/** Letters besides those that were filled in: without them there is nothing to translate. */
const hasWords = (text: string): boolean => /\p{L}/u.test(text.replaceAll(/Ada|Ben|Cy/g, ''));

describe.each(Object.keys(languages) as LanguageCode[])('%s', async (lang) => {
  const strings = await languages[lang].load();
  const phrases = phrasesOf(strings);

  it('has the phrases that English has, each of the same kind', () => {
    const kinds = (all: typeof phrases): string[] => [...all].map(([path, phrase]) => `${path}: ${typeof phrase}`);
    expect(kinds(phrases).toSorted()).toEqual(kinds(reference).toSorted());
  });

  it('says something with whatever is filled in', () => {
    for (const [path, phrase] of phrases) {
      const texts = typeof phrase === 'string' ? [phrase] : samplesFor(path).map((sample) => phrase(...(sample as [])));
      for (const text of texts) {
        expect(typeof text, path).toBe('string');
        expect(text.trim(), path).not.toBe('');
        expect(text, path).toBe(text.trim());
        expect(text, path).not.toMatch(/undefined|null|NaN|\[object|#/);
      }
    }
  });

  it('says names and numbers wherever English does', () => {
    const written = new Intl.NumberFormat(lang);
    for (const [path, phrase] of phrases) {
      const said = reference.get(path);
      if (typeof phrase === 'string' || typeof said !== 'function' || /^calls\.(?:entry\.text|problem\.)/.test(path))
        continue;
      for (const name of ['Ada', 'Ben', 'Cy']) {
        if (said('Ada', 'Ben', 'Cy').includes(name)) expect(phrase('Ada', 'Ben', 'Cy'), path).toContain(name);
      }
      for (const n of [5, 11, 100]) {
        if (said(n, n, n).includes(String(n))) expect(phrase(n, n, n), path).toContain(written.format(n));
      }
    }
  });

  it('has left nothing in English', () => {
    const left: string[] = [];
    for (const [path, phrase] of phrases) {
      const said = reference.get(path);
      const [sample = []] = samplesFor(path);
      const text = typeof phrase === 'string' ? phrase : phrase(...(sample as []));
      const original = typeof said === 'function' ? said(...(sample as [])) : said;
      if (text === original && hasWords(text) && !sameAsEnglish[lang].includes(text)) left.push(`${path}: ${text}`);
    }
    expect(left).toEqual([]);
  });

  it('has a form for each plural category of the language', () => {
    const { pluralCategories } = new Intl.PluralRules(lang).resolvedOptions();
    expect([...categories[lang]].toSorted()).toEqual(pluralCategories.toSorted());
  });

  it('has the same words for the launcher, which are loaded before the others', () => {
    expect(strings.launcher).toBe(languages[lang].launcher);
  });
});

describe('the language that is spoken', () => {
  it('is the one that is wanted, whatever its region, script or case', () => {
    for (const tag of ['de', 'de-AT', 'DE-ch', 'de-Latn-DE', 'de-DE-u-co-phonebk']) expect(codeOf(tag)).toBe('de');
    for (const [tag, code] of [
      ['ar-EG', 'ar'],
      ['pt-PT', 'pt'],
      ['pt-BR', 'pt'],
      ['zh-TW', 'zh'],
      ['zh-Hans-CN', 'zh'],
      // What Hebrew was called until 1989.
      ['iw', 'he'],
    ] as const)
      expect(codeOf(tag)).toBe(code);
  });

  it('is English where another one is wanted, or what is no language at all', () => {
    for (const tag of ['en', 'en-GB', 'tlh', 'sv-SE', 'constructor', 'de_DE', '', '!'])
      expect(codeOf(tag)).toBe(undefined);
  });

  it('writes numbers in its phrases as the region does', async () => {
    const { list } = await languages.ar.load();
    countAs('ar', 'ar-EG');
    expect(list.unread(5)).toContain('٥');
    countAs('ar', 'ar-MA');
    expect(list.unread(5)).toContain('5');
    countAs('ar', 'ar');
  });
});
