// Starts a worker in the one way there is: the launcher's, so that all who wake one agree.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { wakeWorker } from './launch.ts';

/** Wakes a supervisor for the data directory unless one lives. Returns within milliseconds. */
export function wake(pluginDirectory: string, dataDirectory: string): void {
  if (process.platform === 'win32') {
    wakeWorker(join(pluginDirectory, 'plex-sync.cjs'), dataDirectory);
    return;
  }
  spawnSync('sh', [join(pluginDirectory, 'launch.sh'), 'wake', dataDirectory], {
    stdio: 'ignore',
    timeout: 10_000,
  });
}
