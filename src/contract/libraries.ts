// What the operation libraries answers: the libraries that Plex has just now, and which of them are
// kept in step by the settings as they are.
import * as v from 'valibot';

export const librariesAnswer = v.object({
  libraries: v.array(
    v.object({
      /** Number of the library in Plex. */
      id: v.string(),
      title: v.string(),
      /** `movie`, `show`, `artist`, `photo`. */
      type: v.string(),
      /** Whether PlexSync can work with it. */
      usable: v.boolean(),
      /** Whether it does, by the setting plexLibraries. */
      chosen: v.boolean(),
      /** As Plex sees them. */
      folders: v.array(v.string()),
      /** What a person should know before choosing it, with the way out; null: nothing. */
      warning: v.nullable(v.string()),
    }),
  ),
  /** What makes plexLibraries useless, in sentences. */
  problems: v.array(v.string()),
});

export type LibrariesAnswer = v.InferOutput<typeof librariesAnswer>;
