// What to tell a person about the agent of a Plex library: one that writes metadata of its own
// competes with PlexSync for every field that is not locked.
import type { Warning } from '../../contract/status.ts';
import type { PlexSection } from '../base/plexItem.ts';

/** "Personal Media", the newer and the older one: they leave an item as its file says. */
const personalAgents: ReadonlySet<string> = new Set([
  'tv.plex.agents.none',
  'com.plexapp.agents.none',
]);

/**
 * Those that Plex ships for movies: "Plex Movie", "Plex Movie (Legacy)" and "The Movie Database"
 * (support.plex.tv/articles/200241558-agents).
 */
const onlineAgents: ReadonlySet<string> = new Set([
  'tv.plex.agents.movie',
  'com.plexapp.agents.imdb',
  'com.plexapp.agents.themoviedb',
]);

// The scanner "Plex Movie" goes with the agent "Plex Movie" only (support.plex.tv, Scanners).
const wayOut =
  'In Plex, under Edit library > Advanced, choose the scanner "Plex Video Files Scanner" and the agent "Personal Media" (in some versions "Plex Personal Media"). Values that PlexSync mirrors are locked and stay.';

/** The warning about the library's agent, if it deserves one; nothing where Plex names no agent. */
export function agentWarning({ title, agent }: PlexSection): readonly Warning[] {
  if (agent === '' || personalAgents.has(agent)) return [];
  const uses = `The library "${title}" uses the agent ${agent}, which`;
  const does = onlineAgents.has(agent)
    ? 'fetches metadata from the internet: it looks your files up there by their names, may overwrite what PlexSync does not mirror, and may take two files for one film.'
    : 'PlexSync does not know: it may fetch metadata from elsewhere and overwrite what PlexSync does not mirror.';
  return [{ about: `library "${title}"`, message: `${uses} ${does} ${wayOut}` }];
}
