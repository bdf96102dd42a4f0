// A queue row on its way through a drain, from claimed to decided.
import type { PlexSyncError } from '../../contract/errors.ts';
import type { SceneDecision } from '../../domain/mirror/diff.ts';
import type { Evidence, SceneFileKeys } from '../../domain/match/match.ts';
import type { PlexItem } from '../../domain/base/plexItem.ts';
import type { Scene } from '../../domain/base/scene.ts';
import type { Pin } from '../../store/match/pin.ts';
import type { SceneText } from '../../store/match/candidate.ts';
import type { QueueRow } from '../../store/queue/queue.ts';
import type { OwnValues } from '../../store/mirror/ownValues.ts';
import type { SceneState } from '../../store/mirror/sceneState.ts';

/** A scene as Stash has it now, with what is known of it. */
export interface KnownScene {
  readonly scene: Scene;
  readonly files: readonly SceneFileKeys[];
  readonly text: SceneText;
  readonly state: SceneState | null;
  readonly pin: Pin | null;
}

/** A row with its scene. */
export interface SceneJob extends KnownScene {
  readonly row: QueueRow;
}

/** With its item as Plex has it now. */
export interface MatchedJob extends SceneJob {
  readonly item: PlexItem;
  readonly evidence: Evidence;
  /** What PlexSync is known to have put into the item. */
  readonly values: OwnValues;
}

/** A write that is decided; of the decision, what writing and confirming need. */
export interface PlannedWrite {
  readonly row: QueueRow;
  readonly item: PlexItem;
  readonly decision: Pick<SceneDecision, 'edit' | 'stale'> &
    Partial<Pick<SceneDecision, 'pushedBefore'>>;
}

/** A scene and what is to be written of it. */
export interface PlannedJob extends MatchedJob, PlannedWrite {
  readonly kind: 'mirror';
  readonly decision: SceneDecision;
}

/** A scene that is gone, whose values are taken out of its item. */
export interface WithdrawJob extends PlannedWrite {
  readonly kind: 'withdraw';
}

export type WriteJob = PlannedJob | WithdrawJob;

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
