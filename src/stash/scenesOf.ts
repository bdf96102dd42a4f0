// Which scenes refer to a performer, studio, tag or group, and whether that exists at all.
import { PlexSyncError } from '../contract/errors.ts';
import {
  scenesOfGroupDocument,
  scenesOfPerformerDocument,
  scenesOfStudioDocument,
  scenesOfTagDocument,
} from './documents.ts';
import { type Keyset, checkedPage, isId, keysetVariables } from './keyset.ts';
import type { Query } from './query.ts';
import { scenesOfSchema } from './schemas.ts';

export type EntityKind = 'performer' | 'studio' | 'tag' | 'group';

export interface ScenesOf {
  /** Null: it does not exist. */
  readonly entity: { readonly name: string } | null;
  readonly ids: readonly number[];
}

const documents: Readonly<Record<EntityKind, string>> = {
  performer: scenesOfPerformerDocument,
  studio: scenesOfStudioDocument,
  tag: scenesOfTagDocument,
  group: scenesOfGroupDocument,
};

/**
 * For an id that nothing has, Stash answers null without an error (`findPerformer` and its like:
 * stashapp/stash `pkg/sqlite/performer.go` `Find`, `ErrNoRows`), and the filter finds no scene.
 * @throws PlexSyncError `bad-arguments`, and those of the query.
 */
export async function scenesOf(
  query: Query,
  kind: EntityKind,
  id: number,
  keyset: Keyset,
): Promise<ScenesOf> {
  if (!isId(id)) throw new PlexSyncError('bad-arguments', `This is not the id of a ${kind}.`);
  const variables = { id: String(id), ...keysetVariables(keyset, refersTo(kind, String(id))) };
  const { entity, findScenes } = await query(documents[kind], variables, scenesOfSchema);
  return { entity, ids: checkedPage(findScenes.scenes, keyset).map((scene) => scene.id) };
}

/** Performers know no children, and their criterion no depth. */
function refersTo(kind: EntityKind, id: string): Readonly<Record<string, unknown>> {
  const criterion = { value: [id], modifier: 'INCLUDES' };
  if (kind === 'performer') return { performers: criterion };
  return { [`${kind}s`]: { ...criterion, depth: 0 } };
}
