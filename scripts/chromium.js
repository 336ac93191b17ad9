import { findProgram, installPackage } from './programs.js';

const programs = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of a Chromium: CHROME_PATH, one of this machine, or on Debian and Ubuntu as root one that is installed now. */
export async function findChromium() {
  const find = () => findProgram([process.env.CHROME_PATH, ...programs]);
  const found = find();
  if (found) return found;
  await installPackage('chromium');
  const installed = find();
  if (installed) return installed;
  throw new Error(
    'unable to find Chromium, which the tests drive; install it (apt-get install chromium), or set CHROME_PATH',
  );
}
