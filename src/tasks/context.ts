// What a task or operation works with, whoever called it.
import type { DataDirectory } from '../store/dataDirectory.ts';
import type { Database } from '../store/open.ts';
import type { Log } from '../sync/log.ts';

export interface TaskContext {
  readonly db: Database;
  readonly directory: DataDirectory;
  readonly version: string;
  /** Unix ms. */
  readonly now: number;
  readonly log: Log;
  /** One line for a person: Stash's log, or the terminal. */
  readonly say: (line: string) => void;
}
