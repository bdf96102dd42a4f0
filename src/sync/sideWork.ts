// Work of another room that the engine does beside the queue, a step at a time.
import type { Settings } from '../contract/settings.ts';
import type { DrainContext } from './context.ts';
import type { PlexIdentity } from './libraryIndex.ts';

export interface SideWork {
  /** Unix ms from which on there is a step to do, or null. */
  nextAt(now: number): number | null;
  /** Called in each turn that has read the settings. */
  prepare(settings: Settings, now: number): void;
  /** @throws PlexSyncError of a server's that failed */
  step(context: DrainContext, plex: PlexIdentity): Promise<void>;
  /** What is known by its time is worth nothing any more. */
  clockWentBack(): void;
}
