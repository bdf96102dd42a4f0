// Shows both logs of a case that failed: the run's directory is gone afterwards.
import { afterEach } from 'vitest';
import type { RealWorld } from './world.ts';

const shownLines = 40;

/** Call within `describe`, before its own `afterEach` that closes the world. */
export function showLogsOfFailures(world: () => RealWorld): void {
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return;
    console.error(`the end of PlexSync's log:\n${endOf(() => world().log())}`);
    console.error(`the end of Stash's log:\n${endOf(() => world().stash.logText())}`);
  });
}

function endOf(read: () => string): string {
  try {
    const lines = read().trimEnd().split('\n');
    // Stash logs each request that the case itself made.
    const telling = lines.filter((line) => !line.includes('httpRequest='));
    return telling.slice(-shownLines).join('\n');
  } catch (error) {
    return String(error);
  }
}
