import { emojiData } from './emoji-data.ts';

/** The groups in the order of their tabs. */
export type EmojiGroup = keyof typeof emojiData;

/** An emoji with its CLDR name; `words` is what a search looks at. */
export interface Emoji {
  readonly emoji: string;
  readonly name: string;
  readonly words: string;
}

/** The names of all groups. */
export const emojiGroups = Object.keys(emojiData) as EmojiGroup[];

/** The regional indicator of A; the others follow in the order of the alphabet (Unicode TR51, annex B). */
const regionalA = 0x1f1e6;
const countries = new Intl.DisplayNames(['en'], { type: 'region' });

/** The name of the country that a flag of two regional indicators stands for. */
function countryOf(flag: string): string {
  const code = String.fromCodePoint(...[...flag].map((letter) => (letter.codePointAt(0) ?? 0) - regionalA + 65));
  return countries.of(code) ?? code;
}

const read = new Map<EmojiGroup, readonly Emoji[]>();

/** The emoji of a group. */
export function emojiOf(group: EmojiGroup): readonly Emoji[] {
  let known = read.get(group);
  if (!known) {
    known = emojiData[group].split('\n').map((line) => {
      const [emoji = '', name = countryOf(emoji), more = ''] = line.split('|');
      return { emoji, name, words: ` ${name} ${more}`.toLowerCase() };
    });
    read.set(group, known);
  }
  return known;
}

/** The emoji in whose names or other words each word of the search begins one; the likeliest first. */
export function findEmoji(search: string, limit = 80): readonly Emoji[] {
  const words = search
    .toLowerCase()
    .split(/[\s:_]+/u)
    .filter(Boolean);
  if (words.length === 0) return [];
  const found = emojiGroups.flatMap((group) =>
    emojiOf(group).filter((emoji) => words.every((word) => emoji.words.includes(` ${word}`))),
  );
  // A whole word counts most, so that "tea" finds the cup before the tears; then names count before other words.
  const rank = ({ name, words: all }: Emoji) =>
    words.every((word) => `${all} `.includes(` ${word} `))
      ? 0
      : words.every((word) => ` ${name}`.includes(` ${word}`))
        ? 1
        : 2;
  return found.toSorted((a, b) => rank(a) - rank(b)).slice(0, limit);
}
