// Waiting for a condition instead of a time.
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Resolves as soon as `condition` holds.
 * @throws Error naming `what` after `limitMs`
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain for: ${what}`);
    await delay(10);
  }
}
