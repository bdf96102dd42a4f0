// Steps "data" and "node": whether PlexSync's own ground is firm.
import { randomUUID } from 'node:crypto';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HealthStep } from '../../contract/health.ts';
import { dataDirectory } from '../../store/file/dataDirectory.ts';
import { whyNotAllowed } from '../../store/file/notAllowed.ts';
import { doubtfulFileSystem, fileSystemWarning } from '../../sync/process/fileSystem.ts';
import { fail, ok, warn } from './step.ts';

export interface Ground {
  readonly freeBytes: number;
  /** Name of a file system on which a database can be damaged, or null. */
  readonly doubtful: string | null;
}

const freeMb = { tight: 500, little: 50 };

export function checkData(
  path: string,
  groundOf: (path: string) => Ground = lookAtGround,
): HealthStep {
  const file = join(path, `.health-${randomUUID()}`);
  try {
    writeFileSync(file, '', { mode: 0o600, flag: 'wx' });
    rmSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return fail(
      'data',
      whyNotAllowed(dataDirectory(path)) ??
        `The data directory ${path} cannot be written to (${code}).`,
      'Make it writable for the user that Stash runs as; call this as that user.',
    );
  }
  const { doubtful, freeBytes } = groundOf(path);
  const free = Math.floor(freeBytes / 1024 ** 2);
  if (free < freeMb.little) {
    return fail('data', `The disk of ${path} is full: ${free} MB are free.`, 'Make room there.');
  }
  if (doubtful !== null) return warn('data', fileSystemWarning(path, doubtful));
  if (free < freeMb.tight) {
    return warn('data', `The disk of ${path} is nearly full: ${free} MB are free.`, 'Make room.');
  }
  return ok('data', `The data directory ${path} can be written to.`);
}

function lookAtGround(path: string): Ground {
  const { bavail, bsize } = statfsSync(path);
  return { freeBytes: bavail * bsize, doubtful: doubtfulFileSystem(path) };
}

const oldestNode = [22, 16] as const;

export function checkNode(version: string): HealthStep {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [least, leastMinor] = oldestNode;
  if (major > least || (major === least && minor >= leastMinor)) {
    return ok('node', `Node ${version} runs PlexSync.`);
  }
  return fail(
    'node',
    `Node ${version} runs PlexSync, which is too old.`,
    `Install Node ${oldestNode.join('.')} or later on Stash’s machine.`,
  );
}
