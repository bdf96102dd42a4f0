// The filters of findScenes and its kind: which scenes, performers, studios, tags, groups pass
// (stashapp/stash pkg/sqlite/scene_filter.go, pkg/sqlite/sql.go).
import { StashError } from '../errors.ts';
import { isRecord } from '../goFormats.ts';
import { parseId } from './find.ts';
import { pathTest } from './pathFilter.ts';
import type { EntityKind, EntityRecord, SceneRecord } from './records.ts';
import type { StashStore } from './store.ts';

type Input = Readonly<Record<string, unknown>>;

/** All scenes that pass the filter, unordered and unpaged. */
export function filterScenes(store: StashStore, filter: unknown, q: unknown): SceneRecord[] {
  const passes = isRecord(filter) ? sceneTest(store, filter) : (): boolean => true;
  const words = typeof q === 'string' ? q.toLowerCase().split(/\s+/).filter(Boolean) : [];
  const found: SceneRecord[] = [];
  for (const scene of store.scenes()) {
    if (passes(scene) && words.every((word) => searchText(scene).includes(word))) found.push(scene);
  }
  return found;
}

export function filterEntities(
  store: StashStore,
  kind: EntityKind,
  filter: unknown,
  q: unknown,
): EntityRecord[] {
  const passes = isRecord(filter) ? entityTest(filter) : (): boolean => true;
  const text = typeof q === 'string' ? q.toLowerCase() : '';
  return [...store.entities(kind)].filter(
    (entity) => passes(entity) && entity.name.toLowerCase().includes(text),
  );
}

function sceneTest(store: StashStore, filter: Input): (scene: SceneRecord) => boolean {
  const tests = Object.entries(filter)
    .filter(([, criterion]) => criterion !== null && criterion !== undefined)
    .map(([name, criterion]) => sceneCriterion(store, name, criterion));
  const { OR: either } = filter;
  const all = (scene: SceneRecord): boolean => tests.every((test) => test(scene));
  if (!isRecord(either)) return all;
  const other = sceneTest(store, either);
  return (scene) => all(scene) || other(scene);
}

function sceneCriterion(
  store: StashStore,
  name: string,
  criterion: unknown,
): (scene: SceneRecord) => boolean {
  if (name === 'organized') return (scene) => scene.organized === criterion;
  if (!isRecord(criterion)) throw new StashError(`filter ${name} is not simulated`);
  switch (name) {
    case 'AND':
      return sceneTest(store, criterion);
    case 'OR':
      return () => true;
    case 'NOT': {
      const test = sceneTest(store, criterion);
      return (scene) => !test(scene);
    }
    case 'id':
      return (scene) => matchesNumber(scene.id, criterion);
    case 'path':
      return pathTest(criterion);
    case 'created_at':
      return (scene) => matchesTimestamp(scene.createdAt, criterion);
    case 'updated_at':
      return (scene) => matchesTimestamp(scene.updatedAt, criterion);
    case 'last_played_at':
      return (scene) => matchesTimestamp(scene.playHistory.at(-1) ?? neverPlayed, criterion);
    case 'resume_time':
      // Cut to whole seconds before it is compared (`floatIntCriterionHandler`).
      return (scene) => matchesNumber(Math.trunc(scene.resumeTimeSeconds), criterion);
    case 'play_count':
      return (scene) => matchesNumber(scene.playHistory.length, criterion);
    case 'performers':
      return (scene) => matchesIds(scene.performerIds, criterion);
    case 'tags':
      return (scene) => matchesIds(scene.tagIds, criterion);
    case 'studios':
      return (scene) => matchesIds(scene.studioId === null ? [] : [scene.studioId], criterion);
    case 'groups':
      return (scene) =>
        matchesIds(
          scene.groups.map((link) => link.groupId),
          criterion,
        );
    case 'performers_filter':
      return relatedTest(store, 'performer', criterion, (scene) => scene.performerIds);
    case 'tags_filter':
      return relatedTest(store, 'tag', criterion, (scene) => scene.tagIds);
    case 'studios_filter':
      return relatedTest(store, 'studio', criterion, (scene) =>
        scene.studioId === null ? [] : [scene.studioId],
      );
    case 'groups_filter':
      return relatedTest(store, 'group', criterion, (scene) =>
        scene.groups.map((link) => link.groupId),
      );
    default:
      throw new StashError(`filter ${name} is not simulated`);
  }
}

