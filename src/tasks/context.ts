// What a task or operation works with, whoever called it.
import type { TellingLevel } from '../domain/words/telling.ts';
import type { DataDirectory } from '../store/file/dataDirectory.ts';
import type { Database } from '../store/file/database.ts';
import type { Clock } from '../sync/base/clock.ts';
import type { Log } from '../sync/base/log.ts';

export interface TaskContext {
  readonly db: Database;
  readonly directory: DataDirectory;
  readonly version: string;
  /** File of the running program, beside launch.sh. */
  readonly programPath: string;
  /** Who asks: Stash's task list, which has no dialog to ask back in; the page; or a terminal. */
  readonly caller: 'task' | 'operation' | 'terminal';
  readonly clock: Clock;
  /** Unix ms, of the call. */
  readonly now: number;
  readonly log: Log;
  /** One line for a person: Stash's log, at that level (`info` unless given), or the terminal. */
  readonly say: (line: string, level?: TellingLevel) => void;
  /** Moves Stash's progress bar. @param share 0 to 1 */
  readonly progress: (share: number) => void;
}
