// What may be pushed now: all that is due, or, while PlexSync is being set up, only the scene that the
// person tries.
import type { Hold } from '../../contract/sceneView.ts';
import { isPaused, isSettingUp, trialScene } from './control.ts';
import { dueExtraRows, nextExtraAt, type StoredExtra } from './extra.ts';
import type { Database } from '../file/database.ts';
import { dueAtOf, nextDueAt, queueKey, type QueueRow } from './queue.ts';
import { claim, claimOne } from './queueClaim.ts';

type Let = { readonly kind: 'all' } | { readonly kind: 'one'; readonly scene: number | null };

function letThrough(db: Database): Let {
  return isSettingUp(db) ? { kind: 'one', scene: trialScene(db) } : { kind: 'all' };
}

/** What holds a scene back, or null: a person's pause, or the setup that has not come to it. */
export function heldBack(db: Database, scene: number): Hold | null {
  const through = letThrough(db);
  if (through.kind === 'one') return through.scene === scene ? null : 'setup';
  return isPaused(db) ? 'paused' : null;
}

/** When a text is due, Unix ms, or null. */
export function nextTextAt(db: Database): number | null {
  const through = letThrough(db);
  if (through.kind === 'all') return nextDueAt(db);
  return through.scene === null ? null : dueAtOf(db, queueKey('scene', through.scene));
}

/** The same of a picture or rating. */
export function nextPictureAt(db: Database): number | null {
  const through = letThrough(db);
  if (through.kind === 'all') return nextExtraAt(db);
  return through.scene === null ? null : nextExtraAt(db, through.scene);
}

/** As `claim`. */
export function claimTexts(
  db: Database,
  now: number,
  limit: number,
  exceptKey: string | null = null,
): readonly QueueRow[] {
  const through = letThrough(db);
  if (through.kind === 'all') return claim(db, now, limit, exceptKey);
  if (through.scene === null) return [];
  const key = queueKey('scene', through.scene);
  return key === exceptKey ? [] : claimOne(db, now, key);
}

/** As `dueExtraRows`. */
export function duePictures(db: Database, now: number, limit: number): readonly StoredExtra[] {
  const through = letThrough(db);
  if (through.kind === 'all') return dueExtraRows(db, now, limit);
  return through.scene === null ? [] : dueExtraRows(db, now, limit, through.scene);
}
