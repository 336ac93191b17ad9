import unhomoglyph from 'unhomoglyph';
import type { Queries } from '../../database/transaction.ts';
import { Problem } from '../../problem.ts';
import { readPolicy } from '../sites/index.ts';

/** Names that are about to be given. */
export interface NewNames {
  readonly username?: string | undefined;
  readonly displayName?: string | undefined;
  /** Of a group: may be "Support" among colleagues, but nothing that the site keeps for itself. */
  readonly title?: string | undefined;
}

/** Throws `name_reserved` when one of these names looks like one that only the site or its staff may bear. */
export const refuseReserved = async (queries: Queries, siteId: string, { title, ...own }: NewNames): Promise<void> => {
  if (title === undefined && Object.values(own).every((text) => text === undefined)) return;
  const { name, names } = await readPolicy(queries, siteId);
  const kept = names?.reserved ?? [];
  const isOfficial = createLookout([...official, name, ...kept]);
  const isKept = createLookout(kept);
  const issues = [
    ...Object.entries(own).filter(([, text]) => text !== undefined && isOfficial(text)),
    ...(title !== undefined && isKept(title) ? [['title']] : []),
  ].map(([path = '']) => ({ path, message: 'is kept for the site and its staff' }));
  if (issues.length > 0) throw new Problem('name_reserved', 'unable to take the name; it is reserved', { issues });
};

/** Makes a test of whether a name looks like one of these, or like several of them in a row, with or without a number. */
export const createLookout = (names: readonly string[]): ((name: string) => boolean) => {
  const reserved = new Set(names.map((name) => wordsOf(name).map(skeletonOf).join('')).filter(Boolean));
  const isReserved = (words: readonly string[]): boolean =>
    words.length > 0 && (reserved.has(words.join('')) || words.every((word) => reserved.has(word)));
  // Digits behind a word are a number, or letters.
  return (name) =>
    [name, name.replace(/(?<=[^\d\s])\d+(?!\S)/g, '')].some((each) => isReserved(wordsOf(each).map(skeletonOf)));
};

const official = [
  'admin, admins, administrator, administrators, administration, sysadmin, webmaster, postmaster',
  'moderator, moderators, moderation, staff, official, system, security',
  'support, help desk, customer service, customer care, team, teatime',
].flatMap((line) => line.split(', '));

// Unicode calls these ignorable: they are drawn as nothing. Marks are not what tells two names apart.
const unseen = /[\p{Default_Ignorable_Code_Point}\p{M}]/gu;

/** What remains of a name's words when one does not look closely at what is between the letters, and at numbers. */
const wordsOf = (name: string): string[] =>
  name
    .normalize('NFKD')
    .replace(unseen, '')
    .split(/[^\p{L}\p{N}@$|]+/u)
    .filter((word) => !/^\d*$/.test(word));

/**
 * What a word looks like: the same for words that look alike, after the skeletons of UTS #39 with Unicode's confusables, with capitals, small capitals and digits
 * in the place of letters taken into account.
 */
const skeletonOf = (word: string): string => {
  const shapes = [...word].map((character) => {
    // First as it is written: a capital may look like another letter than its small form does.
    const shape = unhomoglyph(unhomoglyph(character).toLowerCase());
    return [...shape].map((each) => twins.get(each) ?? each).join('');
  });
  return shapes.join('').replaceAll('rn', 'm').replaceAll('vv', 'w');
};

// Small capitals, which Unicode's table takes for letters of their own, with the letter turned that it gives for the Cyrillic em; then digits and signs.
const twins = new Map([
  ...[...'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢʍ'].map((small, at) => [small, 'abcdefghijkimnoprstuvwyzm'[at] ?? ''] as const),
  ...[...'043571@$|'].map((sign, at) => [sign, 'oaestiasi'[at] ?? ''] as const),
  // Capital i, small L and one are the same line in many faces.
  ['l', 'i'] as const,
]);
