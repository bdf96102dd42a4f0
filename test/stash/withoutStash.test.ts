import { test } from 'vitest';

console.warn('STASH_BIN is not set: the cases against a real Stash were skipped.');

test.skip('the cases against a real Stash were skipped: STASH_BIN names no Stash binary', () => {});
