// Work of another room that the engine does beside the queue, a step at a time.
import type { SettingsRead } from './servers/configuration.ts';
import type { DrainContext } from './base/context.ts';
import type { PlexIdentity } from './base/plexIdentity.ts';

export interface SideWork {
  /** Unix ms from which on there is a step to do, or null. */
  nextAt(now: number): number | null;
  /** Whether Stash's settings are to be looked at although there is nothing to do; asked once a turn. */
  wantsLook(now: number): boolean;
  /** Whether it waited long enough while others were served: then it has a step beside them. */
  hasWaited(now: number): boolean;
  /** Called whenever the settings were read. */
  prepare(read: SettingsRead, now: number): void;
  /** @throws PlexSyncError of a server's that failed */
  step(context: DrainContext, plex: PlexIdentity): Promise<void>;
  /** What is known by its time is worth nothing any more. */
  clockWentBack(): void;
}
