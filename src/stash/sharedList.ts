// The numbers of Stash's performers, studios, tags and groups, with the time of their last change.
import * as v from 'valibot';
import { changedFrom, secondOf } from './changedScenes.ts';
import { sharedListDocument } from './documents.ts';
import type { Query } from './query.ts';
import { type EntityKind } from './scenesOf.ts';
import { countSchema, timeSchema } from './schemas.ts';

export interface SharedTime {
  readonly entity: EntityKind;
  readonly id: number;
  /** Unix ms. */
  readonly at: number;
}

export interface SharedList {
  readonly items: readonly SharedTime[];
  readonly requests: number;
}

/** Of each kind, in one request. */
const perPage = 1_000;
/** A list that shrinks while it is read is begun again, since something slipped out of sight. */
const startsAtMost = 3;

const items = v.array(timeSchema);
const pageSchema = v.object({
  performers: v.object({ count: countSchema, performers: items }),
  studios: v.object({ count: countSchema, studios: items }),
  tags: v.object({ count: countSchema, tags: items }),
  groups: v.object({ count: countSchema, groups: items }),
});

/**
 * All of them, or those changed at or after a time; one that goes or comes meanwhile may be in the list
 * or not. Their filters know no number (stashapp/stash `graphql/schema/types/filters.graphql`
 * `PerformerFilterType` and its kind), so that pages are counted.
 * @param since Unix ms, in whole seconds as Stash keeps it; null = all
 * @throws those of the query
 */
export async function sharedList(query: Query, since: number | null): Promise<SharedList> {
  const filter =
    since === null ? {} : { updated_at: { value: changedFrom(since), modifier: 'GREATER_THAN' } };
  const found = new Map<string, SharedTime>();
  let [requests, starts, page] = [0, 1, 1];
  let before: readonly number[] | null = null;
  for (;;) {
    const lists = await onePage(query, filter, page);
    requests += 1;
    for (const { entity, times } of lists) {
      for (const { id, updated_at: at } of times) {
        found.set(`${entity}:${id}`, { entity, id, at: Date.parse(at) });
      }
    }
    const counts = lists.map(({ count }) => count);
    const isShrunk = before?.some((count, at) => (counts[at] ?? 0) < count) ?? false;
    before = counts;
    if (isShrunk && starts < startsAtMost) {
      [starts, page, before] = [starts + 1, 1, null];
      continue;
    }
    const isLast = lists.every(({ count, times }) => count <= page * perPage || times.length === 0);
    if (isLast) break;
    page += 1;
  }
  const second = since === null ? Number.NEGATIVE_INFINITY : secondOf(since);
  return { items: [...found.values()].filter(({ at }) => at >= second), requests };
}

interface KindPage {
  readonly entity: EntityKind;
  readonly count: number;
  readonly times: v.InferOutput<typeof items>;
}

async function onePage(query: Query, filter: object, page: number): Promise<readonly KindPage[]> {
  const { performers, studios, tags, groups } = await query(
    sharedListDocument,
    {
      performers: filter,
      studios: filter,
      tags: filter,
      groups: filter,
      page: { page, per_page: perPage, sort: 'id', direction: 'ASC' },
    },
    pageSchema,
  );
  return [
    { entity: 'performer', count: performers.count, times: performers.performers },
    { entity: 'studio', count: studios.count, times: studios.studios },
    { entity: 'tag', count: tags.count, times: tags.tags },
    { entity: 'group', count: groups.count, times: groups.groups },
  ];
}
