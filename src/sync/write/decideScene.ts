// What is to be written of one scene into its item, and whether it may be sent. Without a side effect:
// the worker and whoever only wants to know ask the same.
import type { FieldSettings } from '../../contract/fieldSettings.ts';
import { type DesiredItem, desiredItem, maxEncodedBytes } from '../../domain/mirror/desired.ts';
import type { SceneDecision } from '../../domain/mirror/diff.ts';
import type { Field } from '../../domain/base/plexItem.ts';
import type { TagModes } from '../../domain/mirror/tagMode.ts';
import { editCheck } from '../../plex/editSchema.ts';
import type { MatchedJob } from '../base/job.ts';
import { decideWithin } from './longLists.ts';

const checkMirrorEdit = editCheck(maxEncodedBytes);

export interface DecidedScene {
  /** All that Stash wants, also what was cut of lists. */
  readonly desired: DesiredItem;
  readonly decision: SceneDecision;
  /** Fields that were cut to fit a request. */
  readonly cut: readonly Field[];
}

/** @param modes what is known of writes to one item */
export function decideScene(
  { scene, item, values }: Pick<MatchedJob, 'scene' | 'item' | 'values'>,
  settings: FieldSettings,
  modes: TagModes,
): DecidedScene {
  const desired = desiredItem(scene, settings);
  const { decision, cut } = decideWithin(desired, item, values, modes);
  return { desired, decision, cut: [...desired.cut, ...cut] };
}

/** @throws PlexSyncError `edit-invalid` for a write that no request may carry */
export function checkDecision({ edit, stale }: Pick<SceneDecision, 'edit' | 'stale'>): void {
  if (edit !== null) checkMirrorEdit({ ...edit, removeTags: stale });
}
