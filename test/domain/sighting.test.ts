// Looks at Stash's times as a model: saves that others see late, clocks that are put forward and back,
// and a `watch` that ends and begins again. Nothing may be missed.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changedSince,
  longestSaveMs,
  lookFrom,
  sighted,
  type Sighting,
} from '../../src/domain/gaps/sighting.ts';

const minute = 60_000;
const begin = Date.UTC(2026, 0, 2);

const passedMs = fc.oneof(fc.constant(200), fc.constant(3_000), fc.constant(40_000));
const save = fc.record({
  kind: fc.constant('save' as const),
  passedMs,
  id: fc.integer({ min: 1, max: 5 }),
  lateMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: longestSaveMs })),
});
const clock = fc.record({
  kind: fc.constant('clock' as const),
  passedMs,
  byMs: fc.integer({ min: -3 * 24 * 60, max: 3 * 24 * 60 }).map((by) => by * minute),
});
const lookStep = fc.record({ kind: fc.constant('look' as const), passedMs });
const restart = fc.record({ kind: fc.constant('restart' as const), passedMs });
const step = fc.oneof(save, clock, lookStep, restart);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** @returns the scenes that were changed and not raised by the last look */
function missed(steps: readonly Step[]): readonly number[] {
  let stashNow = begin;
  let to = begin;
  let seen: Sighting | null = null;
  const scenes = new Map<number, number>();
  const waiting = new Set<number>();
  const look = (): void => {
    const from = lookFrom(to, stashNow);
    const listed = [...scenes].filter(([, at]) => at >= from).map(([id, at]) => ({ id, at }));
    for (const id of changedSince(listed, seen, from)) waiting.delete(id);
    const before: Sighting | null = seen;
    seen = new Map(listed.map((scene) => [scene.id, sighted(scene, before, stashNow)]));
    to = stashNow;
  };
  for (const one of [...steps, { kind: 'look', passedMs: 10_000 } as const]) {
    stashNow += one.passedMs;
    if (one.kind === 'save') {
      // Stamped when its transaction began, by the clock of then; one after the other.
      const at = Math.floor((stashNow - one.lateMs) / 1_000) * 1_000;
      if (scenes.get(one.id) === at && one.lateMs > 0) continue;
      scenes.set(one.id, at);
      waiting.add(one.id);
    } else if (one.kind === 'clock') {
      // The clock is looked at before and after it is put right.
      look();
      stashNow += one.byMs;
      look();
    } else if (one.kind === 'look') look();
    else seen = null;
  }
  return [...waiting];
}

describe('a look at the times that Stash tells', () => {
  it('finds every save, however late it could be seen within an hour, and whatever became of the clock', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        expect(missed(steps)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    expect(longestSaveMs).toBe(60 * minute);
  });

  it('raises a scene by another time, earlier or later, and none by the same', () => {
    const listed = [
      { id: 1, at: 10 },
      { id: 2, at: 20 },
      { id: 3, at: 30 },
    ];
    const seen = new Map([
      [1, { at: 10, isSure: true }],
      [2, { at: 25, isSure: true }],
      [3, { at: 30, isSure: false }],
    ]);
    expect(changedSince(listed, seen, 0)).toEqual([2, 3]);
    expect(changedSince(listed, null, 20)).toEqual([2, 3]);
  });
});
