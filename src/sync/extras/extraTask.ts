// A picture or a rating of one scene on its way to Plex.
import type { FieldPolicy } from '../../contract/fieldPolicies.ts';
import type { ImageKind } from '../../domain/base/imageKind.ts';
import type { PlexItem } from '../../domain/base/plexItem.ts';
import type { StoredExtra } from '../../store/queue/extra.ts';
import type { DrainContext } from '../base/context.ts';

export type ExtraContext = Pick<DrainContext, 'db' | 'clock' | 'log' | 'stash' | 'plex'>;

export interface ExtraTask {
  readonly extra: StoredExtra;
  /** As Plex has it. */
  readonly item: Pick<PlexItem, 'ratingKey' | 'sectionId' | 'locked' | 'userRating'>;
  readonly policy: FieldPolicy;
}

export interface ImageTask extends ExtraTask {
  readonly extra: StoredExtra & { readonly kind: ImageKind };
}

export function isImageTask(task: ExtraTask): task is ImageTask {
  return task.extra.kind !== 'rating';
}

export interface ExtraResult {
  /** `kept`: a person's choice; `none`: there is nothing to show. */
  readonly kind: 'sent' | 'current' | 'kept' | 'none';
  /** Plex shows our picture, and nothing says so as yet that lasts. */
  readonly toLock: boolean;
}

/** An item read longer ago is read again before it is written: a person may have chosen meanwhile. */
export const freshMs = 2_000;
