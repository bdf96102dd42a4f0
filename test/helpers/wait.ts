// Waiting for a condition instead of a time.
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Resolves as soon as `condition` holds.
 * @param what looked at only after `limitMs` where it is a function
 * @throws Error naming `what` after `limitMs`
 */
export async function until(
  what: string | (() => string),
  condition: () => boolean | Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) {
      const words = typeof what === 'string' ? what : what();
      throw new Error(`waited ${limitMs} ms in vain for: ${words}`);
    }
    await delay(10);
  }
}
