// The gaps that were found: one row per scene, kind and field, replaced when a run looks at the scene
// again. Only so many are kept; more are counted.
import * as v from 'valibot';
import {
  type Confidence,
  confidences,
  type GapKind,
  gapKinds,
  type GapState,
  gapStates,
} from '../../contract/gaps.ts';
import type { GapValue } from '../../domain/gaps/gap.ts';
import type { Database } from '../file/database.ts';
import { count, integer, type Row, row, rows, run, text } from '../file/sql.ts';

export interface FoundGap {
  readonly kind: GapKind;
  /** '' = of the scene or item as a whole. */
  readonly field: string;
  readonly confidence: Confidence;
  readonly stash: GapValue | null;
  readonly plex: GapValue | null;
  readonly toCome: GapValue | null;
  readonly reason: string;
}

export interface GapOwner {
  /** 0 = an item without a scene. */
  readonly sceneId: number;
  /** '' = a scene without an item. */
  readonly ratingKey: string;
}

export interface Gap extends FoundGap, GapOwner {
  readonly id: number;
  readonly state: GapState;
  readonly runId: number;
  /** Unix ms. */
  readonly foundAt: number;
}

export const gapsKept = 100_000;
/** Of them, for gaps that are no covers. */
export const gapsReserved = 20_000;

export function putGap(
  db: Database,
  { sceneId, ratingKey }: GapOwner,
  gap: FoundGap,
  state: GapState,
  runId: number,
  now: number,
): void {
  const json = (value: GapValue | null): string | null =>
    value === null ? null : JSON.stringify(value);
  run(
    db,
    `INSERT INTO gap (scene_id, rating_key, kind, field, confidence, stash, plex, to_come, reason,
       state, run_id, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (scene_id, rating_key, kind, field) DO UPDATE SET
       confidence = excluded.confidence, stash = excluded.stash, plex = excluded.plex,
       to_come = excluded.to_come, reason = excluded.reason, state = excluded.state,
       run_id = excluded.run_id, found_at = excluded.found_at`,
    sceneId,
    ratingKey,
    gap.kind,
    gap.field,
    gap.confidence,
    json(gap.stash),
    json(gap.plex),
    json(gap.toCome),
    gap.reason,
    state,
    runId,
    now,
  );
}

export function gapCount(db: Database): number {
  return count(db, 'SELECT count(*) AS n FROM gap');
}

/** What a person ignores of the scene, as `kind:field`. */
export function ignoredOf(db: Database, { sceneId, ratingKey }: GapOwner): ReadonlySet<string> {
  return new Set(
    rows(
      db,
      `SELECT kind, field FROM gap
       WHERE scene_id = ? AND (scene_id <> 0 OR rating_key = ?) AND state = 'ignored'`,
      sceneId,
      ratingKey,
    ).map((found) => gapName(text(found, 'kind'), text(found, 'field'))),
  );
}

/**
 * Forgets what was found of the scene earlier: it was looked at anew. Null kinds = all of them.
 * @returns how many there were
 */
export function dropGapsOf(
  db: Database,
  sceneId: number,
  kinds: readonly GapKind[] | null,
): number {
  return run(
    db,
    `DELETE FROM gap WHERE scene_id = ?
       AND (? IS NULL OR kind IN (SELECT value FROM json_each(?)))`,
    sceneId,
    kinds === null ? null : 1,
    JSON.stringify(kinds ?? []),
  );
}

export function gapName(kind: string, field: string): string {
  return field === '' ? kind : `${kind}:${field}`;
}

/**
 * Up to `limit` rows of these states, whichever run found them, but for run `but`. Null kinds = all.
 * @returns how many went
 */
export function dropGapsIn(
  db: Database,
  states: readonly GapState[],
  but: number,
  limit: number,
  kinds: readonly GapKind[] | null = null,
): number {
  return run(
    db,
    `DELETE FROM gap WHERE id IN (SELECT id FROM gap
       WHERE state IN (SELECT value FROM json_each(?)) AND run_id <> ?
         AND (? IS NULL OR kind IN (SELECT value FROM json_each(?))) LIMIT ?)`,
    JSON.stringify(states),
    but,
    kinds === null ? null : 1,
    JSON.stringify(kinds ?? []),
    limit,
  );
}

/** What of the scene waits for a person's word, as `kind:field`. */
export function waitingOf(db: Database, sceneId: number): ReadonlySet<string> {
  const query = "SELECT kind, field FROM gap WHERE state = 'waiting' AND scene_id = ?";
  return new Set(
    rows(db, query, sceneId).map((found) => gapName(text(found, 'kind'), text(found, 'field'))),
  );
}

/** The scene was pushed, whoever wanted it: none of its gaps is open any more. */
export function endWaiting(db: Database, sceneId: number): void {
  run(
    db,
    "UPDATE gap SET state = 'queued' WHERE state IN ('waiting', 'found') AND scene_id = ?",
    sceneId,
  );
}

export interface GapFilter {
  readonly kind: GapKind | null;
  readonly field: string | null;
  readonly state: GapState | null;
  readonly confidence: Confidence | null;
}

