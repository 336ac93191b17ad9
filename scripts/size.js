// Prints how heavy the built widget is, and fails when a part is heavier than its budget. Usage: node scripts/size.js
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Budgets in kB (1000 bytes) after gzip, as the server sends it; docs/decisions/0013-weight.md tells of the last one. */
const budgets = { launcher: 4, firstOpen: 60, lazy: 15, emojiData: 35, all: 197 };

const dir = new URL('../dist/widget/', import.meta.url).pathname;
/** @type {import('./bundle-files.js').BundleFile[]} */
const files = JSON.parse(await readFile(join(dir, 'files.json'), 'utf8'));
const byName = new Map(files.map((file) => [file.file, file]));
const sizes = new Map(
  await Promise.all(
    files.map(async ({ file }) => /** @type {const} */ ([file, (await stat(join(dir, `${file}.gz`))).size])),
  ),
);

const launcher = withImports(['teatime-chat.js']);
// What the loader asks for itself is the element's class, which is the launcher.
const loader = withImports(['loader.js', ...(byName.get('loader.js')?.dynamicImports ?? [])]);
// The entry's own lazy chunks are what opening the chat loads, and nothing else is loaded before somebody asks for more.
// An English page fetches nothing for its language.
const next = [...launcher].flatMap((file) => [file, ...(byName.get(file)?.dynamicImports ?? [])]);
const opened = withImports(next.filter((file) => !isLanguage(file)));
const lazy = files.filter(({ file, entry }) => !entry && !opened.has(file)).map(({ file }) => file);

const rows = [
  row('closed launcher', [...launcher], budgets.launcher),
  row('closed launcher by the loader', [...loader], budgets.launcher),
  row('first open', [...opened], budgets.firstOpen),
  row('first open in the heaviest language', [...opened, ...heaviestLanguage()], budgets.firstOpen + budgets.lazy),
  ...lazy.map((file) => row(`lazy: ${file}`, [file], isEmojiData(file) ? budgets.emojiData : budgets.lazy)),
  // Of the languages, a page loads one.
  row('everything, in English', [...opened, ...lazy.filter((file) => !isLanguage(file))], budgets.all),
];
const width = Math.max(...rows.map(({ name }) => name.length));
for (const { name, size, budget } of rows) {
  const mark = size > budget ? '  OVER' : '';
  console.log(`${name.padEnd(width)}  ${size.toFixed(1).padStart(6)} kB of ${String(budget).padStart(3)}${mark}`);
}

const faults = rows.filter(({ size, budget }) => size > budget).map(({ name }) => `${name} is over its budget`);
for (const { file, modules } of files) {
  const server = modules.filter((path) => /(?:^|\/)(?:zod|backend)\//.test(path));
  if (server.length > 0) faults.push(`${file} contains what belongs on the server: ${server.join(', ')}`);
}
for (const fault of faults) console.error(fault);
console.log(`${rows.length + 1 - faults.length} passed, ${faults.length} failed`);
process.exitCode = faults.length > 0 ? 1 : 0;

/** @param {string[]} start */
function withImports(start) {
  const found = new Set(start);
  for (const file of found) for (const next of byName.get(file)?.imports ?? []) found.add(next);
  return found;
}

/**
 * The phrases of a language besides English, or what chooses between them.
 * @param {string} file
 */
function isLanguage(file) {
  return byName.get(file)?.modules.some((path) => /locales\/(?:languages|\w+\/index)\.ts$/.test(path)) ?? false;
}

/** What the language with the most to load loads: what chooses it, and its phrases. */
function heaviestLanguage() {
  const sizeOf = (/** @type {string} */ file) => sizes.get(file) ?? 0;
  const [chooser = ''] = next.filter(isLanguage);
  const [heaviest = ''] = (byName.get(chooser)?.dynamicImports ?? []).toSorted((a, b) => sizeOf(b) - sizeOf(a));
  return [chooser, heaviest];
}

/** @param {string} file */
function isEmojiData(file) {
  return byName.get(file)?.modules.some((path) => path.endsWith('emoji-data.ts')) ?? false;
}

/**
 * @param {string} name
 * @param {string[]} parts
 * @param {number} budget
 */
function row(name, parts, budget) {
  return { name, size: parts.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0) / 1000, budget };
}
