// Which scenes of Stash's were changed last, and when given ones were.
import * as v from 'valibot';
import type { NewestInStash } from '../domain/gaps/restored.ts';
import { newestScenesDocument } from './documents.ts';
import type { Graphql } from './graphql.ts';
import { dataOf } from './query.ts';
import { timeSchema } from './schemas.ts';

/**
 * Stash orders times as texts, each in the offset that its machine had then (stashapp/stash
 * `pkg/sqlite/timestamp.go`), so that the last by its order need not be the latest.
 */
const looked = 100;

const listSchema = v.object({ newest: v.object({ scenes: v.array(timeSchema) }) });
const oneSchema = v.nullable(timeSchema);

/**
 * One request. A scene that Stash could not read is missing in `asked`.
 * @param ids different ones
 * @throws those of the query for the list
 */
export async function newestChanges(
  graphql: Graphql,
  ids: readonly number[],
): Promise<NewestInStash> {
  const page = { page: 1, per_page: looked, sort: 'updated_at', direction: 'DESC' };
  const slots = Object.fromEntries(ids.map((id, slot) => [`id${slot}`, String(id)]));
  const { data, errors } = await graphql.send(newestScenesDocument(ids.length), { ...slots, page });
  // An error without a place is of the request as a whole.
  const ofSlots = new Set(ids.map((_, slot) => `s${slot}`));
  const ofList = errors.filter(({ path }) => !ofSlots.has(String(path[0])));
  const { newest } = dataOf({ data, errors: ofList }, listSchema);
  const failed = new Set(errors.map(({ path }) => path[0]));
  const asked = new Map<number, number | null>();
  ids.forEach((id, slot) => {
    const read = v.safeParse(oneSchema, data?.[`s${slot}`]);
    if (failed.has(`s${slot}`) || !read.success) return;
    asked.set(id, read.output === null ? null : Date.parse(read.output.updated_at));
  });
  return { newest: newest.scenes.map((one) => ({ id: one.id, at: timeOf(one) })), asked };
}

function timeOf({ updated_at: at }: v.InferOutput<typeof timeSchema>): number {
  return Date.parse(at);
}
