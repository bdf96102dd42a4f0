// Whether a database was put back, by the scenes that were changed last.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  newestOf,
  restoredTo,
  type SceneTime,
  signIn,
  unknownScene,
} from '../../src/domain/gaps/restored.ts';

const hour = 3_600_000;
const t0 = Date.UTC(2026, 0, 2, 3, 4, 5);
const time = (id: number, hours: number): SceneTime => ({ id, at: t0 + hours * hour });
const asked = (...scenes: readonly (readonly [number, number | null])[]) =>
  new Map(scenes.map(([id, hours]) => [id, hours === null ? null : t0 + hours * hour]));

describe('[1.5 RECV-05] a restored Stash', () => {
  const known = [time(1, 0), time(2, -1), time(3, -2)];

  it('is one in which a scene is older than it was read: the time is that of its latest change before', () => {
    const newest = [time(9, -24), time(1, -30)];
    const answer = { newest, asked: asked([1, -30], [2, -40], [3, null]) };
    expect(restoredTo(answer, known)).toEqual({ to: t0 - 24 * hour, isProven: true });
  });

  it('is known by one that is left after others were saved again, and its time is of none of those', () => {
    const newest = [time(1, 5), time(2, 4), time(9, -24)];
    const answer = { newest, asked: asked([1, 5], [2, 4], [3, -40]) };
    expect(restoredTo(answer, known)).toEqual({ to: t0 - 24 * hour, isProven: true });
    // Where all that Stash tells of was saved since, the oldest time that is possible counts.
    const later = { newest: [time(1, 5), time(2, 4)], asked: answer.asked };
    expect(restoredTo(later, known)).toEqual({ to: t0 - 40 * hour, isProven: true });
  });

  it('is none where an import made a scene older: one that was changed later is there as it was', () => {
    const answer = { newest: [time(1, 0)], asked: asked([1, 0], [2, -99], [3, -2]) };
    expect(restoredTo(answer, known)).toBeNull();
    const sign = signIn(known, [time(2, -99)]);
    expect(sign).not.toBeNull();
    expect(restoredTo(answer, known, sign)).toBeNull();
  });

  it('is not one whose newest scenes were deleted, as long as one is left that is as it was', () => {
    const answer = { newest: [time(3, -2)], asked: asked([1, null], [2, null], [3, -2]) };
    expect(restoredTo(answer, known)).toBeNull();
  });

  it('may be one where each of them is gone: the scenes are compared, and nothing is proven', () => {
    const gone = asked([1, null], [2, null], [3, null]);
    expect(restoredTo({ newest: [time(9, -24)], asked: gone }, known)).toEqual({
      to: t0 - 24 * hour,
      isProven: false,
    });
    expect(restoredTo({ newest: [time(9, 3)], asked: gone }, known)).toEqual({
      to: t0 - 2 * hour,
      isProven: false,
    });
  });

  it('is none that is empty, of which nothing is known, or that could not be asked', () => {
    expect(restoredTo({ newest: [], asked: asked([1, null]) }, known)).toBeNull();
    expect(restoredTo({ newest: [time(9, 3)], asked: asked() }, [])).toBeNull();
    const unread = { newest: [time(9, -24)], asked: asked([1, null]) };
    expect(restoredTo(unread, known)).toBeNull();
  });

  it('is known by the time alone, as earlier versions kept it', () => {
    const before = [{ id: unknownScene, at: t0 }];
    const at = (hours: number) => restoredTo({ newest: [time(9, hours)], asked: asked() }, before);
    expect(at(-24)).toEqual({ to: t0 - 24 * hour, isProven: true });
    expect(at(0)).toBeNull();
    expect(at(1)).toBeNull();
  });

  it('is known by a scene that was read since, whatever has become of the others', () => {
    const answer = { newest: [time(1, 9), time(9, -24)], asked: asked([1, 9]) };
    const sign = signIn(known, [time(3, -40), time(7, 1)]);
    expect(sign).toEqual({ before: t0 - 2 * hour, notBefore: t0 - 40 * hour });
    expect(restoredTo(answer, [time(1, 0)], sign)).toEqual({ to: t0 - 24 * hour, isProven: true });
    expect(signIn(known, [time(1, 0), time(2, 3), time(7, -90)])).toBeNull();
  });

  it('is found of any library that was put back to any time, and of none that was only worked on', () => {
    const times = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 3, maxLength: 30 });
    const backups = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(times, backups, (saves, backup) => {
        // Save n is of scene n mod 12.
        const scenes = (until: number): readonly SceneTime[] => {
          const last = new Map<number, number>();
          saves
            .toSorted((a, b) => a - b)
            .forEach((at, n) => {
              if (at <= until) last.set((n % 12) + 1, at * hour);
            });
          return [...last].map(([id, at]) => ({ id, at }));
        };
        const all = scenes(1_000);
        const was = newestOf([], all);
        const now = scenes(backup);
        const left = new Map(now.map(({ id, at }) => [id, at]));
        const answers = new Map(was.map(({ id }) => [id, left.get(id) ?? null]));
        const found = restoredTo({ newest: now, asked: answers }, was);
        const isBack = all.some(({ id, at }) => left.get(id) !== at);
        if (now.length === 0 || !isBack) expect(found).toBeNull();
        else if (was.some(({ id, at }) => (left.get(id) ?? at) < at)) {
          expect(found).toEqual({ to: Math.max(...now.map(({ at }) => at)), isProven: true });
        }
      }),
    );
  });
});

describe('the scenes changed last', () => {
  it('are kept by their latest reading, few of them', () => {
    const many = Array.from({ length: 80 }, (_, at) => time(at + 1, at));
    const kept = newestOf([], many);
    expect(kept.map(({ id }) => id)).toEqual(Array.from({ length: 30 }, (_, at) => 80 - at));
    expect(newestOf(kept, [time(60, 99), { id: 5, at: Number.NaN }])[0]).toEqual(time(60, 99));
  });
});
