// A queue row on its way through a drain, from claimed to decided.
import type { PlexSyncError } from '../contract/errors.ts';
import type { SceneDecision } from '../domain/diff.ts';
import type { SceneFileKeys } from '../domain/match.ts';
import type { PlexItem } from '../domain/plexItem.ts';
import type { Scene } from '../domain/scene.ts';
import type { QueueRow } from '../store/queue.ts';
import type { SceneState } from '../store/sceneState.ts';

/** A row with its scene as Stash has it now. */
export interface SceneJob {
  readonly row: QueueRow;
  readonly scene: Scene;
  readonly files: readonly SceneFileKeys[];
  readonly state: SceneState | null;
}

/** With its item as Plex has it now. */
export interface MatchedJob extends SceneJob {
  readonly item: PlexItem;
  readonly matchedBy: 'remembered' | 'path' | 'name-size';
}

/** With what is to be written. */
export interface PlannedJob extends MatchedJob {
  readonly decision: SceneDecision;
}

/** A failure of the server's, the token's or a request to wait: it ends the drain for now. */
export type Stop =
  | { readonly kind: 'server'; readonly error: PlexSyncError; readonly lastFailed: string | null }
  | { readonly kind: 'token'; readonly error: PlexSyncError }
  | { readonly kind: 'wait'; readonly error: PlexSyncError; readonly ms: number };

/** A write that failed in a way that can be the item's or the server's: undecided as yet. */
export interface Suspect {
  readonly row: QueueRow;
  readonly error: PlexSyncError;
}
