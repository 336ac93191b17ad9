// Types, lint and format, all to the end, whatever fails. Usage: npm run check
import { runTool, tools } from './run.js';
import { setup } from './setup.js';

/** @type {readonly (readonly [string, string, readonly string[]])[]} */
const checks = [
  ['types', tools.tsc, ['-b']],
  ['lint', tools.oxlint, []],
  ['docs', '../scripts/describe.js', ['--check']],
  ['format', tools.prettier, ['--check', '--log-level=warn', '.']],
];

/** Runs the checks; resolves with how many passed and failed. */
export async function check() {
  let failed = 0;
  for (const [name, path, args] of checks) {
    const { code } = await runTool(path, args);
    if (code !== 0) {
      failed += 1;
      console.error(`check of ${name} failed`);
    }
  }
  return { passed: checks.length - failed, failed };
}

if (process.argv[1] === import.meta.filename) {
  await setup();
  const { passed, failed } = await check();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
