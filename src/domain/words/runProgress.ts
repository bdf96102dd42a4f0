// How far a run is: share, rate and time left, from what was done and what is left. Pure; the times
// come in. The bar never goes back, though edits that come meanwhile make the whole longer.
import { duration } from '../base/durationWords.ts';

export interface RunProgress {
  /** Done, in earlier slices included: scenes, pictures, ratings. */
  readonly done: number;
  readonly left: number;
  /** 0 to 1, never less than before. */
  readonly share: number;
  /** Of this run: when how much was done, Unix ms. The oldest one may be a minute old. */
  readonly samples: readonly { readonly at: number; readonly done: number }[];
}

/** The rate is that of the last minute: of an hour ago it says little about what comes. */
const windowMs = 60_000;
/** Less says nothing about a rate. */
const shortestMs = 1_000;

export function beginRun(done: number, left: number, now: number): RunProgress {
  return advanceRun({ done, left, share: 0, samples: [{ at: now, done }] }, { done, left }, now);
}

export function advanceRun(
  run: RunProgress,
  { done, left }: Pick<RunProgress, 'done' | 'left'>,
  now: number,
): RunProgress {
  const whole = done + left;
  const share = whole === 0 ? run.share : Math.max(run.share, done / whole);
  const recent = run.samples.filter((sample) => sample.at >= now - windowMs && sample.at <= now);
  const before = run.samples.findLast((sample) => sample.at < now - windowMs);
  const kept = before === undefined ? recent : [before, ...recent];
  const last = kept.at(-1);
  const isNew = last === undefined || now - last.at >= shortestMs;
  return { done, left, share, samples: isNew ? [...kept, { at: now, done }] : kept };
}

/** How many per second, or null if nothing can be said yet. */
export function rateOf({ done, samples }: RunProgress, now: number): number | null {
  const [first] = samples;
  if (first === undefined || done <= first.done || now - first.at < shortestMs) return null;
  return ((done - first.done) * 1000) / (now - first.at);
}

/** One line for a person. */
export function runLine(run: RunProgress, now: number): string {
  const rate = rateOf(run, now);
  const counts = `${run.done} of ${run.done + run.left} done`;
  if (rate === null) return `${counts}.`;
  const perSecond = rate >= 10 ? rate.toFixed(0) : rate.toFixed(1);
  const speed = rate < 0.1 ? `${(rate * 60).toFixed(1)} per minute` : `${perSecond} per second`;
  return `${counts}, ${speed}, about ${duration((run.left / rate) * 1000)} left.`;
}
