// Runs the tests of the whole: the built widget in a real Chromium against the real server. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
for (const file of ['dist/widget/teatime-chat.js', 'dist/examples/index.html']) {
  if (existsSync(root + file)) continue;
  console.log(`${file} is missing: building.`);
  run(['scripts/build.js']);
  break;
}
run(['node_modules/vitest/vitest.mjs', 'run', '--config', 'e2e/vitest.config.ts', ...process.argv.slice(2)]);

/** @param {string[]} args */
function run(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
