// A scene and an item in the forms in which they are compared.
import type { PathRule } from '../../contract/pathRules.ts';
import { fullDate } from '../../domain/mirror/desired.ts';
import type { PartKeys, SceneFileKeys } from '../../domain/match/match.ts';
import { nameKey, pathKey, plexPathKey } from '../../domain/match/pathMapping.ts';
import type { PlexPart } from '../../domain/base/plexItem.ts';
import type { Scene, SceneFile } from '../../domain/base/scene.ts';
import { cleanLine, tagKey } from '../../domain/base/text.ts';
import type { SceneText } from '../../store/match/candidate.ts';

export function fileKeys(
  files: readonly SceneFile[],
  rules: readonly PathRule[],
): readonly SceneFileKeys[] {
  return files.map((file) => ({
    plexPath: plexPathKey(file.path, rules),
    name: nameKey(file.path),
    size: file.size,
    durationMs: file.durationSeconds === null ? null : Math.round(file.durationSeconds * 1_000),
  }));
}

export function partKeys(parts: readonly PlexPart[]): readonly PartKeys[] {
  return parts.map((part) => ({
    path: pathKey(part.file),
    name: nameKey(part.file),
    size: part.size,
    // Plex says 0 of what it could not measure.
    durationMs: part.durationMs === 0 ? null : part.durationMs,
  }));
}

/** As typed in Stash, whatever goes to Plex of it: a name made from the file's says nothing new. */
export function sceneText({ title, date, studio }: Scene): SceneText {
  return {
    titleKey: tagKey(cleanLine(title ?? '')),
    date: fullDate(date),
    studioKey: tagKey(cleanLine(studio?.name ?? '')),
  };
}
