// Which Plex it is, and which of its libraries are meant.
import type { PlexSection } from '../../domain/base/plexItem.ts';

export interface PlexIdentity {
  readonly machineIdentifier: string;
  readonly sections: readonly PlexSection[];
}
