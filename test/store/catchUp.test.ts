// Starts of Stash, as its processes are noticed.
import { describe, expect, it } from 'vitest';
import { catchUpState, nextCatchUpAt, noticeStash } from '../../src/store/run/catchUp.ts';
import { putTimesRight } from '../../src/store/clockBack.ts';
import { newStore, t0 } from './support.ts';

const life = (pid: number, start = 1) => ({ pid, start });

describe('[1.4 AUTO-02] a process of Stash', () => {
  it('that was not seen before is a start, but for the first one ever', () => {
    const db = newStore();
    expect(noticeStash(db, life(7), t0)).toBe(false);
    expect(nextCatchUpAt(db, t0)).toBeNull();
    expect(noticeStash(db, life(7), t0 + 1)).toBe(false);
    // In a container each has the same number.
    expect(noticeStash(db, life(7, 2), t0 + 5)).toBe(true);
    expect(catchUpState(db).startedAt).toBe(t0 + 5);
    expect(nextCatchUpAt(db, t0 + 9)).toBe(t0 + 5);
  });

  it('is no start when its events come in late, known or not', () => {
    const db = newStore();
    noticeStash(db, life(1), t0);
    expect(noticeStash(db, life(2), t0 + 100)).toBe(true);
    expect(noticeStash(db, life(1), t0 + 200)).toBe(false);
    expect(noticeStash(db, life(3), t0 + 50)).toBe(false);
    expect(noticeStash(db, life(4), t0 + 300)).toBe(true);
  });

  it('that is not known is none', () => {
    const db = newStore();
    for (const at of [1, 2, 3]) expect(noticeStash(db, life(0, 0), t0 + at)).toBe(false);
    expect(noticeStash(db, life(7), t0 + 4)).toBe(false);
    expect(noticeStash(db, life(0, 0), t0 + 5)).toBe(false);
    expect(nextCatchUpAt(db, t0 + 9)).toBeNull();
  });

  it('is noticed also after the clock was put back', () => {
    const db = newStore();
    noticeStash(db, life(1), t0 + 1_000_000);
    putTimesRight(db, t0);
    expect(noticeStash(db, life(2), t0 + 1)).toBe(true);
  });
});
