// Writes the emoji picker's data from emoji-picker-element-data (Emojibase, CLDR annotations). Run it when that package is updated.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = createRequire(import.meta.url).resolve('emoji-picker-element-data/en/emojibase/data.json');
const target = new URL('../widget/elements/teatime-emoji-picker/emoji-data.ts', import.meta.url);

/** Emojibase's group numbers; 2 holds the parts that skin tones and hair are made of, which nobody picks. */
const groups = {
  smileys: 0,
  people: 1,
  nature: 3,
  food: 4,
  travel: 5,
  activities: 6,
  objects: 7,
  symbols: 8,
  flags: 9,
};
/** What common systems can draw by now. */
const newestVersion = 15.1;
/** How many words besides its name an emoji is found by; faces are looked for by feeling, which their names seldom say. */
const tagsKept = { smileys: 2, others: 1 };
/** Two regional indicators: browsers know the names of countries, in every language. */
const countryFlag = /^\p{RI}{2}$/u;

/** @type {{ emoji: string, annotation: string, tags?: string[], group?: number, order: number, version: number }[]} */
const all = JSON.parse(await readFile(source, 'utf8'));

const lines = Object.entries(groups).map(([name, group]) => {
  const entries = all
    .filter((emoji) => emoji.group === group && emoji.version <= newestVersion)
    .sort((a, b) => a.order - b.order)
    .map(({ emoji, annotation, tags = [] }) => {
      if (countryFlag.test(emoji)) return emoji;
      const more = tags
        .filter((tag) => !annotation.includes(tag) && !/\d/.test(tag))
        .slice(0, name === 'smileys' ? tagsKept.smileys : tagsKept.others);
      return [emoji, annotation.replace(/^flag: /, ''), ...(more.length > 0 ? [more.join(' ')] : [])].join('|');
    });
  return `  ${name}: ${JSON.stringify(entries.join('\n'))},`;
});

await writeFile(
  target,
  `// Made by scripts/make-emoji.js from Emojibase (MIT), with CLDR names (Unicode License). Do not edit.

/** A line for each emoji of a group: the emoji, its name, and more words to find it by, with bars between them; of a country's flag the emoji alone. */
export const emojiData = {
${lines.join('\n')}
} as const;
`,
);
