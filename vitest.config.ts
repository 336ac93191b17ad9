import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'protocol/**/*.test.ts',
      'backend/**/*.test.ts',
      'widget/{client,locales,model}/**/*.test.ts',
      'e2e/{model,package}/**/*.test.ts',
    ],
    // Minutes of cut lines, killed servers and second browsers: `npm run test:long` runs them too.
    exclude: process.env['TEST_LONG'] ? [] : ['**/*.long.test.ts'],
    globalSetup: ['backend/testing/global-setup.ts'],
    pool: 'forks',
    testTimeout: 40_000,
    hookTimeout: 60_000,
    // Two files at once: more would only make each other slow where time is measured.
    maxWorkers: 2,
  },
});
