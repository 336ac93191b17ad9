// Sets up and runs every suite to the end; the last line says how many tests passed and failed. Usage: npm test, or npm run test:long for all that takes minutes too
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build } from './build.js';
import { check } from './check.js';
import { findChromium } from './chromium.js';
import { findClamd } from './clamd.js';
import { findCoturn } from './coturn.js';
import { findFirefox } from './firefox.js';
import { run, runTool, tools } from './run.js';
import { setup } from './setup.js';
import { findWebKit } from './webkit.js';

/** @typedef {{ passed: number, failed: number, failures?: string[] }} Count */

/**
 * The counts of a suite that ended with `code`: one that fails or dies without saying how often counts as a failure.
 * @param {Partial<Count>} count
 * @param {number} code
 * @returns {Count}
 */
const counted = ({ passed = 0, failed = 0, failures = [] }, code) => ({
  passed,
  failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed,
  failures,
});

const isFailed = (/** @type {{ status: string }} */ { status }) => status === 'failed';

/**
 * Which tests failed and why, in a line each, by vitest's report in JSON.
 * @param {{ name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[]} files
 */
const readFailures = (files) =>
  files.filter(isFailed).flatMap(({ name, message, assertionResults }) => {
    const tests = assertionResults.filter(isFailed);
    const failures = tests.length > 0 ? tests : [{ fullName: 'the whole file', failureMessages: [message ?? ''] }];
    return failures.map(({ fullName, failureMessages = [] }) => {
      const reasons = failureMessages.map((reason) => stripVTControlCharacters(reason).split('\n', 1)[0]);
      return `${relative('', name)}: ${fullName}: ${reasons.join('; then ')}`;
    });
  });

/**
 * Reads the counts off what a runner wrote last: "12 passed, 3 failed".
 * @param {string} output
 * @returns {Partial<Count>}
 */
const readCount = (output) => {
  const lines = stripVTControlCharacters(output).split(/[\r\n]/);
  const last = lines.findLast((line) => /\d+ passed, \d+ failed/.test(line)) ?? '';
  const number = (/** @type {RegExp} */ pattern) => Number(pattern.exec(last)?.[1] ?? 0);
  return { passed: number(/(\d+) passed/), failed: number(/(\d+) failed/) };
};

// Busy machines pause programs for seconds: a test that failed gets a second try, and is printed with "retry x1".
const secondTry = '--retry=1';

/**
 * Runs something that runs vitest with the arguments it is given, and reads what came of it.
 * @param {(args: string[]) => Promise<{ code: number }>} start
 * @returns {Promise<Count>}
 */
const vitest = async (start) => {
  const folder = mkdtempSync(join(tmpdir(), 'teatime-vitest-'));
  const file = join(folder, 'result.json');
  try {
    const { code } = await start([secondTry, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
    const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
    return counted({ passed: numPassedTests, failed, failures: readFailures(testResults) }, code);
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** @type {(path: string) => Promise<Count>} */
const script = async (path) => {
  const { code, output } = await run(process.execPath, [path], { capture: true });
  const failures = stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => /^\s*(❌|𐄂|✗)/u.test(line));
  return counted({ ...readCount(output), failures: failures.map((line) => line.trim()) }, code);
};

/** @type {Record<string, () => Promise<Count>>} */
const suites = {
  'types, lint, format': check,
  'server, model and client': () => vitest((args) => runTool(tools.vitest, ['run', ...args])),
  elements: () => script(`node_modules/${tools.wtr}`),
  'bundle size': () => script('scripts/size.js'),
  'whole system': () => vitest((args) => run(process.execPath, ['e2e/run.js', ...args])),
};

process.env.ELEMENT_RETRIES = '1';
if (process.argv.includes('--long')) process.env.TEST_LONG = '1';
try {
  await setup();
  process.env.CHROME_PATH = await findChromium();
  process.env.CLAMD_PATH = (await findClamd()) ?? '';
  process.env.TURNSERVER_PATH = (await findCoturn()) ?? '';
  process.env.FIREFOX_PATH = (await findFirefox()) ?? '';
  process.env.WEBKIT_DRIVER_PATH = (await findWebKit()) ?? '';
  await build();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const total = { passed: 0, failed: 0 };
const lines = [];
const allFailures = [];
for (const [name, suite] of Object.entries(suites)) {
  console.log(`\n── ${name} ──`);
  const start = performance.now();
  const { passed, failed, failures = [] } = await suite();
  allFailures.push(...failures.map((failure) => `✗ ${failure}`));
  total.passed += passed;
  total.failed += failed;
  lines.push(
    `${failed > 0 ? '✗' : '✓'} ${name}: ${passed} passed, ${failed} failed (${((performance.now() - start) / 1000).toFixed(0)} s)`,
  );
}
console.log(`\n${[...allFailures, ...lines].join('\n')}\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
