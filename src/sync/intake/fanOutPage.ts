// One page of a fan-out: which scenes show something of a performer, studio, tag or group, by
// themselves or through another, and which of them have not been shown it yet as it is now.
import { openFaces, type Faces, type SharedKind } from '../../domain/gaps/shared.ts';
import type { ScenePerformer } from '../../domain/base/scene.ts';
import type { Found, ScenesOf } from '../../stash/scenesOf.ts';
import {
  carriedFace,
  type Entity,
  faceKey,
  isFaceUnderWay,
  scenesThatHad,
  scenesWithEntity,
  scenesWithoutEntity,
  wasSeen,
} from '../../store/queue/entity.ts';
import type { FanOutRow } from '../../store/queue/queueClaim.ts';
import type { DrainContext } from '../base/context.ts';

/** Raising a page takes a few milliseconds, reading it from Stash some more: an edit can wait that. */
const scenesPerPage = 500;

/** A face of it that some scenes show. */
export interface Side {
  /** What the face is kept under. */
  readonly key: string;
  /** Null: it is gone. */
  readonly face: string | null;
  readonly isCarried: boolean;
}

export interface FanOutPage {
  readonly sides: readonly Side[];
  /** Scenes to raise. */
  readonly concerned: readonly number[];
  /** Scenes looked at. */
  readonly count: number;
  /** The scene to go on after; null for the last page. */
  readonly goOnAfter: number | null;
}

interface SidePage extends Side {
  /** Each ascending and cut at the page's size. */
  readonly lists: readonly (readonly number[])[];
  readonly concerned: readonly number[];
}

/** @throws PlexSyncError of Stash's */
export async function readFanOutPage(
  context: DrainContext,
  row: FanOutRow,
  entity: Entity,
): Promise<FanOutPage> {
  const { db, settings, stash } = context;
  const answer = await stash.scenesOf(entity, row.entityId, row.cursor, scenesPerPage);
  const { entity: found, ids } = answer;
  if (found === null) return joined(goneSides(context, row, entity));
  const faces = openFaces(settings);
  const own = sideOf(context, faceKey(found), faces.of(found));
  const concerned = own.isCarried ? scenesWithoutEntity(db, found, ids) : ids;
  const other = await otherSide(context, row, faces, { entity: found, ids });
  return joined([{ ...own, lists: [ids], concerned }, ...(other === null ? [] : [other])]);
}

/** Of an entity that is gone Stash knows no scenes any more; the ones that had it are known here. */
function goneSides({ db }: DrainContext, row: FanOutRow, entity: Entity): readonly SidePage[] {
  const sides: readonly SharedKind[] =
    entity === 'studio' || entity === 'tag' ? [entity, `parent-${entity}`] : [entity];
  return sides.flatMap((kind) => {
    const side = { entity: kind, id: row.entityId };
    const key = faceKey(side);
    if (kind !== entity && !wasSeen(db, key)) return [];
    const had = scenesThatHad(db, side, row.cursor, scenesPerPage);
    return [{ key, face: null, isCarried: false, lists: [had], concerned: had }];
  });
}

async function otherSide(
  context: DrainContext,
  row: FanOutRow,
  faces: Faces,
  { entity: found, ids }: ScenesOf & { readonly entity: Found },
): Promise<SidePage | null> {
  switch (found.entity) {
    case 'performer':
      return namesakeSide(context, faces, found, ids);
    case 'studio':
      return context.settings.fields.parentStudio
        ? await parentStudioSide(context, row, faces, found)
        : null;
    case 'tag':
      return faces.tagParents ? await parentTagSide(context, row, faces, found) : null;
    case 'group':
      return null;
  }
}

/** Which of its scenes have another performer of the name is known from when they were read. */
function namesakeSide(
  context: DrainContext,
  faces: Faces,
  performer: ScenePerformer,
  ids: readonly number[],
): SidePage {
  const namesake = { ...performer, entity: 'namesake' as const };
  const side = sideOf(context, faceKey(namesake), faces.of(namesake));
  const concerned = side.isCarried ? [] : scenesWithEntity(context.db, namesake, ids);
  return { ...side, lists: [ids], concerned };
}

async function parentStudioSide(
  context: DrainContext,
  row: FanOutRow,
  faces: Faces,
  { id, name, children }: Found,
): Promise<SidePage> {
  const { db, stash } = context;
  const parent = { entity: 'parent-studio' as const, id, name };
  const side = sideOf(context, faceKey(parent), faces.of(parent));
  const below = await stash.scenesOfAny('studio', children, row.cursor, scenesPerPage);
  const concerned = side.isCarried ? scenesWithoutEntity(db, parent, below) : below;
  return { ...side, lists: [below], concerned };
}

/**
 * Which tags are below it can be changed at it alone, without a word about those: so the scenes that
 * it stood for are compared with those that it stands for now.
 */
async function parentTagSide(
  context: DrainContext,
  row: FanOutRow,
  faces: Faces,
  { id, name, children }: Found,
): Promise<SidePage> {
  const { db, stash } = context;
  const parent = { entity: 'parent-tag' as const, id, name };
  const known = sideOf(context, faceKey(parent), faces.of(parent));
  // What was merged into it may have stood for its children, and nothing else tells of its end.
  const isMerge = row.source === 'Tag.Merge.Post';
  const side = { ...known, isCarried: known.isCarried && !isMerge };
  const mayCount = faces.isNamed(parent) || isMerge;
  const below = mayCount ? await stash.scenesOfAny('tag', children, row.cursor, scenesPerPage) : [];
  const mayHaveCounted = (mayCount || !side.isCarried) && wasSeen(db, side.key);
  const had = mayHaveCounted ? scenesThatHad(db, parent, row.cursor, scenesPerPage) : [];
  const isBelow = new Set(below);
  const lost = had.filter((scene) => !isBelow.has(scene));
  const gained = side.isCarried ? scenesWithoutEntity(db, parent, below) : below;
  return { ...side, lists: [below, had], concerned: [...gained, ...lost] };
}

function sideOf({ db }: DrainContext, key: string, face: string): Side {
  return { key, face, isCarried: carriedFace(db, key) === face && !isFaceUnderWay(db, key) };
}

/** A page ends where the first of its lists was cut: what follows there is not known yet. */
function joined(pages: readonly SidePage[]): FanOutPage {
  const lists = pages.flatMap((page) => page.lists);
  const ends = lists
    .filter((list) => list.length === scenesPerPage)
    .map((list) => list.at(-1) ?? 0);
  const end = Math.min(...ends);
  const upTo = (ids: readonly number[]): readonly number[] =>
    [...new Set(ids)].filter((id) => id <= end);
  return {
    sides: pages.map(({ key, face, isCarried }) => ({ key, face, isCarried })),
    concerned: upTo(pages.flatMap((page) => page.concerned)),
    count: upTo(lists.flat()).length,
    goOnAfter: ends.length === 0 ? null : end,
  };
}
