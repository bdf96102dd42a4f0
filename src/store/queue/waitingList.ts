// Scenes without a Plex item as a list for a person: in pages, searched, by reason.
import type { NoItemReason } from '../../domain/match/match.ts';
import { among, both, countRows, everything, sceneLike } from '../file/filter.ts';
import type { Database } from '../file/database.ts';
import type { Listed } from './queueList.ts';
import { integer, integerOrNull, rows, text, textOrNull } from '../file/sql.ts';

export interface WaitingItem {
  readonly sceneId: number;
  readonly reason: string;
  /** Unix ms since when a file of it is awaited in Plex; null if none is. */
  readonly since: number | null;
  /** '' where it has none or none is known. */
  readonly title: string;
  readonly path: string;
}

/** By reason, then by number. */
export function waitingList(
  db: Database,
  query: {
    readonly search: string | null;
    readonly reasons: readonly NoItemReason[];
    readonly offset: number;
    readonly limit: number;
  },
): Listed<WaitingItem> {
  const filter = both(
    { where: 'no_item_reason IS NOT NULL', values: [] },
    among('no_item_reason', query.reasons),
    query.search === null ? everything : sceneLike('scene_id', query.search),
  );
  const page = rows(
    db,
    `SELECT s.scene_id, s.no_item_reason, s.waiting_since, title.title AS scene_title,
       (SELECT path FROM scene_file WHERE scene_id = s.scene_id LIMIT 1) AS scene_path
     FROM (SELECT scene_id AS at FROM scene_state WHERE ${filter.where}
       ORDER BY no_item_reason, scene_id LIMIT ? OFFSET ?) AS page
     JOIN scene_state AS s ON s.scene_id = page.at
     LEFT JOIN scene_title AS title ON title.scene_id = s.scene_id
     ORDER BY s.no_item_reason, s.scene_id`,
    ...filter.values,
    query.limit,
    query.offset,
  );
  return {
    total: countRows(db, 'scene_state', filter),
    rows: page.map((found) => ({
      sceneId: integer(found, 'scene_id'),
      reason: text(found, 'no_item_reason'),
      since: integerOrNull(found, 'waiting_since'),
      title: textOrNull(found, 'scene_title') ?? '',
      path: textOrNull(found, 'scene_path') ?? '',
    })),
  };
}
