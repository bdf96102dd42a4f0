// The shells under which everything about the launcher is shown. A shell that is not installed is skipped loudly.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';

export interface Shell {
  readonly name: string;
  readonly path: string;
  /** Tools that come with the shell: where it is busybox, its own `head` and `sleep` are used too, as in Alpine. */
  readonly tools: readonly string[];
}

const known = [
  { name: 'dash', tools: [] },
  { name: 'busybox', tools: 'head cat mkdir ln mv rm sleep date touch wc'.split(' ') },
  { name: 'bash', tools: [] },
  { name: 'mksh', tools: [] },
] as const;

const folders = ['/bin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/** The path of a program in the usual folders, if it is installed. */
export function installed(program: string): string | undefined {
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Runs the same tests under every shell; in all of them it is called `sh` (so bash is in its POSIX mode). */
export function underEveryShell(body: (shell: Shell) => void): void {
  for (const { name, tools } of known) {
    const path = installed(name);
    if (path === undefined) {
      skipLoudly(`under ${name}`, `${name} is not installed`);
    } else {
      describe(`under ${name}`, () => body({ name, path, tools }));
    }
  }
}

/** Fills a directory that, put first on the PATH, makes this shell the `sh`. */
export function makeBin(folder: string, shell: Shell): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['sh', ...shell.tools]) symlinkSync(shell.path, join(folder, name));
}

/** Leaves a trace of what was not shown here, and why. */
export function skipLoudly(what: string, why: string): void {
  console.warn(`NOT SHOWN: ${what} (${why})`);
  test.skip(`${what} (skipped: ${why})`, () => {});
}
