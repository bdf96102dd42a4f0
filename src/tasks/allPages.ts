// Carries out what is done in pages.
import type { Pages } from '../store/queue/queueActions.ts';
import type { TaskContext } from './context.ts';

/** Page by page; between two of them others get as long at the data file as a page took. */
export async function allPages(
  { clock, progress }: Pick<TaskContext, 'clock' | 'progress'>,
  pages: Pages,
  total: number,
): Promise<number> {
  let count = 0;
  for (;;) {
    const begun = clock.now();
    const page = pages.next();
    if (page.done === true) break;
    count += page.value;
    progress(Math.min(1, count / Math.max(1, total)));
    if (count < total) await clock.sleep(Math.min(500, Math.max(1, clock.now() - begun)));
  }
  progress(1);
  return count;
}
