// How long a Stash that does not answer is left alone.
import { describe, expect, it } from 'vitest';
import {
  type StashReach,
  stashCalled,
  stashFailed,
  stashRetry,
  there,
} from '../../src/domain/recover/away.ts';

const t0 = 1_700_000_000_000;
const failure = { cause: 'Stash does not answer.', code: 'stash-unreachable' } as const;

type Away = Extract<StashReach, { kind: 'away' }>;
function away(reach: StashReach): Away {
  if (reach.kind !== 'away') throw new Error('it is there');
  return reach;
}

describe('[1.5 HLTH-02] a Stash that is away', () => {
  it('is tried after 1, 2, 4 … 60 seconds, away since the first failure', () => {
    let reach: StashReach = there;
    const waits = Array.from({ length: 9 }, () => {
      reach = stashFailed(reach, failure, t0);
      return (away(reach).retryAt - t0) / 1000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    const later = stashFailed(reach, { ...failure, cause: 'x' }, t0 + 5);
    expect(later).toMatchObject({ since: t0, cause: 'x', failures: 10 });
  });

  it('is tried at once when it hands something over, and is still away until it answers', () => {
    const called = stashCalled(stashFailed(there, failure, t0));
    expect(called).toMatchObject({ kind: 'away', since: t0, retryAt: 0 });
    expect(away(stashFailed(called, failure, t0 + 9)).retryAt).toBe(t0 + 9 + stashRetry.firstMs);
    expect(stashCalled(there)).toEqual(there);
  });
});