/** What stands in for the last play of a scene without any: `datetime(0)` of SQLite. */
const neverPlayed = '-4713-11-24 12:00:00';

function relatedTest(
  store: StashStore,
  kind: EntityKind,
  filter: Input,
  idsOf: (scene: SceneRecord) => readonly number[],
): (scene: SceneRecord) => boolean {
  const test = entityTest(filter);
  const passing = new Set([...store.entities(kind)].filter(test).map((entity) => entity.id));
  return (scene) => idsOf(scene).some((id) => passing.has(id));
}

function entityTest(filter: Input): (entity: EntityRecord) => boolean {
  return (entity) =>
    Object.entries(filter).every(([name, criterion]) => {
      if (!isRecord(criterion)) return true;
      return matchesTimestamp(
        name === 'created_at' ? entity.createdAt : entity.updatedAt,
        criterion,
      );
    });
}

function matchesIds(ids: readonly number[], criterion: Input): boolean {
  const wanted = numberList(criterion['value']);
  const excluded = numberList(criterion['excludes']);
  const { depth } = criterion;
  if (typeof depth === 'number' && depth !== 0) throw new StashError('depth is not simulated');
  if (excluded.some((id) => ids.includes(id))) return false;
  switch (criterion['modifier']) {
    case 'IS_NULL':
      return ids.length === 0;
    case 'NOT_NULL':
      return ids.length > 0;
    case 'EXCLUDES':
      return !wanted.some((id) => ids.includes(id));
    case 'INCLUDES_ALL':
      return wanted.every((id) => ids.includes(id));
    default:
      return wanted.length === 0 || wanted.some((id) => ids.includes(id));
  }
}

function numberList(value: unknown): number[] {
  return Array.isArray(value) ? value.map((id) => parseId(String(id))) : [];
}

function matchesNumber(actual: number, criterion: Input): boolean {
  const value = Number(criterion['value']);
  const upper = Number(criterion['value2'] ?? value);
  return compared(actual < value, actual === value, actual <= upper, criterion['modifier']);
}

/**
 * Text against text, nothing parsed, so offsets and precision matter; but a bound that looks like
 * a number is one for SQLite (the column has numeric affinity), and numbers sort before all text.
 */
function matchesTimestamp(actual: string | null, criterion: Input): boolean {
  const { value, value2, modifier } = criterion;
  if (modifier === 'IS_NULL' || modifier === 'NOT_NULL') {
    return (actual === null) === (modifier === 'IS_NULL');
  }
  if (actual === null) return false;
  const isBelow = (bound: unknown): boolean => !looksNumeric(bound) && actual < String(bound);
  return compared(
    isBelow(value),
    actual === value,
    actual === value2 || value2 === undefined || isBelow(value2),
    modifier,
  );
}

function looksNumeric(bound: unknown): boolean {
  return /^\s*[+-]?\d+(\.\d*)?\s*$/.test(String(bound));
}

function compared(
  below: boolean,
  equal: boolean,
  withinUpper: boolean,
  modifier: unknown,
): boolean {
  switch (modifier) {
    case 'EQUALS':
      return equal;
    case 'NOT_EQUALS':
      return !equal;
    case 'LESS_THAN':
      return below;
    case 'GREATER_THAN':
      return !below && !equal;
    case 'BETWEEN':
      return !below && withinUpper;
    case 'NOT_BETWEEN':
      return below || !withinUpper;
    default:
      throw new StashError('Internal system error. Error <unsupported date modifier type>');
  }
}

function searchText(scene: SceneRecord): string {
  const files = scene.files.map((file) => `${file.path} ${file.oshash}`);
  return `${scene.title} ${scene.details} ${files.join(' ')}`.toLowerCase();
}
