import { existsSync } from 'node:fs';
import { findProgram, installPackage } from './programs.js';

/**
 * The path of coturn's `turnserver` for the tests: TURNSERVER_PATH, one of this machine, or on Debian and Ubuntu as root one that is installed now.
 * Without one the tests that need it are skipped, which is said here.
 */
export async function findCoturn() {
  const find = () => findProgram([process.env.TURNSERVER_PATH, 'turnserver', '/opt/homebrew/bin/turnserver']);
  // Where systemd runs, the package starts a server that relays for the whole network: that is not for a test to do.
  if (!find() && !existsSync('/run/systemd/system')) await installPackage('coturn');
  const found = find();
  if (!found) {
    console.warn(
      'SKIPPING the tests with a TURN server: there is no coturn; install it (apt-get install coturn), or set TURNSERVER_PATH',
    );
  }
  return found;
}
