// Runs the server and rebuilds what changes: server code restarts it, widget and examples are there at the next reload. Usage: npm run dev
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build, served } from './build.js';
import { root } from './run.js';
import { setup } from './setup.js';

await setup();
const { watch } = await import('chokidar');

/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
let ending = false;

/** Which parts a change of a file concerns. */
const concerned = {
  protocol: ['server', 'widget', 'examples'],
  backend: ['server'],
  migrations: ['server'],
  widget: ['widget', 'examples'],
  examples: ['examples'],
};

const startServer = () => {
  // A process group of its own: Ctrl+C comes to us, and we end it.
  server = spawn(process.execPath, ['--enable-source-maps', join('dist', 'backend', 'main.js')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  server.once('exit', (code) => {
    if (!ending && code) console.error(`The server ended with ${code}; it is started again when something changes.`);
  });
};

const stopServer = async () => {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
};

/** @param {readonly string[]} names */
const rebuild = async (names) => {
  try {
    await build(/** @type {never} */ (names));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return;
  }
  if (names.includes('server')) {
    await stopServer();
    if (!ending) startServer();
  } else {
    console.log(`Rebuilt ${names.join(', ')}: reload the page.`);
  }
};

/** @type {Set<string>} */
const changed = new Set();
let working = Promise.resolve();
/** @type {NodeJS.Timeout | undefined} */
let timer;

const onChange = (/** @type {string} */ path) => {
  const folder = /** @type {keyof typeof concerned} */ (path.split(/[\\/]/)[0]);
  for (const name of concerned[folder] ?? []) changed.add(name);
  clearTimeout(timer);
  // Editors save several files at once.
  timer = setTimeout(() => {
    const names = [...changed];
    changed.clear();
    working = working.then(() => rebuild(names));
  }, 80);
};

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, async () => {
    if (ending) server?.kill('SIGINT');
    ending = true;
    await stopServer();
    process.exit(0);
  });
}

await build(served).then(startServer, (error) => console.error(error.message));
watch(Object.keys(concerned), { cwd: root, ignoreInitial: true, ignored: /\.test\.ts$/ }).on('all', (_event, path) =>
  onChange(path),
);
console.log('Watching for changes. Ctrl+C stops.');
