// What is known to be PlexSync's own in an item, while a write is under way that may take some of it
// away for a moment.
import type { PushedValues } from '../../domain/mirror/values.ts';
import type { Database } from '../file/database.ts';
import { run } from '../file/sql.ts';

/** Replaces what is known to be pushed and leaves the intent, which has more, as it is. */
export function recordKnownPushed(db: Database, sceneId: number, pushed: PushedValues): void {
  run(db, 'UPDATE scene_state SET pushed = ? WHERE scene_id = ?', JSON.stringify(pushed), sceneId);
}
