// Steps "data" and "node": whether PlexSync's own ground is firm.
import { randomUUID } from 'node:crypto';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HealthStep } from '../../contract/health.ts';
import { dataDirectory } from '../../store/dataDirectory.ts';
import { whyNotAllowed } from '../../store/notAllowed.ts';
import { fail, ok, warn } from './step.ts';

export interface FileSystem {
  /** Magic number, as Linux's statfs(2) tells it. */
  readonly type: number;
  readonly freeBytes: number;
}

/** On these, SQLite's locks are not to be relied on (sqlite.org/howtocorrupt.html, 2.1). */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9p'],
  [0x00c36400, 'Ceph'],
]);
const freeMb = { tight: 500, little: 50 };

export function checkData(
  path: string,
  fileSystemOf: (path: string) => FileSystem = lookAtFileSystem,
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
  const { type, freeBytes } = fileSystemOf(path);
  const free = Math.floor(freeBytes / 1024 ** 2);
  if (free < freeMb.little) {
    return fail('data', `The disk of ${path} is full: ${free} MB are free.`, 'Make room there.');
  }
  const network = networkFileSystems.get(type >>> 0);
  if (network !== undefined) {
    return warn(
      'data',
      `The data directory ${path} lies on a network file system (${network}), where a database can be damaged.`,
      'Let Stash’s configuration folder lie on a disk of its own machine.',
    );
  }
  if (free < freeMb.tight) {
    return warn('data', `The disk of ${path} is nearly full: ${free} MB are free.`, 'Make room.');
  }
  return ok('data', `The data directory ${path} can be written to.`);
}

function lookAtFileSystem(path: string): FileSystem {
  const { type, bavail, bsize } = statfsSync(path);
  return { type, freeBytes: bavail * bsize };
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
