// Counts how often a worker was started, whatever became of it: the supervisor is given a "Node" that
// notes each start and then becomes the real one.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NodeCounter {
  /** For PLEXSYNC_NODE. */
  readonly path: string;
  workerStarts(): number;
}

/** @param folder an existing one, without a single quote in its path */
export function makeNodeCounter(folder: string): NodeCounter {
  const path = join(folder, 'node');
  const notes = join(folder, 'worker-starts');
  const script = `#!/bin/sh
case " $* " in *' worker '*) echo $$ >>'${notes}' ;; esac
exec '${process.execPath}' "$@"
`;
  writeFileSync(path, script, { mode: 0o755 });
  return {
    path,
    workerStarts: () =>
      existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').filter(Boolean).length : 0,
  };
}
