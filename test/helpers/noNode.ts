// A Stash on whose machine there is no Node, with a stand-in for the Python that fetches one. What it fetches is the
// Node of this test run, so that the whole plugin runs on it.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hideMachinesNode } from '../launcher/support/sandbox.ts';
import { makeBin } from '../launcher/support/shells.ts';
import { fakePython } from '../launcher/support/wheel.ts';

export interface NoNode {
  /** For Stash, before it starts. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes the launcher in this folder look nowhere else, neither for a Node nor for a Python. */
  hide(pluginFolder: string): void;
  /** There is a Python from now on, and that is what it does: see `fakePython`. */
  python(does: string): void;
  /** What `until [ -e "$root/go" ]` in a Python waits for. */
  go(): void;
  /** How often pip was called. */
  fetches(): number;
  remove(): void;
}

export function withoutNode(): NoNode {
  const root = mkdtempSync(join(tmpdir(), 'plexsync-no-node-'));
  makeBin(join(root, 'bin'), { name: 'sh', path: '/bin/sh', tools: [] });
  // pip would bring a file; to copy this one takes a while.
  writeFileSync(join(root, 'node'), `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  chmodSync(join(root, 'node'), 0o755);
  const path = join(root, 'bin');
  return {
    env: { PATH: path, HOME: root, PLEXSYNC_NODE: '', PLEXSYNC_PAUSE_MS: '100' },
    hide: (pluginFolder) => {
      hideMachinesNode({ root, plugin: pluginFolder, env: {} });
      const runtime = join(pluginFolder, 'runtime.sh');
      const text = readFileSync(runtime, 'utf8').replace(/^places=.*$/m, `places='${root}/usual'`);
      writeFileSync(runtime, text);
    },
    python: (does) => fakePython({ root }, does),
    go: () => writeFileSync(join(root, 'go'), ''),
    fetches: () => {
      try {
        return readFileSync(join(root, 'pip-calls'), 'utf8').split('\n').length - 1;
      } catch {
        return 0;
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
