// The finished plugin as one zip file, in which nothing but the plugin's own bytes counts: the same
// files make the same zip on any machine, on any day, in any time zone.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/** Files with the run bit: Stash installs each with the mode that the zip tells (stashapp/stash pkg/pkg/manager.go). */
export const runnable: readonly string[] = ['launch.sh', 'supervise.sh', 'sh', 'plexsync'];

/**
 * Stash deletes the old files of a plugin in the order of its zip, and then writes the new ones in that
 * order (stashapp/stash pkg/pkg/manager.go). A hook can keep its event as soon as the launcher is there,
 * so that is first: to delete the others takes less time than to write them. The supervisor is last: once
 * it is complete, so is all the rest.
 */
const order = { first: 'launch.sh', second: 'claim.sh', last: 'supervise.sh' } as const;

/** What the launcher leaves in a plugin that was run where it was built. */
const left = 'data';

const unix = 3;
/** Regular file, in the upper half of the zip's "external attributes" (Unix mode). */
const regular = 0o100_000;
/** The earliest moment that a zip can tell; by local fields, as it is written. */
const noMoment = new Date(1980, 0, 1);

/**
 * @param folder the finished plugin
 * @throws Error if it holds what Stash would trip over: a folder, a symbolic link, a second `.yml`
 */
export function zipOf(folder: string): Uint8Array {
  const files: Zippable = {};
  for (const name of namesIn(folder)) {
    const mode = runnable.includes(name) ? 0o755 : 0o644;
    files[name] = [
      readFileSync(join(folder, name)),
      { level: 9, mtime: noMoment, os: unix, attrs: ((regular | mode) << 16) >>> 0 },
    ];
  }
  return zipSync(files);
}

function namesIn(folder: string): readonly string[] {
  const all = readdirSync(folder).filter((name) => name !== left);
  const names = all.toSorted((a, b) => (a < b ? -1 : 1));
  for (const name of names) {
    if (lstatSync(join(folder, name)).isFile()) continue;
    throw new Error(`${name} is no plain file: Stash's packages are flat, without links`);
  }
  // Stash takes every .yml below its plugins folder for a plugin.
  const manifests = names.filter((name) => /\.ya?ml$/i.test(name));
  if (manifests.join() !== 'plex-sync.yml') {
    throw new Error(`plex-sync.yml must be the only manifest, not ${manifests.join(', ')}`);
  }
  const missing = [...runnable, order.second].filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`not a finished plugin: ${missing.join(', ')} missing`);
  const { first, second, last } = order;
  const others = names.filter((name) => ![first, second, last].some((placed) => placed === name));
  return [first, second, ...others, last];
}
