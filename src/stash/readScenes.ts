// Turns the answer to a batch of scenes into one result per scene.
import * as v from 'valibot';
import type { SceneRead } from '../domain/base/scene.ts';
import { slotsOf } from './batch.ts';
import type { GraphqlAnswer } from './graphql.ts';
import { sceneSchema, sceneSchemaWithoutTagParents } from './schemas.ts';

const longestValue = 80;

/**
 * @param ids What the answers `s0`, `s1` … were asked for.
 * @param tagParents Whether the parents of tags were asked for.
 * @returns One result per id, in their order, see `slotsOf`.
 * @throws PlexSyncError as `slotsOf`
 */
export function readScenes(
  ids: readonly number[],
  answer: GraphqlAnswer,
  tagParents: boolean,
): readonly SceneRead[] {
  return slotsOf(ids, answer).map((slot) =>
    slot.kind === 'there' ? readScene(slot.id, slot.value, tagParents) : slot,
  );
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
