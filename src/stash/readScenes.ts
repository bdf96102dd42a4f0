// Turns the answer to a batch of scenes into one result per scene. Null counts as gone only where
// Stash reported no error for it.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import type { SceneRead } from '../domain/base/scene.ts';
import type { GraphqlAnswer } from './graphql.ts';
import { sceneSchema, sceneSchemaWithoutTagParents } from './schemas.ts';

const longestValue = 80;
const mostIdsNamed = 5;

/**
 * @param ids What the answers `s0`, `s1` … were asked for.
 * @param tagParents Whether the parents of tags were asked for.
 * @returns One result per id, in their order; `failed` for those that Stash reported an error for.
 *   Where that is all of them, the answer does not tell whether it is the scenes or Stash.
 * @throws PlexSyncError `stash-query-failed` when the error is of the request as a whole;
 *   `stash-bad-answer` when a scene was not answered at all.
 */
export function readScenes(
  ids: readonly number[],
  answer: GraphqlAnswer,
  tagParents: boolean,
): readonly SceneRead[] {
  const { data, errors } = answer;
  const complaints = new Map(errors.map(({ path, message }) => [path[0], message]));
  const failed = ids.filter((_, slot) => complaints.has(`s${slot}`));
  const [firstError] = errors;
  if (firstError !== undefined && failed.length === 0) {
    throw new PlexSyncError(
      'stash-query-failed',
      `Stash could not read ${nameIds(ids)}: ${firstError.message}`,
    );
  }
  return ids.map((id, slot) => {
    const complaint = complaints.get(`s${slot}`);
    if (complaint !== undefined) {
      return { kind: 'failed', id, message: `Stash could not read scene ${id}: ${complaint}` };
    }
    const value = data?.[`s${slot}`];
    if (value === undefined) {
      throw new PlexSyncError('stash-bad-answer', `Stash did not answer for scene ${id}.`);
    }
    return value === null ? { kind: 'gone', id } : readScene(id, value, tagParents);
  });
}

function readScene(id: number, value: unknown, tagParents: boolean): SceneRead {
  const parsed = v.safeParse(tagParents ? sceneSchema : sceneSchemaWithoutTagParents, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const field = v.getDotPath(issue) ?? 'scene';
    const message = `${field} ${issue.message}: ${issue.received.slice(0, longestValue)}`;
    return { kind: 'invalid', id, field, message };
  }
  const scene = parsed.output;
  if (scene.id !== id) {
    return { kind: 'invalid', id, field: 'id', message: `id is another scene's: ${scene.id}` };
  }
  return { kind: 'scene', scene };
}

function nameIds(ids: readonly number[]): string {
  const named = ids.slice(0, mostIdsNamed).join(', ');
  const more = ids.length - mostIdsNamed;
  return `${ids.length === 1 ? 'scene' : 'scenes'} ${named}${more > 0 ? ` and ${more} more` : ''}`;
}
