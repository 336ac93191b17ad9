import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.js';

/**
 * The first of these programs that can be run: names are looked up on the PATH.
 * @param {readonly (string | undefined)[]} programs
 */
export function findProgram(programs) {
  return programs
    .map((program) => (program && /[/\\]/.test(program) ? program : onPath(program)))
    .find((path) => path && isExecutable(path));
}

/**
 * Installs a package of Debian or Ubuntu; does nothing elsewhere, or for anybody but root.
 * @param {string} name
 */
export async function installPackage(name) {
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return;
  console.log(`Installing ${name} …`);
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** @param {string | undefined} name */
function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return name && folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
