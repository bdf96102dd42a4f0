// End-to-end cases against the Stash that STASH_BIN names; without it one skipped test says so.
import { defineConfig } from 'vitest/config';

const hasStash = (process.env['STASH_BIN'] ?? '') !== '';

export default defineConfig({
  test: {
    include: [hasStash ? 'test/stash/cases/*.test.ts' : 'test/stash/withoutStash.test.ts'],
    globalSetup: ['test/stash/globalSetup.ts'],
    // Each file starts a Stash of its own, and waits more than it works.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './scripts/plain-reporter.ts'],
  },
});
