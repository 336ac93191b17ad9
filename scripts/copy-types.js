import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root } from './run.js';

/** The modules that package.json exports. */
const entries = ['index', 'element', 'loader', 'headless', 'react'];

/** Copies the declarations that the exported modules reach, out of all that the compiler has written, to dist/types. */
export function copyTypes() {
  rmSync(join(root, 'dist/types'), { recursive: true, force: true });
  const found = new Set(entries.map((name) => `widget/${name}.d.ts`));
  for (const path of found) {
    const text = readFileSync(join(root, 'dist', path.replace(/^widget\//, 'widget-types/')), 'utf8');
    // Compilers find `./events.d.ts` by `./events.js`, whatever their settings.
    const copy = text
      .replace(/(['"])(\.\.?\/[^'"]+)\.ts\1/g, (_, quote, target) => {
        found.add(normalize(join(dirname(path), `${target}.d.ts`)));
        return `${quote}${target}.js${quote}`;
      })
      .replace(/^\/\/# sourceMappingURL=.*$/m, '');
    mkdirSync(join(root, 'dist/types', dirname(path)), { recursive: true });
    writeFileSync(join(root, 'dist/types', path), copy);
  }
}
