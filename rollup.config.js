import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild, { minify } from 'rollup-plugin-esbuild';
import { listFiles } from './scripts/bundle-files.js';
import { classicLoader } from './scripts/classic-loader.js';
import { compress } from './scripts/compress.js';
import { groupModules } from './scripts/group-modules.js';
import { minifyTemplates } from './scripts/minify-templates.js';
import { peerjsForMedia } from './scripts/peerjs-for-media.js';
import { shareDecorators } from './scripts/share-decorators.js';
import { trimLit } from './scripts/trim-lit.js';

/** Nanostores asks Node which build it is in; browsers have no `process` to ask. */
const nodeEnv = {
  name: 'node-env',
  transform: (code, id) =>
    id.includes('/nanostores/') ? { code: code.replaceAll('process.env.NODE_ENV', '"production"'), map: null } : null,
};

// A dependency that cannot be found would otherwise become an import that fails in the browser.
const onwarn = (warning, warn) => {
  if (warning.code === 'UNRESOLVED_IMPORT' || warning.code === 'CIRCULAR_DEPENDENCY') throw new Error(warning.message);
  warn(warning);
};

/** Chunks with a hash in their names never change their content, so that browsers may keep them for ever. */
const output = (name) => ({
  dir: 'dist/widget',
  format: 'es',
  freeze: false,
  entryFileNames: '[name].js',
  chunkFileNames: `${name}.[name].[hash].js`,
  sourcemap: true,
  // The sources are in the map: nobody serves them beside it.
  sourcemapPathTransform: (path) => path.replace(/^(?:\.\.\/)+/, 'teatime/'),
});

const shortest = {
  ecma: 2020,
  module: true,
  compress: { passes: 3, unsafe_arrows: true, unsafe_methods: true, keep_fargs: false },
  format: { comments: false },
};

const plugins = (list, name, ...more) => [
  nodeEnv,
  peerjsForMedia(),
  nodeResolve({ browser: true, extensions: ['.ts', '.js'], exportConditions: ['production'] }),
  esbuild({ target: 'es2022', tsconfig: 'widget/tsconfig.json' }),
  shareDecorators(),
  trimLit(),
  minifyTemplates(),
  ...more,
  // Each finds what the other does not.
  minify({ target: 'es2022' }),
  // Twice: it finds more before names are short, and more again when they are.
  terser({ ...shortest, mangle: false }),
  terser(shortest),
  listFiles(list, name),
  compress(),
];

export default [
  /** The element: modules that pages load or import, and chunks that it loads when they are needed. */
  {
    input: {
      'teatime-chat': 'widget/index.ts',
      element: 'widget/element.ts',
      loader: 'widget/loader.ts',
      react: 'widget/react.ts',
    },
    output: output('teatime-chat'),
    // Two copies of it in one application would not know of each other.
    external: ['react'],
    // Nobody imports what an internal chunk exports, so chunks may be merged and their exports renamed.
    preserveEntrySignatures: 'exports-only',
    plugins: plugins(
      'files.json',
      'teatime-chat',
      groupModules('widget/app.ts', /(?:\.styles|\/styles\/\w+)\.ts$/),
      classicLoader(),
    ),
    onwarn,
  },
  /** The chat without pixels. It shares no file with the element, whose first chunk would be in pieces otherwise. */
  {
    input: { client: 'widget/headless.ts' },
    output: output('teatime-client'),
    preserveEntrySignatures: 'exports-only',
    plugins: plugins('client-files.json', 'teatime-client'),
    onwarn,
  },
];
