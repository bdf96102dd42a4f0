// The scenes whose Plex item a person has to choose, with what there is to choose from.
import type { Candidate, ReviewReason } from '../../domain/match/match.ts';
import { among, both, countRows, everything, type Filter, sceneLike } from '../file/filter.ts';
import type { Database } from '../file/database.ts';
import { integer, integerOrNull, type Row, row, rows, run, text } from '../file/sql.ts';

/** What two files are compared by; null where it is not known. */
interface FileFacts {
  /** Bytes. */
  readonly size: number | null;
  readonly durationMs: number | null;
}

/** With the facts of that file. */
export interface Review extends FileFacts {
  readonly sceneId: number;
  readonly reason: string;
  /** The scene's, '' if it has none. */
  readonly title: string;
  /** Of the scene's primary file, as Stash sees it. */
  readonly path: string;
  /** Unix ms. */
  readonly since: number;
  /** The surest first. */
  readonly candidates: readonly ReviewCandidate[];
}

/** With the facts of its file, as the index has them now. */
export type ReviewCandidate = Omit<Candidate, 'how'> & FileFacts;

/** @returns whether it is new, or asks something else than before */
export function putReview(
  db: Database,
  review: {
    readonly sceneId: number;
    readonly reason: ReviewReason;
    readonly title: string;
    readonly path: string;
    readonly candidates: readonly Candidate[];
  },
  now: number,
): boolean {
  const { sceneId, reason, title, path, candidates } = review;
  const known = row(db, 'SELECT reason FROM review WHERE scene_id = ?', sceneId);
  const itemsBefore = candidatesOf(db, sceneId).map((candidate) => candidate.ratingKey);
  const items = candidates.map((candidate) => candidate.ratingKey);
  const same =
    known !== undefined &&
    text(known, 'reason') === reason &&
    itemsBefore.toSorted().join() === items.toSorted().join();
  run(
    db,
    `INSERT INTO review (scene_id, reason, title, path, since) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (scene_id) DO UPDATE SET reason = excluded.reason, title = excluded.title,
       path = excluded.path`,
    sceneId,
    reason,
    title,
    path,
    now,
  );
  run(db, 'DELETE FROM review_candidate WHERE scene_id = ?', sceneId);
  for (const candidate of candidates) {
    run(
      db,
      `INSERT INTO review_candidate (scene_id, rating_key, section_id, title, path, score, reason)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      sceneId,
      candidate.ratingKey,
      candidate.sectionId,
      candidate.title,
      candidate.file,
      candidate.score,
      candidate.why,
    );
  }
  return !same;
}

export function dropReview(db: Database, sceneId: number): void {
  run(db, 'DELETE FROM review WHERE scene_id = ?', sceneId);
}

export interface ReviewFilter {
  /** A scene's number, or part of its title or path; null for all. */
  readonly search: string | null;
  readonly reasons: readonly ReviewReason[] | null;
}

const anyReview: ReviewFilter = { search: null, reasons: null };

function filterOf({ search, reasons }: ReviewFilter): Filter {
  return both(
    reasons === null ? everything : among('reason', reasons),
    search === null ? everything : sceneLike('scene_id', search),
  );
}

export function reviewCount(db: Database, filter = anyReview): number {
  return countRows(db, 'review', filterOf(filter));
}

/** By how long they wait, the longest first. */
export function reviews(
  db: Database,
  offset: number,
  limit: number,
  filter = anyReview,
): readonly Review[] {
  const { where, values } = filterOf(filter);
  return rows(
    db,
    `SELECT review.*, f.size, f.duration_ms FROM
       (SELECT * FROM review WHERE ${where} ORDER BY since, scene_id LIMIT ? OFFSET ?) AS review
     ${withFile} ORDER BY review.since, review.scene_id`,
    ...values,
    limit,
    offset,
  ).map((found) => reviewIn(db, found));
}

/** What is asked about the scene, null if nothing is. */
export function reviewOf(db: Database, sceneId: number): Review | null {
  const query = `SELECT review.*, f.size, f.duration_ms FROM review ${withFile} WHERE review.scene_id = ?`;
  const found = row(db, query, sceneId);
  return found === undefined ? null : reviewIn(db, found);
}

const withFile =
  'LEFT JOIN scene_file AS f ON f.scene_id = review.scene_id AND f.path = review.path';

function reviewIn(db: Database, found: Row): Review {
  const sceneId = integer(found, 'scene_id');
  return {
    sceneId,
    reason: text(found, 'reason'),
    title: text(found, 'title'),
    path: text(found, 'path'),
    ...fileFacts(found),
    since: integer(found, 'since'),
    candidates: candidatesOf(db, sceneId),
  };
}

/** Scenes in review one of whose candidates the index has no more: there may be but one left. */
export function reviewsWithoutItem(db: Database): readonly number[] {
  return rows(
    db,
    `SELECT DISTINCT scene_id FROM review_candidate
     WHERE rating_key NOT IN (SELECT rating_key FROM plex_part)`,
  ).map((found) => integer(found, 'scene_id'));
}

function candidatesOf(db: Database, sceneId: number): readonly ReviewCandidate[] {
  return rows(
    db,
    `SELECT c.*, p.size, p.duration_ms FROM review_candidate AS c
     LEFT JOIN plex_part AS p ON p.rating_key = c.rating_key AND p.path = c.path
     WHERE c.scene_id = ? ORDER BY c.score DESC, c.rating_key`,
    sceneId,
  ).map((found) => ({
    ratingKey: text(found, 'rating_key'),
    sectionId: text(found, 'section_id'),
    title: text(found, 'title'),
    file: text(found, 'path'),
    ...fileFacts(found),
    score: integer(found, 'score'),
    why: text(found, 'reason'),
  }));
}

function fileFacts(found: Row): FileFacts {
  return { size: integerOrNull(found, 'size'), durationMs: integerOrNull(found, 'duration_ms') };
}
