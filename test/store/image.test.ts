// What is remembered of pictures, and of those that failed.
import { describe, expect, it } from 'vitest';
import {
  forgetImagesOf,
  imageOf,
  type ImagePlace,
  lockedImages,
  ownImages,
  recordImageIntent,
  recordImageLock,
  recordImageSeen,
  recordImageSent,
} from '../../src/store/mirror/image.ts';
import {
  dueExtraRows,
  extraCounts,
  extraOf,
  finishExtra,
  forgetExtra,
  forgetExtras,
  nextExtraAt,
  putExtraTimesRight,
  recordExtraFailure,
  wantExtra,
} from '../../src/store/queue/extra.ts';
import {
  forgetRating,
  ratingOf,
  recordRating,
  recordRatingIntent,
} from '../../src/store/mirror/rating.ts';
import type { Database } from '../../src/store/file/database.ts';
import { newStore, plansOf, t0 } from './support.ts';

const place: ImagePlace = {
  ratingKey: '7',
  kind: 'poster',
  sectionId: '2',
  sceneId: 1,
  address: 'http://stash/scene/1/screenshot?t=5',
  readAt: t0,
};

describe('a picture', () => {
  it('that was never looked at is unknown, and nothing of the item is ours', () => {
    const db = newStore();
    expect(imageOf(db, '7', 'poster')).toBeNull();
    expect(ownImages(null)).toEqual({ sha1s: new Set(), names: new Set() });
  });

  it('that is being sent is ours already, and so is the one before it', () => {
    const db = newStore();
    recordImageIntent(db, place, 'a1');
    recordImageSent(db, place, 'a1', 'upload://posters/a1');
    recordImageIntent(db, { ...place, address: 'x', readAt: t0 + 5 }, 'b2');
    const known = imageOf(db, '7', 'poster');
    expect(known).toEqual({
      ...place,
      address: 'x',
      readAt: t0 + 5,
      sha1: 'a1',
      name: 'upload://posters/a1',
      intent: 'b2',
      kept: false,
      locked: false,
    });
    expect(ownImages(known)).toEqual({
      sha1s: new Set(['a1', 'b2']),
      names: new Set(['upload://posters/a1']),
    });
    expect(imageOf(db, '7', 'background')).toBeNull();
  });

  it('stays ours when its item passes to another scene', () => {
    const db = newStore();
    recordImageIntent(db, place, 'a1');
    recordImageSent(db, place, 'a1', 'n');
    recordImageLock(db, '7', 'poster', true);
    recordImageIntent(db, { ...place, sceneId: 9 }, 'b2');
    expect(imageOf(db, '7', 'poster')).toMatchObject({ sceneId: 9, sha1: 'a1', locked: true });
  });

  it('that a person chose is remembered as kept until another is sent', () => {
    const db = newStore();
    recordImageSeen(db, place, true);
    expect(imageOf(db, '7', 'poster')).toMatchObject({ kept: true, sha1: null });
    recordImageIntent(db, place, 'a1');
    expect(imageOf(db, '7', 'poster')).toMatchObject({ kept: false });
  });

  it('whose lock is ours is found by kind, and forgotten with its item', () => {
    const db = newStore();
    for (const ratingKey of ['7', '8', '9']) {
      recordImageSeen(db, { ...place, ratingKey }, false);
      recordImageLock(db, ratingKey, 'poster', ratingKey !== '8');
    }
    recordImageSeen(db, { ...place, kind: 'background' }, false);
    recordImageLock(db, '7', 'background', true);
    const keys = (limit: number) =>
      lockedImages(db, 'poster', ['', ''], limit).map(({ ratingKey }) => ratingKey);
    expect(keys(9)).toEqual(['7', '9']);
    expect(keys(1)).toEqual(['7']);
    expect(lockedImages(db, 'poster', [place.sectionId, '7'], 9)).toMatchObject([
      { ratingKey: '9' },
    ]);
    forgetImagesOf(db, '7');
    expect(keys(9)).toEqual(['9']);
    expect(lockedImages(db, 'background', ['', ''], 9)).toEqual([]);
  });
});

const reset = { code: 'plex-reset', message: 'the connection ended' } as const;

function want(db: Database, sceneId: number, what = `a${sceneId}`, at = t0): void {
  wantExtra(db, { sceneId, kind: 'poster', what, correlation: 'c' }, at);
}

function fail(
  db: Database,
  sceneId: number,
  dueAt: number | null,
  now: number,
  attempts = 1,
): void {
  if (extraOf(db, sceneId, 'poster') === null) want(db, sceneId);
  recordExtraFailure(db, { sceneId, kind: 'poster' }, { dueAt, attempts }, reset, now);
}

