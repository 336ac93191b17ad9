// Builds server, widget, examples and what the package has beside them into dist/, each only when something changed. Usage: node scripts/build.js
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTypes } from './copy-types.js';
import { listIntegrity } from './integrity.js';
import { root, runTool, tools } from './run.js';

const stampFile = join(root, 'dist', '.built.json');
const shared = ['package-lock.json', 'tsconfig.base.json', 'protocol'];
const widget = [...shared, 'widget', 'rollup.config.js', 'scripts'];

/** What is built, from what, and what must be there afterwards. */
const parts = {
  server: {
    inputs: [...shared, 'backend'],
    output: 'dist/backend/main.js',
    build: () => tool('the server', tools.tsc, ['-b', 'protocol', 'backend']),
  },
  widget: {
    inputs: widget,
    output: 'dist/widget/teatime-chat.js',
    build: async () => {
      await tool('the widget', tools.rollup, ['-c', '--silent']);
      listIntegrity();
    },
  },
  examples: {
    // Some of them have the built widget in their own bundle.
    inputs: ['examples', ...widget],
    output: 'dist/examples/index.html',
    build: () => tool('the examples', '../scripts/build-examples.js', []),
  },
  types: {
    inputs: [...shared, 'widget', 'scripts', 'package.json'],
    output: 'dist/types/react.d.ts',
    build: async () => {
      await tool('the types', tools.tsc, ['-b', 'protocol', 'widget']);
      copyTypes();
      await tool('the descriptions', '../scripts/describe.js', []);
    },
  },
};

/** What a server needs to run. */
export const served = /** @type {const} */ (['server', 'widget', 'examples']);

/**
 * Builds what changed since the last build, or only the named parts of it. Throws when a part cannot be built.
 * @param {readonly (keyof typeof parts)[]} [names]
 */
export async function build(names = /** @type {(keyof typeof parts)[]} */ (Object.keys(parts))) {
  const built = readStamps();
  const stale = names
    .map((name) => ({ name, ...parts[name], state: stateOf(parts[name].inputs) }))
    .filter(({ name, state, output }) => built[name] !== state || !existsSync(join(root, output)));
  if (stale.length === 0) return;
  console.log(`Building ${stale.map(({ name }) => name).join(', ')} …`);
  // Server and types both have the compiler write the protocol, and examples import the widget: one after the other.
  const lanes = { compiler: Promise.resolve(), bundler: Promise.resolve() };
  const start = (/** @type {(typeof stale)[number]} */ { name, build: run }) => {
    const lane = name === 'server' || name === 'types' ? 'compiler' : 'bundler';
    const turn = lanes[lane].then(run);
    lanes[lane] = turn.catch(() => {});
    return turn;
  };
  const results = await Promise.allSettled(stale.map(start));
  const done = stale
    .filter((_, index) => results[index]?.status === 'fulfilled')
    .map(({ name, state }) => [name, state]);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ ...built, ...Object.fromEntries(done) }));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}

/**
 * @param {string} what
 * @param {string} path
 * @param {readonly string[]} args
 */
async function tool(what, path, args) {
  const { code } = await runTool(path, args);
  if (code !== 0) throw new Error(`unable to build ${what}; see above`);
}

/** @returns {Record<string, string>} */
function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Names, sizes and times of all files: different as soon as one is saved.
 * @param {readonly string[]} inputs
 */
function stateOf(inputs) {
  const hash = createHash('sha256').update(process.version);
  const add = (/** @type {string} */ path) => {
    if (!existsSync(path)) return;
    const facts = statSync(path);
    if (!facts.isDirectory()) hash.update(`${path} ${facts.size} ${facts.mtimeMs}\n`);
    else for (const name of readdirSync(path).sort()) add(join(path, name));
  };
  for (const input of inputs) add(join(root, input));
  return hash.digest('hex');
}

if (process.argv[1] === import.meta.filename) {
  await build().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
