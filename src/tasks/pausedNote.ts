// What is to be added to the answer of an operation that has something pushed, while nothing is.
import { isPaused, isSettingUp } from '../store/queue/control.ts';
import type { Database } from '../store/file/database.ts';

/** With a space before it; '' while PlexSync is not paused. */
export function pausedNote(db: Database): string {
  if (isSettingUp(db))
    return ' But PlexSync is being set up: nothing is pushed before that is finished.';
  return isPaused(db) ? ' But PlexSync is paused: nothing is pushed until it is resumed.' : '';
}
