// Writes the gallery of examples to dist/examples; the widget has to be built before. Usage: node scripts/build-examples.js
import { cpSync, existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'vite';
import { root } from './run.js';

const from = join(root, 'examples');
const to = join(root, 'dist', 'examples');

/** Folders whose page is an application that a bundler builds, as one in a project of its own would be. */
const applications = ['react', 'vue', 'svelte', 'vite'];

/** Programs that run beside this server, whose pages they send themselves. */
const programs = ['bot', 'sso-express', 'sign-on', 'two-sites'];

// The other pages are served as they are.
rmSync(to, { recursive: true, force: true });
cpSync(from, to, {
  recursive: true,
  filter: (path) =>
    ![...applications, ...programs].includes(basename(path)) && !/README\.md$|tsconfig\.json$/.test(path),
});

// All at once, so that they share one copy of the package, which they import by its name.
await build({
  root: from,
  configFile: false,
  logLevel: 'warn',
  // Each page names its files by their way from itself: the gallery is served at two addresses.
  base: './',
  plugins: await pluginsOf(applications),
  build: {
    outDir: to,
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: applications.map((name) => join(from, name, 'index.html')),
      output: {
        entryFileNames: 'built/[name].[hash].js',
        chunkFileNames: 'built/[name].[hash].js',
        assetFileNames: 'built/[name].[hash][extname]',
      },
    },
  },
});

/**
 * What each application's own configuration has Vite do more.
 * @param {readonly string[]} names
 */
async function pluginsOf(names) {
  const files = names.map((name) => join(from, name, 'vite.config.js')).filter((file) => existsSync(file));
  const configs = await Promise.all(files.map((file) => import(file)));
  return configs.flatMap(({ default: config }) => config.plugins);
}
