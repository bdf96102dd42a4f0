// From what a client sent to what is stored: dates, images, links, lists in the three bulk modes.
// (stashapp/stash internal/api/changeset_translator.go, pkg/models/date.go, pkg/utils/image.go)
import { StashError } from '../errors.ts';
import { isRecord } from '../goFormats.ts';
import type { Cover, EntityKind } from '../store/records.ts';
import { parseId } from '../store/find.ts';
import type { SceneChange, StashStore } from '../store/store.ts';
import { type Args, textList, textOf } from './context.ts';

/** What a scene becomes by the fields that were sent; `current` is what bulk modes start from. */
export function sceneChange(
  input: Args,
  current: Required<Pick<SceneChange, 'tagIds' | 'performerIds' | 'groups' | 'urls'>>,
  store: StashStore,
): SceneChange {
  const texts = (['title', 'code', 'details', 'director'] as const).flatMap((field) =>
    field in input ? [[field, textOf(input[field]).trim()] as const] : [],
  );
  return {
    ...Object.fromEntries(texts),
    ...(!('rating100' in input) ? {} : { rating100: numberOrNull(input['rating100']) }),
    ...(typeof input['organized'] === 'boolean' ? { organized: input['organized'] } : {}),
    ...('date' in input ? { date: parseDate(textOf(input['date'])) } : {}),
    ...('studio_id' in input ? { studioId: linkOrNull(input['studio_id'], 'studio', store) } : {}),
    ...('url' in input && !('urls' in input) ? { urls: [textOf(input['url'])] } : {}),
    ...('urls' in input ? { urls: mergedTexts(current.urls, input['urls']) } : {}),
    ...('tag_ids' in input
      ? { tagIds: mergedLinks(current.tagIds, input['tag_ids'], 'tag', store) }
      : {}),
    ...('performer_ids' in input
      ? {
          performerIds: mergedLinks(
            current.performerIds,
            input['performer_ids'],
            'performer',
            store,
          ),
        }
      : {}),
    ...groupChange(input, current.groups, store),
    ...(typeof input['play_duration'] === 'number'
      ? { playDurationSeconds: input['play_duration'] }
      : {}),
    ...(typeof input['cover_image'] === 'string'
      ? { cover: parseImage(input['cover_image']) }
      : {}),
  };
}

function groupChange(
  input: Args,
  current: NonNullable<SceneChange['groups']>,
  store: StashStore,
): SceneChange {
  if ('group_ids' in input) {
    const ids = mergedLinks(
      current.map((link) => link.groupId),
      input['group_ids'],
      'group',
      store,
    );
    const known = new Map(current.map((link) => [link.groupId, link]));
    return { groups: ids.map((groupId) => known.get(groupId) ?? { groupId, sceneIndex: null }) };
  }
  if (!('groups' in input)) return {};
  const links = Array.isArray(input['groups']) ? input['groups'].filter(isRecord) : [];
  return {
    groups: links.map((link) => ({
      groupId: existing('group', parseId(String(link['group_id'])), store),
      sceneIndex: numberOrNull(link['scene_index']),
    })),
  };
}

/** A plain list replaces; `{ids, mode}` sets, adds or removes. */
function mergedLinks(
  current: readonly number[],
  value: unknown,
  kind: EntityKind,
  store: StashStore,
): number[] {
  const sent = isRecord(value) ? value['ids'] : value;
  const ids = textList(sent).map((id) => parseId(id));
  const merged = mergedList(current, ids, isRecord(value) ? value['mode'] : 'SET');
  return merged.map((id) => existing(kind, id, store));
}

export function mergedTexts(current: readonly string[], value: unknown): string[] {
  const sent = isRecord(value) ? value['values'] : value;
  return mergedList(current, textList(sent), isRecord(value) ? value['mode'] : 'SET');
}

export function mergedList<Item>(
  current: readonly Item[],
  sent: readonly Item[],
  mode: unknown,
): Item[] {
  if (mode === 'ADD') return [...new Set([...current, ...sent])];
  if (mode === 'REMOVE') return current.filter((item) => !sent.includes(item));
  return [...new Set(sent)];
}

function linkOrNull(value: unknown, kind: EntityKind, store: StashStore): number | null {
  const text = textOf(value);
  return text === '' ? null : existing(kind, parseId(text), store);
}

function existing(kind: EntityKind, id: number, store: StashStore): number {
  if (store.entity(kind, id) === undefined) throw new StashError('FOREIGN KEY constraint failed');
  return id;
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** A day, a month or a year; empty = none; a time with a date counts as its day. */
export function parseDate(text: string): string | null {
  if (text === '') return null;
  const time = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)| \d\d:\d\d:\d\d)$/;
  const day = time.exec(text)?.[1] ?? text;
  const valid =
    (/^\d{4}-\d\d-\d\d$/.test(day) && isDay(day)) ||
    (/^\d{4}-\d\d$/.test(text) && isDay(`${text}-01`)) ||
    /^\d{4}$/.test(text);
  if (!valid) throw new StashError(`converting date: failed to parse date ${JSON.stringify(text)}`);
  return day;
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** A data URL, or base64 alone. The simulator fetches nothing. */
export function parseImage(text: string): Cover {
  if (/^https?:/.test(text)) throw new StashError('the simulator fetches no images');
  const match = /^data:([^;,]+);base64,(.*)$/s.exec(text);
  return {
    bytes: Buffer.from(match?.[2] ?? text, 'base64'),
    contentType: match?.[1] ?? 'image/jpeg',
  };
}
