// Raises scenes by the thousand without keeping others from the data file meanwhile.
import { raiseScene } from '../../store/queue/queue.ts';
import { transaction } from '../../store/file/sql.ts';
import type { DrainContext } from './context.ts';

/** A moment's work; of a million scenes at once others would wait longer than they have patience. */
export const raisedAtOnce = 5_000;

/**
 * Page by page; between two of them others get as long at the data file as a page took. Who dies in
 * between raises all of them again: what says that they are raised is to be written afterwards.
 */
export async function raiseMany(
  { db, clock }: Pick<DrainContext, 'db' | 'clock'>,
  sceneIds: readonly number[],
  source: string,
  correlationOf: (sceneId: number) => string,
): Promise<void> {
  const now = clock.now();
  for (let at = 0; at < sceneIds.length; at += raisedAtOnce) {
    const begun = clock.now();
    const page = sceneIds.slice(at, at + raisedAtOnce);
    transaction(db, () => {
      for (const id of page) raiseScene(db, id, now, source, correlationOf(id));
    });
    const isLast = at + raisedAtOnce >= sceneIds.length;
    if (!isLast) await clock.sleep(Math.min(500, Math.max(1, clock.now() - begun)));
  }
}
