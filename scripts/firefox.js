import { findProgram, installPackage } from './programs.js';

const programs = [
  'firefox-esr',
  'firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/**
 * The path of a Firefox for the tests: FIREFOX_PATH, one of this machine, or on Debian as root one that is installed now.
 * Without one the tests that need it are skipped, which is said here.
 */
export async function findFirefox() {
  const find = () => findProgram([process.env.FIREFOX_PATH, ...programs]);
  if (!find()) await installPackage('firefox-esr');
  const found = find();
  if (!found) {
    console.warn(
      'SKIPPING the tests with Firefox: there is none; install it (apt-get install firefox-esr), or set FIREFOX_PATH',
    );
  }
  return found;
}
