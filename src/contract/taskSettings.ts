// The setting that says how long a task may keep Stash's job queue while others wait, and its check.
import { type Raw, readWholeNumber, type Report } from './settingValues.ts';

/** Long enough that a continuation costs nothing, short enough that a scan is not forgotten. */
export const taskSliceMinutes = { default: 10, lowest: 1, highest: 720 } as const;

/** @returns milliseconds */
export function checkTaskSlice(raw: Raw, report: Report): number {
  return readWholeNumber(raw, 'taskSliceMinutes', taskSliceMinutes, report) * 60_000;
}
