// Which files Stash's scenes have, and which scenes have a file.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import type { SceneFile } from '../domain/base/scene.ts';
import {
  sceneFilesAfterDocument,
  sceneFilesBatchDocument,
  sceneIdsAfterDocument,
  scenePathsDocument,
} from './documents.ts';
import type { Graphql, GraphqlAnswer } from './graphql.ts';
import { type Keyset, checkedPage, keysetVariables } from './keyset.ts';
import { type Query, dataOf } from './query.ts';
import {
  fileSchema,
  sceneFilesPageSchema,
  sceneIdsPageSchema,
  scenePathsSchema,
} from './schemas.ts';

export interface FilesOfScene {
  readonly id: number;
  /** The first one is the primary file. */
  readonly files: readonly SceneFile[];
  /** False: the scene has files that could not be read and are not in the list. */
  readonly complete: boolean;
}

export interface SceneFilesPage {
  /** Scenes with ids greater than `afterId`, this page included, as Stash counts them. */
  readonly count: number;
  readonly scenes: readonly FilesOfScene[];
}

const scenesPerBatch = 50;
const candidatesPerPage = 100;

/**
 * A scene with an unreadable file does not fail the page. Stash itself sees that otherwise: a file
 * that it lists with a scene but does not know as a video ("file *models.BaseFile is not a video
 * file", stashapp/stash `internal/api/resolver_model_scene.go` `convertVideoFile`) leaves it
 * without any data for the whole page; then the page's scenes are asked for one by one.
 * @throws PlexSyncError `bad-arguments`, and those of the query.
 */
export async function sceneFilesAfter(graphql: Graphql, keyset: Keyset): Promise<SceneFilesPage> {
  const variables = keysetVariables(keyset);
  const answer = await graphql.send(sceneFilesAfterDocument, variables);
  if (isAboutSingleScenes(answer)) return await filesOneByOne(graphql, keyset, variables);
  const { findScenes } = dataOf(answer, sceneFilesPageSchema);
  const scenes = checkedPage(findScenes.scenes, keyset);
  return {
    count: findScenes.count,
    scenes: scenes.map(({ id, files }) => ({ id, ...readableFiles(files) })),
  };
}

function isAboutSingleScenes({ errors }: GraphqlAnswer): boolean {
  const isOfAScene = ([field, list, index]: readonly (string | number)[]): boolean =>
    field === 'findScenes' && list === 'scenes' && typeof index === 'number';
  return errors.length > 0 && errors.every(({ path }) => isOfAScene(path));
}

async function filesOneByOne(
  graphql: Graphql,
  keyset: Keyset,
  variables: Readonly<Record<string, unknown>>,
): Promise<SceneFilesPage> {
  const answer = await graphql.send(sceneIdsAfterDocument, variables);
  const { findScenes } = dataOf(answer, sceneIdsPageSchema);
  const ids = checkedPage(findScenes.scenes, keyset).map(({ id }) => id);
  const scenes: FilesOfScene[] = [];
  for (let start = 0; start < ids.length; start += scenesPerBatch) {
    scenes.push(...(await filesOfBatch(graphql, ids.slice(start, start + scenesPerBatch))));
  }
  return { count: findScenes.count, scenes };
}

/** A scene that has gone since its id was read is left out. */
async function filesOfBatch(
  graphql: Graphql,
  ids: readonly number[],
): Promise<readonly FilesOfScene[]> {
  const variables = Object.fromEntries(ids.map((id, slot) => [`id${slot}`, String(id)]));
  const { data, errors } = await graphql.send(sceneFilesBatchDocument(ids.length), variables);
  const failed = new Set(errors.map(({ path }) => (path[1] === 'files' ? path[0] : undefined)));
  // Trouble with anything but the files of a scene, or with all scenes, is Stash's own.
  const isStashItself = failed.has(undefined) || (failed.size === ids.length && ids.length > 1);
  if (isStashItself) dataOf({ data, errors }, v.unknown());
  return ids.flatMap((id, slot) => {
    const name = `s${slot}`;
    if (failed.has(name)) return [{ id, files: [], complete: false }];
    const scene = data?.[name];
    if (scene === null) return [];
    const parsed = v.safeParse(v.object({ files: v.unknown() }), scene);
    if (parsed.success) return [{ id, ...readableFiles(parsed.output.files) }];
    throw new PlexSyncError('stash-bad-answer', `Stash did not answer for scene ${id}.`);
  });
}

function readableFiles(value: unknown): Omit<FilesOfScene, 'id'> {
  if (!Array.isArray(value)) return { files: [], complete: false };
  const files = value.flatMap((file: unknown) => {
    const parsed = v.safeParse(fileSchema, file);
    return parsed.success ? [parsed.output] : [];
  });
  return { files, complete: files.length === value.length };
}

/**
 * Stash's `EQUALS` for paths is SQLite's LIKE (stashapp/stash `pkg/sqlite/criterion_handlers.go`
 * `pathCriterionHandler`): without regard to the case of A to Z, and `%` and `_` stand for others.
 * So it finds at least what is asked for, and which of it is meant is decided here.
 * @throws PlexSyncError those of the query, also when the files of a candidate cannot be read.
 */
export async function scenesWithFile(query: Query, path: string): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let afterId = 0; ; ) {
    const keyset = { afterId, limit: candidatesPerPage };
    const { findScenes } = await query(
      scenePathsDocument,
      pathVariables(keyset, path),
      scenePathsSchema,
    );
    const candidates = checkedPage(findScenes.scenes, keyset);
    const meant = candidates.filter(({ files }) => files.some((file) => file.path === path));
    ids.push(...meant.map(({ id }) => id));
    const last = candidates.at(-1);
    if (last === undefined || candidates.length < keyset.limit) return ids;
    afterId = last.id;
  }
}

/**
 * Stash compares with folder, separator and name put together, and a folder that is the root of a
 * file system ends with a separator already: `/film.mp4` is `//film.mp4` there, and `D:\film.mp4`
 * `D:\\film.mp4`. Each side of an OR needs all criteria.
 */
function pathVariables(keyset: Keyset, path: string): Readonly<Record<string, unknown>> {
  const equals = (value: string): Readonly<Record<string, unknown>> => ({
    path: { value, modifier: 'EQUALS' },
  });
  const separator = path.startsWith('/') ? '/' : '\\';
  const end = path.lastIndexOf(separator);
  if (end < 0) return keysetVariables(keyset, equals(path));
  const doubled = `${path.slice(0, end)}${separator}${path.slice(end)}`;
  const { scenes: OR } = keysetVariables(keyset, equals(doubled));
  return keysetVariables(keyset, { ...equals(path), OR });
}
