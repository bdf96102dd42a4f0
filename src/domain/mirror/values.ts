// What is remembered of an item: the values that are PlexSync's own, and those that were there before.
import type { Field, ScalarField, TagField } from '../base/plexItem.ts';

/** Values PlexSync knows to be its own work; a field that is missing was never pushed. */
export interface PushedValues {
  readonly scalars: Readonly<Partial<Record<ScalarField, string>>>;
  readonly tags: Readonly<Partial<Record<TagField, readonly string[]>>>;
}

export const nothingPushed: PushedValues = { scalars: {}, tags: {} };

/**
 * What Plex had in a field before PlexSync first wrote to it. A field that is missing was never
 * written, or was PlexSync's own already when this record began: nothing is known to go back to.
 */
export interface BeforeValues {
  readonly scalars: Readonly<Partial<Record<ScalarField, string>>>;
  /** As Plex spelled them. Tags that a person had added to a list of ours are not among them. */
  readonly tags: Readonly<Partial<Record<TagField, readonly string[]>>>;
  /** Fields that were locked before the first write to them. */
  readonly locked: readonly Field[];
}

export const nothingBefore: BeforeValues = { scalars: {}, tags: {}, locked: [] };
