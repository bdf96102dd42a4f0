// Which Plex item is a scene's: remembered and verified, else by mapped path, else by a name and
// size that only one item has. Everything else is "none", with the reason.
import { nameKey, pathKey } from './pathMapping.ts';
import type { PlexPart } from './plexItem.ts';

/** A file of a scene, in the forms that are compared. */
export interface SceneFileKeys {
  readonly plexPath: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** One row of the index of Plex parts that shares its path, or its name and size, with the scene. */
export interface CandidatePart {
  readonly ratingKey: string;
  readonly sectionId: string;
  readonly path: string;
  readonly by: 'path' | 'name-size';
}

export type Match =
  | {
      readonly kind: 'item';
      readonly ratingKey: string;
      readonly sectionId: string;
      readonly how: 'path' | 'name-size';
    }
  | { readonly kind: 'none'; readonly reason: NoItemReason };

/** `ambiguous`: several items fit equally well, so none is written to. */
export type NoItemReason = 'no-file' | 'not-in-plex' | 'ambiguous';

/** Decides among the index rows found for all files of a scene. */
export function matchParts(
  files: readonly SceneFileKeys[],
  candidates: readonly CandidatePart[],
): Match {
  if (files.length === 0) return { kind: 'none', reason: 'no-file' };
  for (const how of ['path', 'name-size'] as const) {
    const found = candidates.filter((candidate) => candidate.by === how);
    const first = found[0];
    if (first === undefined) continue;
    if (found.some((candidate) => candidate.ratingKey !== first.ratingKey)) {
      return { kind: 'none', reason: 'ambiguous' };
    }
    return { kind: 'item', ratingKey: first.ratingKey, sectionId: first.sectionId, how };
  }
  return { kind: 'none', reason: 'not-in-plex' };
}

/** Whether an item read from Plex really holds one of the scene's files. */
export function holdsFile(parts: readonly PlexPart[], files: readonly SceneFileKeys[]): boolean {
  return parts.some((part) =>
    files.some(
      (file) =>
        pathKey(part.file) === file.plexPath ||
        (nameKey(part.file) === file.name && part.size === file.size),
    ),
  );
}
