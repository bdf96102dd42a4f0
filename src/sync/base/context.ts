// What the steps of a drain share: the data file, the two servers, the settings, clock and log.
import type { PathRule } from '../../contract/pathRules.ts';
import type { Settings } from '../../contract/settings.ts';
import type { PlexClient } from '../../plex/client.ts';
import type { StashClient } from '../../stash/client.ts';
import type { Database } from '../../store/file/database.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Tracing } from './tracing.ts';

export interface DrainContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  /** Path mappings in use: those written by hand, and those found. */
  readonly rules: readonly PathRule[];
  readonly stash: StashClient;
  readonly plex: PlexClient;
  /** For the user whose viewing goes both ways; null or absent where none does. */
  readonly viewer?: PlexClient | null;
  /** Called when items were written: a batch may take a minute, and somebody may be watching. */
  readonly onWritten?: ((items: number) => void) | undefined;
  readonly tracing?: Tracing | undefined;
}
