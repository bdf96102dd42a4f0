// Progress while changes are pushed: what was done since this page first saw work, and what is left.
// It outlives the tab, so that a look at another one does not begin it anew.
import { useMemo } from 'react';
import type { Status } from '../../../contract/status.ts';
import { advanceRun, beginRun, type RunProgress } from '../../../domain/words/runProgress.ts';
import { ended, left } from './headline.ts';

let kept: { readonly from: number; readonly run: RunProgress } | null = null;

/** @param at Unix ms of the status */
export function useRun(status: Status | null, at: number | null): RunProgress | null {
  return useMemo(() => {
    if (status === null || at === null) return null;
    kept = next(status, at);
    return kept?.run ?? null;
  }, [status, at]);
}

function next(status: Status, at: number): typeof kept {
  const toDo = left(status);
  if (toDo === 0) return null;
  // A cleared or newer data file counts from anew.
  const from = kept === null || kept.from > ended(status) ? ended(status) : kept.from;
  const done = ended(status) - from;
  if (kept === null || kept.from !== from) return { from, run: beginRun(done, toDo, at) };
  return { from, run: advanceRun(kept.run, { done, left: toDo }, at) };
}