export interface GapCount {
  readonly kind: GapKind;
  readonly field: string;
  readonly state: GapState;
  readonly count: number;
}

export function gapCounts(db: Database): readonly GapCount[] {
  return rows(
    db,
    'SELECT kind, field, state, count(*) AS n FROM gap GROUP BY kind, field, state',
  ).map((found) => ({
    kind: v.parse(v.picklist(gapKinds), found['kind']),
    field: text(found, 'field'),
    state: v.parse(v.picklist(gapStates), found['state']),
    count: integer(found, 'n'),
  }));
}

const matches = `(? IS NULL OR kind = ?) AND (? IS NULL OR field = ?) AND (? IS NULL OR state = ?)
  AND (? IS NULL OR confidence = ?)`;

function valuesOf({ kind, field, state, confidence }: GapFilter): (string | null)[] {
  return [kind, field, state, confidence].flatMap((value) => [value, value]);
}

export function gapPage(
  db: Database,
  filter: GapFilter,
  offset: number,
  limit: number,
): readonly Gap[] {
  return rows(
    db,
    `SELECT * FROM gap WHERE ${matches} ORDER BY id LIMIT ? OFFSET ?`,
    ...valuesOf(filter),
    limit,
    offset,
  ).map(toGap);
}

export function gapsIn(db: Database, filter: GapFilter): number {
  return count(db, `SELECT count(*) AS n FROM gap WHERE ${matches}`, ...valuesOf(filter));
}

/** Gaps that wait for a person's word. */
export function waitingGaps(db: Database): number {
  return count(db, "SELECT count(*) AS n FROM gap WHERE state = 'waiting'");
}

export function gapById(db: Database, id: number): Gap | null {
  const [found] = rows(db, 'SELECT * FROM gap WHERE id = ?', id);
  return found === undefined ? null : toGap(found);
}

/** Scenes, ascending, with gaps of the state that a push can close and that the filter lets through. */
export function scenesWithGaps(
  db: Database,
  filter: GapFilter,
  kinds: readonly GapKind[],
  afterId: number,
  limit: number,
): readonly number[] {
  return rows(
    db,
    `SELECT DISTINCT scene_id FROM gap WHERE ${matches} AND scene_id > ?
       AND kind IN (SELECT value FROM json_each(?)) ORDER BY scene_id LIMIT ?`,
    ...valuesOf(filter),
    afterId,
    JSON.stringify(kinds),
    limit,
  ).map((found) => integer(found, 'scene_id'));
}

export function fieldsWithGaps(
  db: Database,
  sceneId: number,
  state: GapState,
  kinds: readonly GapKind[],
): readonly string[] {
  return rows(
    db,
    `SELECT field FROM gap WHERE scene_id = ? AND state = ?
       AND kind IN (SELECT value FROM json_each(?))`,
    sceneId,
    state,
    JSON.stringify(kinds),
  ).map((found) => text(found, 'field'));
}

/** What is put right by one push of the scene. @returns gaps */
export function markGaps(
  db: Database,
  sceneId: number,
  from: GapState,
  to: GapState,
  kinds: readonly GapKind[],
): number {
  return run(
    db,
    `UPDATE gap SET state = ? WHERE scene_id = ? AND state = ?
       AND kind IN (SELECT value FROM json_each(?))`,
    to,
    sceneId,
    from,
    JSON.stringify(kinds),
  );
}

/** null where there is no such gap. */
export function gapState(db: Database, id: number): GapState | null {
  const found = row(db, 'SELECT state FROM gap WHERE id = ?', id);
  return found === undefined ? null : v.parse(v.picklist(gapStates), found['state']);
}

/** @returns whether there is such a gap */
export function ignoreGap(db: Database, id: number): boolean {
  return run(db, "UPDATE gap SET state = 'ignored' WHERE id = ?", id) > 0;
}

/** @returns 1, or 0 if there is no such gap or it is queued already */
export function queueGap(db: Database, id: number): number {
  return run(db, "UPDATE gap SET state = 'queued' WHERE id = ? AND state <> 'queued'", id);
}

function toGap(found: Row): Gap {
  return {
    id: integer(found, 'id'),
    sceneId: integer(found, 'scene_id'),
    ratingKey: text(found, 'rating_key'),
    kind: v.parse(v.picklist(gapKinds), found['kind']),
    field: text(found, 'field'),
    confidence: v.parse(v.picklist(confidences), found['confidence']),
    stash: valueIn(found, 'stash'),
    plex: valueIn(found, 'plex'),
    toCome: valueIn(found, 'to_come'),
    reason: text(found, 'reason'),
    state: v.parse(v.picklist(gapStates), found['state']),
    runId: integer(found, 'run_id'),
    foundAt: integer(found, 'found_at'),
  };
}

const valueSchema = v.nullable(
  v.pipe(v.string(), v.parseJson(), v.union([v.string(), v.array(v.string())])),
);

function valueIn(found: Row, column: string): GapValue | null {
  return v.parse(valueSchema, found[column]);
}
