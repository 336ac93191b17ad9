import { existsSync } from 'node:fs';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';

const chromium = [process.env.CHROME_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = chromium.find((path) => path && existsSync(path));

/** Nanostores asks Node which build it is in; browsers have no `process` to ask. */
const nodeEnv = {
  name: 'node-env',
  transform: ({ path, body }) =>
    path.includes('/nanostores/') && typeof body === 'string'
      ? body.replaceAll('process.env.NODE_ENV', '"development"')
      : undefined,
};

/** Element tests, in a real Chromium. One file: `npx wtr --files widget/elements/teatime-avatar/teatime-avatar.test.ts`. */
export default {
  files: ['widget/*.test.ts', 'widget/elements/**/*.test.ts'],
  nodeResolve: { browser: true, extensions: ['.ts', '.js'], exportConditions: ['development'] },
  plugins: [
    nodeEnv,
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: new URL('widget/tsconfig.json', import.meta.url).pathname }),
  ],
  browsers: [
    chromeLauncher({
      launchOptions: {
        ...(executablePath && { executablePath }),
        args: [
          '--no-sandbox',
          '--use-fake-device-for-media-stream',
          '--use-fake-ui-for-media-stream',
          // To the browser the clicks of a test are nobody's, and nobody may start sound.
          '--autoplay-policy=no-user-gesture-required',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          // Pages in background tabs are drawn too, or elements that wait for a frame would wait for ever.
          '--disable-backgrounding-occluded-windows',
          '--disable-renderer-backgrounding',
        ],
      },
    }),
  ],
  // One page at a time: those behind the front one get no frames, and elements that measure themselves wait for one.
  concurrency: 1,
  // Only `npm test` asks for a second try: see there.
  testFramework: { config: { timeout: 10_000, retries: Number(process.env.ELEMENT_RETRIES ?? 0) } },
  testsFinishTimeout: 180_000,
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
};
