// Writes what describes the public element, from its sources: docs/element.md, llms.txt, and in dist/ typings and data for editors.
// Usage: node scripts/describe.js [--check]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeElement } from './describe/describe-element.js';
import { cssData, htmlData, webTypes } from './describe/editor-data.js';
import { elementPage } from './describe/element-page.js';
import { llms } from './describe/llms.js';
import { customElementsManifest } from './describe/manifest.js';
import { typings } from './describe/typings.js';
import { root } from './run.js';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const json = (/** @type {unknown} */ value) => `${JSON.stringify(value, null, 2)}\n`;

const element = await describeElement();

/** What is kept in the repository, where people read it. */
const kept = { 'docs/element.md': elementPage(element), 'llms.txt': llms(element) };

const built = {
  'dist/custom-elements.json': json(customElementsManifest(element)),
  'dist/web-types.json': json(webTypes(element, version)),
  'dist/html-custom-data.json': json(htmlData(element)),
  'dist/css-custom-data.json': json(cssData(element)),
  ...Object.fromEntries(Object.entries(typings(element)).map(([name, text]) => [`dist/types/${name}`, text])),
};

if (process.argv.includes('--check')) {
  for (const [path, text] of Object.entries(kept)) {
    if (readFileSync(join(root, path), 'utf8') === text) continue;
    console.error(`${path} is not what the element says; run: node scripts/describe.js`);
    process.exitCode = 1;
  }
} else {
  for (const [path, text] of Object.entries({ ...kept, ...built })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
