// Plugins of one shell command, to set beside PlexSync: the cheapest hook there is, and one that
// keeps what Stash sends.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const triggers = ['Scene.Create.Post', 'Scene.Update.Post', 'Scene.Destroy.Post'];

/** @returns the plugin's folder, to be installed in a Stash */
function writeHookPlugin(root: string, id: string, exec: readonly string[]): string {
  const folder = join(root, id);
  mkdirSync(folder);
  const manifest = {
    name: id,
    version: '1.0',
    exec,
    interface: 'raw',
    hooks: [{ name: id, triggeredBy: triggers }],
  };
  // JSON is YAML.
  writeFileSync(join(folder, `${id}.yml`), JSON.stringify(manifest));
  return folder;
}

/** The floor of what any hook costs: a shell that reads what Stash sends and ends. */
export function writeFloorPlugin(root: string): string {
  return writeHookPlugin(root, 'floor', ['sh', '-c', 'cat >/dev/null']);
}

export interface Recorder {
  readonly folder: string;
  /** What Stash sent so far, in no order. */
  inputs(): readonly string[];
}

/** Keeps the standard input of each hook. */
export function writeRecorder(root: string): Recorder {
  const kept = join(root, 'recorded');
  mkdirSync(kept);
  // A plain `>` would be seen half written.
  const command = 'cat >"$0/$$.part" && mv "$0/$$.part" "$0/$$.json"';
  return {
    folder: writeHookPlugin(root, 'recorder', ['sh', '-c', command, kept]),
    inputs: () =>
      readdirSync(kept)
        .filter((name) => name.endsWith('.json'))
        .map((name) => readFileSync(join(kept, name), 'utf8')),
  };
}
