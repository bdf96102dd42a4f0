// Linux namespaces, where the machine allows them: a process tree or a file system that only the test sees.
import { spawnSync } from 'node:child_process';

/** Whether `unshare` with these options is allowed here. */
export function canUnshare(...options: readonly string[]): boolean {
  return spawnSync('unshare', [...options, 'true']).status === 0;
}

const subreaper = [
  'import ctypes, os, sys',
  'if ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) != 0: sys.exit(1)', // PR_SET_CHILD_SUBREAPER, kept across exec
  'os.execvp(sys.argv[1], sys.argv[1:])',
].join('\n');

/**
 * The beginning of a command line under which the rest of it runs as a parent that inherits all orphans: process 1 of
 * a namespace of its own, or else a child subreaper. Undefined where both are refused.
 */
export function asParentOfOrphans(): string[] | undefined {
  const namespace = ['--pid', '--fork', '--mount-proc'];
  if (canUnshare(...namespace)) return ['unshare', ...namespace];
  const python = ['python3', '-c', subreaper];
  return spawnSync('python3', [...python.slice(1), 'true']).status === 0 ? python : undefined;
}
