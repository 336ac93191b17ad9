import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.js';

/** Lists the hash of each built script in dist/widget/integrity.json, as `integrity` attributes and import maps take it. */
export function listIntegrity() {
  const dir = join(root, 'dist/widget');
  const hashes = readdirSync(dir)
    .filter((name) => name.endsWith('.js'))
    .sort()
    .map((name) => [
      name,
      `sha384-${createHash('sha384')
        .update(readFileSync(join(dir, name)))
        .digest('base64')}`,
    ]);
  writeFileSync(join(dir, 'integrity.json'), `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`);
}
