import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/stash/**', 'node_modules/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most tests wait for processes and servers, not for the processor.
    maxWorkers: 3,
    reporters: ['default', './scripts/plain-reporter.ts'],
  },
});
