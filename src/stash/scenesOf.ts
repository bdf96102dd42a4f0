// Which scenes refer to a performer, studio, tag or group, and what that is, if it exists at all.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import type { Shared } from '../domain/gaps/shared.ts';
import {
  sceneIdsOfDocument,
  scenesOfGroupDocument,
  scenesOfPerformerDocument,
  scenesOfStudioDocument,
  scenesOfTagDocument,
} from './documents.ts';
import { type Keyset, checkedPage, isId, keysetVariables } from './keyset.ts';
import type { Query } from './query.ts';
import { idsSchema, namedEntries, performerEntries, studioEntries, tagEntries } from './schemas.ts';

export type EntityKind = 'performer' | 'studio' | 'tag' | 'group';

/** With the ids of the studios or tags right below it. */
export type Found = Extract<Shared, { readonly entity: EntityKind }> & {
  readonly children: readonly number[];
};

export interface ScenesOf {
  /** Null: it does not exist. */
  readonly entity: Found | null;
  readonly ids: readonly number[];
}

const childIds = v.pipe(
  idsSchema,
  v.transform((children) => children.map(({ id }) => id)),
);

interface Kind {
  readonly document: string;
  readonly schema: v.GenericSchema<unknown, Found>;
}

const kinds: Readonly<Record<EntityKind, Kind>> = {
  performer: {
    document: scenesOfPerformerDocument,
    schema: v.pipe(
      v.object(performerEntries),
      v.transform((found) => ({ entity: 'performer' as const, ...found, children: [] })),
    ),
  },
  studio: {
    document: scenesOfStudioDocument,
    schema: v.pipe(
      v.object({ ...studioEntries, child_studios: childIds }),
      v.transform(({ id, name, parent_studio: parent, child_studios: children }) => {
        return { entity: 'studio' as const, id, name, parent, children };
      }),
    ),
  },
  tag: {
    document: scenesOfTagDocument,
    schema: v.pipe(
      v.object({ ...tagEntries, children: childIds }),
      v.transform((found) => ({ entity: 'tag' as const, ...found })),
    ),
  },
  group: {
    document: scenesOfGroupDocument,
    schema: v.pipe(
      v.object(namedEntries),
      v.transform((found) => ({ entity: 'group' as const, ...found, children: [] })),
    ),
  },
};

/** What an answer holds of the scenes, whatever else is in it. */
const page = { findScenes: v.object({ scenes: idsSchema }) };

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
  const { document, schema } = kinds[kind];
  const variables = { id: String(id), ...variablesOf(kind, [id], keyset) };
  // Null for the entity itself is an answer; a missing one is not.
  const answer = v.object({ entity: v.nullable(schema), ...page });
  const { entity, findScenes } = await query(document, variables, answer);
  return { entity, ids: checkedPage(findScenes.scenes, keyset).map((scene) => scene.id) };
}

/**
 * The scenes that refer to any of them.
 * @throws PlexSyncError `bad-arguments`, and those of the query.
 */
export async function scenesOfAny(
  query: Query,
  kind: EntityKind,
  ids: readonly number[],
  keyset: Keyset,
): Promise<readonly number[]> {
  // To Stash no ids would mean no filter.
  if (ids.length === 0) return [];
  const variables = variablesOf(kind, ids, keyset);
  const { findScenes } = await query(sceneIdsOfDocument, variables, v.object(page));
  return checkedPage(findScenes.scenes, keyset).map((scene) => scene.id);
}

/** Performers know no children, and their criterion no depth. */
function variablesOf(
  kind: EntityKind,
  ids: readonly number[],
  keyset: Keyset,
): Readonly<Record<string, unknown>> {
  if (!ids.every(isId))
    throw new PlexSyncError('bad-arguments', `This is not the id of a ${kind}.`);
  const criterion = { value: ids.map(String), modifier: 'INCLUDES' };
  const referring =
    kind === 'performer' ? { performers: criterion } : { [`${kind}s`]: { ...criterion, depth: 0 } };
  return keysetVariables(keyset, referring);
}
