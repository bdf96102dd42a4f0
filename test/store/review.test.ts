// The scenes whose Plex item a person has to choose.
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/domain/match/match.ts';
import type { Database } from '../../src/store/file/database.ts';
import { scenesThatCouldHave } from '../../src/store/match/freed.ts';
import { putItem } from '../../src/store/match/plexPart.ts';
import {
  dropReview,
  putReview,
  reviewCount,
  reviewOf,
  reviews,
  reviewsWithoutItem,
} from '../../src/store/match/review.ts';
import { putSceneFiles } from '../../src/store/match/sceneFile.ts';
import { allRows, listed, newStore, plansOf, t0 } from './support.ts';

const candidate = (ratingKey: string, score = 60): Candidate => ({
  ratingKey,
  sectionId: '3',
  title: `T${ratingKey}`,
  file: `/m/${ratingKey}.mp4`,
  how: 'size-duration',
  score,
  why: `why ${ratingKey}`,
});

type Reason = Parameters<typeof putReview>[1]['reason'];

function put(
  db: Database,
  sceneId: number,
  keys: readonly string[],
  reason: Reason = 'unsure',
  at = t0,
): boolean {
  const candidates = keys.map((key) => candidate(key));
  const review = { sceneId, reason, title: `S${sceneId}`, path: `/s/${sceneId}.mp4`, candidates };
  return putReview(db, review, at);
}

describe('[1.0 MATCH-03] a review', () => {
  it('keeps what a person needs to choose, the surest candidate first', () => {
    const db = newStore();
    const candidates = [candidate('9', 50), candidate('7', 75), candidate('8', 75)];
    const review = { sceneId: 12, reason: 'several-items', title: 'S', path: '/s/a.mp4' } as const;
    expect(putReview(db, { ...review, candidates }, t0)).toBe(true);
    const unknown = { size: null, durationMs: null };
    const told = (ratingKey: string, score: number): object => ({
      ratingKey,
      sectionId: '3',
      title: `T${ratingKey}`,
      file: `/m/${ratingKey}.mp4`,
      size: null,
      durationMs: null,
      score,
      why: `why ${ratingKey}`,
    });
    expect(reviews(db, 0, 10)).toEqual([
      {
        ...review,
        ...unknown,
        since: t0,
        candidates: [told('7', 75), told('8', 75), told('9', 50)],
      },
    ]);
  });

  it('tells size and length of both files, as they are known now', () => {
    const db = newStore();
    put(db, 12, ['7', '8']);
    const file = { path: '/s/12.mp4', size: 500, durationSeconds: 60 };
    putSceneFiles(db, 12, [{ ...file, path: '/s/other.mp4', size: 9 }, file]);
    const parts = [
      { file: '/m/7 cut.mp4', size: 1, durationMs: 2 },
      { file: '/m/7.mp4', size: 501, durationMs: 60_100 },
    ];
    putItem(db, '3', listed({ ratingKey: '7', parts }), 1);
    const expected = {
      size: 500,
      durationMs: 60_000,
      candidates: [
        { ratingKey: '7', size: 501, durationMs: 60_100 },
        { ratingKey: '8', size: null, durationMs: null },
      ],
    };
    expect(reviews(db, 0, 10)).toMatchObject([expected]);
    expect(reviewOf(db, 12)).toMatchObject(expected);
  });

  it('is new the first time, and when it asks something else: not when it only asks again', () => {
    const db = newStore();
    expect(put(db, 12, ['7', '8'])).toBe(true);
    expect(put(db, 12, ['8', '7'])).toBe(false);
    expect(put(db, 12, ['7'])).toBe(true);
    expect(put(db, 12, ['7', '8'])).toBe(true);
    expect(put(db, 12, ['7', '8'], 'several-items')).toBe(true);
    expect(put(db, 12, [], 'pin-gone')).toBe(true);
    expect(put(db, 12, [], 'pin-gone')).toBe(false);
    expect(put(db, 13, [], 'pin-gone')).toBe(true);
  });

  it('waits since the first time, with the candidates, title and path of the last', () => {
    const db = newStore();
    put(db, 12, ['7', '8']);
    putReview(
      db,
      {
        sceneId: 12,
        reason: 'taken',
        title: 'New',
        path: '/new',
        candidates: [candidate('9', 95)],
      },
      t0 + 5_000,
    );
    expect(reviews(db, 0, 10)).toMatchObject([
      {
        reason: 'taken',
        title: 'New',
        path: '/new',
        since: t0,
        candidates: [{ ratingKey: '9', score: 95 }],
      },
    ]);
    expect(allRows(db, 'review_candidate')).toHaveLength(1);
  });

  it('takes its candidates along when it is dropped, and is new when it comes again', () => {
    const db = newStore();
    put(db, 12, ['7', '8']);
    put(db, 13, ['8']);
    dropReview(db, 12);
    dropReview(db, 12);
    expect(reviewCount(db)).toBe(1);
    expect(allRows(db, 'review_candidate')).toMatchObject([{ scene_id: 13, rating_key: '8' }]);
    expect(put(db, 12, ['7', '8'], 'unsure', t0 + 9)).toBe(true);
    expect(reviews(db, 0, 10).map(({ sceneId, since }) => [sceneId, since])).toEqual([
      [13, t0],
      [12, t0 + 9],
    ]);
  });

  it('is listed in pages, what waits longest first', () => {
    const db = newStore();
    for (const [id, at] of [
      [5, 3],
      [2, 1],
      [9, 1],
      [1, 2],
    ] as const) {
      put(db, id, [], 'unsure', t0 + at);
    }
    const ids = (offset: number, limit: number): number[] =>
      reviews(db, offset, limit).map(({ sceneId }) => sceneId);
    expect(ids(0, 10)).toEqual([2, 9, 1, 5]);
    expect([ids(0, 2), ids(2, 2), ids(4, 2)]).toEqual([[2, 9], [1, 5], []]);
    expect(reviewCount(db)).toBe(4);
  });

  it('is found by an item that it names, and by one that Plex has no more', () => {
    const db = newStore();
    put(db, 1, ['7', '8']);
    put(db, 2, ['8']);
    put(db, 3, ['7', '9']);
    put(db, 4, []);
    expect(new Set(scenesThatCouldHave(db, ['8']))).toEqual(new Set([1, 2]));
    expect(scenesThatCouldHave(db, ['99'])).toEqual([]);
    for (const key of ['7', '9']) {
      putItem(
        db,
        '3',
        listed({ ratingKey: key, parts: [{ file: `/${key}`, size: 1, durationMs: 1 }] }),
        1,
      );
    }
    expect(new Set(reviewsWithoutItem(db))).toEqual(new Set([1, 2]));
    const other = newStore();
    const plan = plansOf(other, () => {
      scenesThatCouldHave(other, ['8']);
      reviewsWithoutItem(other);
    });
    const search = /^SEARCH review_candidate USING (COVERING )?INDEX/;
    expect(plan.filter((step) => search.test(step))).toHaveLength(1);
    expect(plan.filter((step) => /^SCAN [pfs]\b/.test(step))).toEqual([]);
    // The few reviews are gone through; the files of Plex are looked up.
    expect(plan.filter((step) => step.startsWith('SCAN plex_part'))).toEqual([]);
  });
});