describe('a picture that is wanted', () => {
  it('is due at once, and done when that very one was sent', () => {
    const db = newStore();
    want(db, 1);
    const [first] = dueExtraRows(db, t0, 9);
    expect(first).toMatchObject({ sceneId: 1, what: 'a1', attempts: 0, error: null });
    want(db, 1, 'another', t0 + 1);
    if (first !== undefined) finishExtra(db, first);
    expect(extraOf(db, 1, 'poster')).toMatchObject({ what: 'another', dueAt: t0 });
    finishExtra(db, { sceneId: 1, kind: 'poster', what: 'another', correlation: 'c' });
    expect(nextExtraAt(db)).toBeNull();
  });

  it('is due at its time after a failure, the longest due first', () => {
    const db = newStore();
    fail(db, 1, t0 + 20, t0);
    fail(db, 2, t0 + 10, t0);
    fail(db, 3, t0 + 99, t0);
    fail(db, 1, t0 + 30, t0 + 25, 2);
    expect(nextExtraAt(db)).toBe(t0 + 10);
    expect(dueExtraRows(db, t0 + 30, 9)).toMatchObject([
      { sceneId: 2, attempts: 1 },
      { sceneId: 1, attempts: 2, error: { ...reset, at: t0 + 25 } },
    ]);
    expect(dueExtraRows(db, t0 + 30, 1)).toHaveLength(1);
  });

  it('keeps its time and its attempts when the cover changes meanwhile', () => {
    const db = newStore();
    fail(db, 1, t0 + 20, t0);
    want(db, 1, 'new', t0 + 1);
    expect(extraOf(db, 1, 'poster')).toMatchObject({ what: 'new', dueAt: t0 + 20, attempts: 1 });
    expect(extraOf(db, 1, 'background')).toBeNull();
  });

  it('that was given up is never due, and is counted', () => {
    const db = newStore();
    fail(db, 1, null, t0, 8);
    fail(db, 2, null, t0 + 1, 8);
    fail(db, 3, t0, t0);
    expect(nextExtraAt(db)).toBe(t0);
    expect(extraCounts(db)).toEqual({ waiting: 1, givenUp: 2 });
    forgetExtra(db, 2, 'background');
    forgetExtra(db, 2, 'poster');
    forgetExtras(db, 1);
    expect(extraCounts(db)).toEqual({ waiting: 1, givenUp: 0 });
  });

  it('that was given up is tried anew once there is another cover, and not before', () => {
    const db = newStore();
    fail(db, 1, null, t0, 8);
    want(db, 1, 'a1', t0 + 1);
    expect(extraOf(db, 1, 'poster')).toMatchObject({ dueAt: null, attempts: 8 });
    want(db, 1, 'new', t0 + 2);
    expect(extraOf(db, 1, 'poster')).toMatchObject({ dueAt: t0 + 2, attempts: 0 });
  });

  it('is due when a clock that was ahead is put right', () => {
    const db = newStore();
    fail(db, 1, t0 + 99_000, t0 + 90_000);
    fail(db, 2, null, t0 + 90_000);
    recordImageSeen(db, { ...place, readAt: t0 + 90_000 }, false);
    putExtraTimesRight(db, t0);
    expect(dueExtraRows(db, t0, 9)).toMatchObject([{ sceneId: 1, error: { at: t0 } }]);
    expect(extraOf(db, 2, 'poster')).toMatchObject({ dueAt: null, error: { at: t0 } });
    expect(imageOf(db, '7', 'poster')?.readAt).toBe(0);
  });
});

describe('a rating that PlexSync gave', () => {
  it('is known as pushed or as about to be, none among them', () => {
    const db = newStore();
    expect(ratingOf(db, '7')).toEqual({ pushed: undefined, intent: undefined });
    const rated = { ratingKey: '7', sectionId: '1', sceneId: 1 };
    recordRatingIntent(db, rated, 8);
    expect(ratingOf(db, '7')).toEqual({ pushed: undefined, intent: 8 });
    recordRating(db, rated, 8, true);
    recordRatingIntent(db, rated, null);
    expect(ratingOf(db, '7')).toEqual({ pushed: 8, intent: null });
    recordRating(db, rated, null, true);
    expect(ratingOf(db, '7')).toEqual({ pushed: null, intent: undefined });
    forgetRating(db, '7');
    expect(ratingOf(db, '7')).toEqual({ pushed: undefined, intent: undefined });
  });
});

it('nothing that is asked for with each scene or each second goes through a whole table', () => {
  const db = newStore();
  const plans = plansOf(db, () => {
    imageOf(db, '7', 'poster');
    ratingOf(db, '7');
    extraOf(db, 1, 'poster');
    dueExtraRows(db, t0, 9);
    nextExtraAt(db);
    recordImageLock(db, '7', 'poster', true);
    lockedImages(db, 'poster', ['', ''], 9);
    forgetImagesOf(db, '7');
    forgetExtras(db, 1);
  });
  expect(plans.length).toBeGreaterThan(7);
  for (const plan of plans)
    expect(plan).not.toMatch(/^SCAN (?!(image|extra) USING (COVERING )?INDEX)/);
});
