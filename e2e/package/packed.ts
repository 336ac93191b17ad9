import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../backend/project-root.ts';

const run = promisify(execFile);

/** A file of the package. */
export interface PackedFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** The package as npm would publish it, unpacked into the `node_modules` of an empty folder outside the project. */
export interface Packed {
  readonly folder: string;
  readonly files: readonly PackedFile[];
  /** Bytes of the archive. */
  readonly size: number;
  /** Puts a file into the folder. */
  write(path: string, text: string): string;
  /** Runs a module in the folder by Node; resolves with what it wrote. */
  node(code: string): Promise<string>;
  remove(): void;
}

/**
 * Packs what is built. Of other packages only those named are beside it, as links to the project's own, in place of an installation, which would
 * fetch all that the server needs.
 */
export const pack = async (beside: readonly string[] = []): Promise<Packed> => {
  const folder = mkdtempSync(join(tmpdir(), 'teatime-package-'));
  const modules = join(folder, 'node_modules');
  const inProject = { cwd: projectRoot, maxBuffer: 16_000_000 };
  if (!existsSync(join(projectRoot, 'dist/types/react.d.ts')))
    throw new Error('unable to pack; run npm run build first');
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], inProject);
  const [{ filename, size, files }] = JSON.parse(stdout) as [{ filename: string; size: number; files: PackedFile[] }];
  mkdirSync(modules);
  await run('tar', ['xzf', join(folder, filename), '-C', modules]);
  await run('mv', [join(modules, 'package'), join(modules, 'teatime')]);
  for (const name of beside) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name));
  }
  const write = (path: string, text: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  write('package.json', '{ "type": "module", "private": true }');
  return {
    folder,
    files,
    size,
    write,
    node: async (code) =>
      (await run(process.execPath, [write(`run-${Date.now()}.js`, code)], { cwd: folder })).stdout.trim(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
