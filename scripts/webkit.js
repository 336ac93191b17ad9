import { findProgram, installPackage } from './programs.js';

/**
 * The path of WebKitWebDriver for the tests: WEBKIT_DRIVER_PATH, one of this machine, or on Debian and Ubuntu as root one that is installed now, with the
 * display that nobody sees which its browser is shown on. Without the two the tests that need them are skipped, which is said here.
 */
export async function findWebKit() {
  const findDriver = () => findProgram([process.env.WEBKIT_DRIVER_PATH, 'WebKitWebDriver']);
  const findDisplay = () => findProgram(['Xvfb']);
  if (!findDriver()) await installPackage('webkit2gtk-driver');
  if (!findDisplay()) await installPackage('xvfb');
  const driver = findDriver();
  if (driver && findDisplay()) return driver;
  console.warn(
    'SKIPPING the tests with WebKit: there is no WebKitWebDriver or no Xvfb; install them (apt-get install webkit2gtk-driver xvfb), or set WEBKIT_DRIVER_PATH',
  );
  return undefined;
}
