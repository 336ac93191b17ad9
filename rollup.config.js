import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild, { minify } from 'rollup-plugin-esbuild';
import { listFiles } from './scripts/bundle-files.js';
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

/** The widget: one self-registering module, and chunks that it loads when they are needed. */
export default {
  input: { 'teatime-chat': 'widget/index.ts' },
  output: {
    dir: 'dist/widget',
    format: 'es',
    entryFileNames: '[name].js',
    // A name with a hash never changes its content, so that browsers may keep it for ever.
    chunkFileNames: 'teatime-chat.[name].[hash].js',
    sourcemap: true,
    // The sources are in the map: nobody serves them beside it.
    sourcemapPathTransform: (path) => path.replace(/^(?:\.\.\/)+/, 'teatime/'),
  },
  // Nobody imports what an internal chunk exports, so chunks may be merged and their exports renamed.
  preserveEntrySignatures: 'exports-only',
  plugins: [
    nodeEnv,
    peerjsForMedia(),
    nodeResolve({ browser: true, extensions: ['.ts', '.js'], exportConditions: ['production'] }),
    esbuild({ target: 'es2022', tsconfig: 'widget/tsconfig.json' }),
    shareDecorators(),
    trimLit(),
    minifyTemplates(),
    groupModules('widget/app.ts', /(?:\.styles|\/styles\/\w+)\.ts$/),
    // Each finds what the other does not.
    minify({ target: 'es2022' }),
    terser({
      ecma: 2020,
      module: true,
      compress: { passes: 3, unsafe_arrows: true, unsafe_methods: true, keep_fargs: false },
      format: { comments: false },
    }),
    listFiles(),
    compress(),
  ],
  onwarn(warning, warn) {
    // A dependency that cannot be found would otherwise become an import that fails in the browser.
    if (warning.code === 'UNRESOLVED_IMPORT' || warning.code === 'CIRCULAR_DEPENDENCY')
      throw new Error(warning.message);
    warn(warning);
  },
};
