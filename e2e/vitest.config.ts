import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['e2e/{,browsers/}*.e2e.ts'],
    // What takes long, and stands on what the others show: `npm run test:long` runs it too.
    exclude: process.env['TEST_LONG'] ? [] : ['e2e/{,browsers/}*.long.e2e.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Machines that run tests have much else to do; what is true at once is found at once all the same.
    expect: { poll: { timeout: 15_000, interval: 25 } },
    // Each file starts a server and a browser: more at once would only make each other slow.
    maxWorkers: 2,
  },
});
