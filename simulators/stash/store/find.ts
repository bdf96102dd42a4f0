// Identifiers, order and pages of findScenes and its kind, as Stash has them
// (stashapp/stash pkg/models/find_filter.go, pkg/sqlite/scene.go).
import { StashError } from '../errors.ts';
import { isRecord } from '../goFormats.ts';
import type { SceneRecord } from './records.ts';
import type { StashStore } from './store.ts';

type Input = Readonly<Record<string, unknown>>;

/** Ids as GraphQL sends them; the messages are Stash's own. */
export function parseIds(ids: readonly string[], field: string): number[] {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw new StashError(`validating ${field}: duplicate id found: ${id}`);
    seen.add(id);
  }
  return ids.map((id) => parseId(id, `converting ${field}: `));
}

export function parseId(id: string, prefix = ''): number {
  if (!/^[+-]?\d+$/.test(id)) {
    throw new StashError(`${prefix}strconv.Atoi: parsing ${JSON.stringify(id)}: invalid syntax`);
  }
  return Number(id);
}

/**
 * The scenes of these ids in this order. One that is missing fails the whole question, as in
 * Stash: FindMany in pkg/sqlite/scene.go answers `scene with id N not found` and no scenes.
 */
export function scenesByIds(store: StashStore, ids: readonly number[]): SceneRecord[] {
  return ids.map((id) => {
    const scene = store.scene(id);
    if (scene === undefined) throw new StashError(`scene with id ${id} not found`);
    return scene;
  });
}

interface Sortable {
  readonly id: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly title?: string;
  readonly name?: string;
  readonly files?: SceneRecord['files'];
  readonly playHistory?: SceneRecord['playHistory'];
  readonly resumeTimeSeconds?: number;
}

/** Order and page. `per_page` is 25 if absent, negative = all, 0 = none (for the count alone). */
export function orderAndPage<Item extends Sortable>(items: Item[], filter: unknown): Item[] {
  const input: Input = isRecord(filter) ? filter : {};
  const perPage = typeof input['per_page'] === 'number' ? input['per_page'] : 25;
  const page = typeof input['page'] === 'number' ? Math.max(1, input['page']) : 1;
  const sort = typeof input['sort'] === 'string' ? input['sort'] : '';
  const sign = input['direction'] === 'DESC' ? -1 : 1;
  items.sort(comparison(sort, sign));
  return perPage < 0 ? items : items.slice((page - 1) * perPage, page * perPage);
}

function comparison(sort: string, sign: number): (a: Sortable, b: Sortable) => number {
  const byText =
    (key: (item: Sortable) => string) =>
    (a: Sortable, b: Sortable): number => {
      const left = key(a);
      const right = key(b);
      return left === right ? a.id - b.id : sign * (left < right ? -1 : 1);
    };
  switch (sort) {
    case '':
      return (a, b) => a.id - b.id;
    case 'id':
      return (a, b) => sign * (a.id - b.id);
    case 'updated_at':
      return byText((item) => item.updatedAt);
    case 'created_at':
      return byText((item) => item.createdAt);
    case 'last_played_at':
      // Never played is the least: NULL to SQLite.
      return byText((item) => item.playHistory?.at(-1) ?? '');
    case 'resume_time':
      return (a, b) =>
        sign * ((a.resumeTimeSeconds ?? 0) - (b.resumeTimeSeconds ?? 0)) || a.id - b.id;
    case 'title':
    case 'name':
      return byText((item) => (item.title ?? item.name ?? '').toLowerCase());
    case 'path':
      return byText((item) => item.files?.[0]?.path.toLowerCase() ?? '');
    default:
      throw new StashError(`invalid sort: ${sort}`);
  }
}
