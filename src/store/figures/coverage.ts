// How every scene and every Plex item stands, each in exactly one group: numbers, and the list behind
// each. What failed or waits comes before what it was; only what is left of the scenes that have an
// item is in sync.
import type { CoverageGroup } from '../../contract/coverageGroups.ts';
import { noItemReasons, type NoItemReason } from '../../domain/match/match.ts';
import { both, countRows, everything, type Filter, sceneLike } from '../file/filter.ts';
import type { Database } from '../file/database.ts';
import { rowCounts } from '../file/rowCount.ts';
import { count, integer, integerOrNull, rows, type Row, text, textOrNull } from '../file/sql.ts';

const failed = `SELECT entity_id AS id FROM dead_letter WHERE entity = 'scene'
  UNION SELECT scene_id FROM extra WHERE due_at IS NULL`;
const waits = `SELECT entity_id AS id FROM queue WHERE entity = 'scene'
  UNION SELECT scene_id FROM extra WHERE due_at IS NOT NULL`;
const queued = `SELECT id FROM (${waits}) WHERE id NOT IN (${failed})`;
const busy = `${failed} UNION ${waits}`;
const hasItem = 'no_item_reason IS NULL AND rating_key IS NOT NULL';
/** Found by a comparison and not queued. What is only told differs as it should. */
const withGaps = "SELECT scene_id AS id FROM gap WHERE state IN ('found', 'waiting')";
const owned = `SELECT rating_key FROM scene_state WHERE ${hasItem}`;

export function coverageCounts(db: Database): Readonly<Record<CoverageGroup, number>> {
  const held = new Map(
    rows(
      db,
      `SELECT coalesce(no_item_reason, iif(rating_key IS NULL, 'new', 'matched')) AS kind,
         count(*) AS n FROM scene_state
       WHERE scene_id IN (${busy}) GROUP BY kind`,
    ).map((found) => [text(found, 'kind'), integer(found, 'n')]),
  );
  const known = rowCounts(db, 'scene_state');
  const left = (kind: NoItemReason | 'matched'): number =>
    (known.get(kind) ?? 0) - (held.get(kind) ?? 0);
  const differs = count(db, `SELECT count(*) AS n FROM scene_state WHERE ${differing}`);
  return {
    'in-sync': left('matched') - differs,
    differs,
    queued: count(db, `SELECT count(*) AS n FROM (${queued})`),
    failed: count(db, `SELECT count(*) AS n FROM (${failed})`),
    waiting: left('waiting'),
    outside: left('outside'),
    review: left('review'),
    'no-file': left('no-file'),
    gated: left('gated'),
    excluded: left('excluded'),
    'only-in-plex': count(
      db,
      `SELECT count(DISTINCT rating_key) AS n FROM plex_part WHERE rating_key NOT IN (${owned})`,
    ),
  };
}

/** `+` keeps SQLite from going through all scenes by the index of their items: gaps are few. */
const differing = `+no_item_reason IS NULL AND +rating_key IS NOT NULL AND scene_id IN (${withGaps})
  AND scene_id NOT IN (${busy})`;

export interface CoverageRow {
  readonly sceneId: number | null;
  readonly ratingKey: string | null;
  readonly title: string;
  readonly path: string;
  /** Unix ms. */
  readonly pushedAt: number | null;
}

export interface CoverageQuery {
  readonly group: CoverageGroup;
  readonly search: string | null;
  readonly offset: number;
  readonly limit: number;
}

export interface CoveragePage {
  readonly total: number;
  readonly rows: readonly CoverageRow[];
}

export function coverageList(db: Database, query: CoverageQuery): CoveragePage {
  const { group, search } = query;
  if (group === 'only-in-plex') return itemsWithoutScene(db, query);
  const { table, id, filter } = groupOf(group);
  const where = both(filter, search === null ? everything : sceneLike(id, search));
  const page = rows(
    db,
    `SELECT page.id AS scene_id, s.rating_key, s.no_item_reason, s.pushed_at, title.title,
       (SELECT path FROM scene_file WHERE scene_id = page.id LIMIT 1) AS path
     FROM (SELECT ${id} AS id FROM ${table} WHERE ${where.where} ORDER BY ${id} LIMIT ? OFFSET ?) AS page
     LEFT JOIN scene_state AS s ON s.scene_id = page.id
     LEFT JOIN scene_title AS title ON title.scene_id = page.id
     ORDER BY page.id`,
    ...where.values,
    query.limit,
    query.offset,
  );
  return { total: countRows(db, table, where), rows: page.map(sceneRow) };
}

interface Group {
  readonly table: string;
  readonly id: string;
  readonly filter: Filter;
}

function groupOf(group: Exclude<CoverageGroup, 'only-in-plex'>): Group {
  if (group === 'failed') return { table: `(${failed})`, id: 'id', filter: everything };
  if (group === 'queued') return { table: `(${queued})`, id: 'id', filter: everything };
  const where = whereOf(group);
  return { table: 'scene_state', id: 'scene_id', filter: { where, values: [] } };
}

function whereOf(group: 'in-sync' | 'differs' | NoItemReason): string {
  if (group === 'differs') return differing;
  if (group === 'in-sync') {
    return `${hasItem} AND scene_id NOT IN (${withGaps}) AND scene_id NOT IN (${busy})`;
  }
  const reason = noItemReasons.find((one) => one === group);
  return `no_item_reason = '${reason ?? ''}' AND scene_id NOT IN (${busy})`;
}

function sceneRow(found: Row): CoverageRow {
  const isItsItem = textOrNull(found, 'no_item_reason') === null;
  return {
    sceneId: integer(found, 'scene_id'),
    ratingKey: isItsItem ? textOrNull(found, 'rating_key') : null,
    title: textOrNull(found, 'title') ?? '',
    path: textOrNull(found, 'path') ?? '',
    pushedAt: integerOrNull(found, 'pushed_at'),
  };
}

/** Searched by the item's number, or by part of its title or path, as Plex gives them. */
function itemsWithoutScene(db: Database, { search, offset, limit }: CoverageQuery): CoveragePage {
  const like = `%${(search ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const found: Filter =
    search === null
      ? everything
      : {
          where: "rating_key = ? OR title LIKE ? ESCAPE '\\' OR path LIKE ? ESCAPE '\\'",
          values: [search, like, like],
        };
  const { where, values } = both({ where: `rating_key NOT IN (${owned})`, values: [] }, found);
  const page = rows(
    db,
    `SELECT rating_key, min(title) AS title, min(path) AS path FROM plex_part WHERE ${where}
     GROUP BY rating_key ORDER BY CAST(rating_key AS INTEGER), rating_key LIMIT ? OFFSET ?`,
    ...values,
    limit,
    offset,
  );
  return {
    total: count(
      db,
      `SELECT count(DISTINCT rating_key) AS n FROM plex_part WHERE ${where}`,
      ...values,
    ),
    rows: page.map((one) => ({
      sceneId: null,
      ratingKey: text(one, 'rating_key'),
      title: text(one, 'title'),
      path: text(one, 'path'),
      pushedAt: null,
    })),
  };
}
