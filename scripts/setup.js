// Installs what is missing: all dependencies, tools included, as the lockfile says. Usage: node scripts/setup.js
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.js';

const stamp = join(root, 'node_modules', '.teatime-installed');

/** Makes sure that the dependencies of the lockfile are installed; asks the network only when they are not. */
export async function setup() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!isInstalled(lock)) {
    console.log('Installing dependencies …');
    // Not `npm ci`: it gives up where the lockfile was written without the binaries of this platform. Versions are the lockfile's all the same.
    const { code } = await run('npm', [
      'install',
      '--no-save',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
    if (code !== 0) throw new Error('unable to install the dependencies; npm install failed');
  }
  writeFileSync(stamp, wanted);
}

/**
 * True when somebody has run npm already: what npm says it installed agrees with the lockfile.
 * @param {string} lock
 */
function isInstalled(lock) {
  try {
    const { packages: installed } = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'));
    return Object.entries(JSON.parse(lock).packages).every(
      // Optional ones are for other machines, or are links within the project.
      ([path, { version, optional, link }]) => path === '' || optional || link || installed[path]?.version === version,
    );
  } catch {
    return false;
  }
}

if (process.argv[1] === import.meta.filename) await setup();
