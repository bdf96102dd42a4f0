// Sees to it that dist/plex-sync is what the sources say: a figure of an old build is worth nothing.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const sources = ['src', 'plugin', 'scripts/build.ts', 'package.json'];

/** The finished plugin. */
export const builtPlugin = join(root, 'dist', 'plex-sync');

/** Builds if the plugin is missing or older than a source. What the build says goes to stderr. */
export function ensureBuilt(): void {
  const program = join(builtPlugin, 'plex-sync.cjs');
  const newest = Math.max(...sources.map((source) => newestIn(join(root, source))));
  if (existsSync(program) && statSync(program).mtimeMs >= newest) return;
  process.stderr.write('dist/plex-sync is missing or older than its sources: building\n');
  execFileSync(process.execPath, [join(root, 'scripts', 'build.ts')], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  });
}

function newestIn(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const names = readdirSync(path);
  return Math.max(found.mtimeMs, ...names.map((name) => newestIn(join(path, name))));
}
