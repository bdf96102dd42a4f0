// Warnings that are found when the status is asked for, beside those that the worker found.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Status, Warning } from '../../contract/status.ts';
import type { DataDirectory } from '../../store/file/dataDirectory.ts';
import { whyNotAllowed } from '../../store/file/notAllowed.ts';
import { doubtfulFileSystem, fileSystemWarning } from '../process/fileSystem.ts';

export function passingWarnings(
  directory: DataDirectory,
  { queue, extras }: Pick<Status, 'queue' | 'extras'>,
): readonly Warning[] {
  const warnings: Warning[] = [];
  // The spool was taken in just before.
  if (queue.spooled > 0) {
    const events = queue.spooled === 1 ? 'One event' : `${queue.spooled} events`;
    const message = `${events} in the folder spool could not be taken in; plex-sync.log says why.`;
    warnings.push({ about: 'spool', message });
  }
  if (extras.givenUp > 0) {
    const what = extras.givenUp === 1 ? 'One picture or rating was' : pictures(extras.givenUp);
    const message = `${what} given up. The task Retry dead letters tries it again, and so does another cover or rating.`;
    warnings.push({ about: 'extras', message });
  }
  // Left by the launcher where the worker finds no Node, though this process has one.
  if (existsSync(join(directory.path, 'no-runtime'))) {
    const message = 'The worker found no Node 22.16 or later when it was to be started last.';
    warnings.push({ about: 'runtime', message });
  }
  const notAllowed = whyNotAllowed(directory);
  if (notAllowed !== null) warnings.push({ about: 'data', message: notAllowed });
  const doubtful = doubtfulFileSystem(directory.path);
  if (doubtful !== null) {
    warnings.push({ about: 'data', message: fileSystemWarning(directory.path, doubtful) });
  }
  return warnings;
}

function pictures(count: number): string {
  return `${count} pictures and ratings were`;
}
