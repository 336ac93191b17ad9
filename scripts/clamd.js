import { findProgram, installPackage } from './programs.js';

// Debian keeps it where only root looks.
const programs = ['clamd', '/usr/sbin/clamd', '/usr/local/sbin/clamd', '/opt/homebrew/sbin/clamd'];

/**
 * The path of a clamd for the tests: CLAMD_PATH, one of this machine, or on Debian and Ubuntu as root one that is installed now. Without one the tests
 * that need it are skipped, which is said here.
 */
export async function findClamd() {
  const find = () => findProgram([process.env.CLAMD_PATH, ...programs]);
  if (!find()) await installPackage('clamav-daemon');
  const found = find();
  if (!found) {
    console.warn(
      'SKIPPING the tests with a virus scanner: there is no clamd; install it (apt-get install clamav-daemon), or set CLAMD_PATH',
    );
  }
  return found;
}
