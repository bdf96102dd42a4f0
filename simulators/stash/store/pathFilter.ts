// The criterion `path` of scenes: some file of the scene, compared by SQLite's LIKE with folder,
// separator and name put together (stashapp/stash pkg/sqlite/criterion_handlers.go).
import { StashError } from '../errors.ts';
import type { SceneRecord } from './records.ts';

/** @throws StashError for another modifier than EQUALS: the others are not simulated. */
export function pathTest(
  criterion: Readonly<Record<string, unknown>>,
): (scene: SceneRecord) => boolean {
  if (criterion['modifier'] !== 'EQUALS') {
    throw new StashError(`filter path with ${String(criterion['modifier'])} is not simulated`);
  }
  const pattern = likePattern(String(criterion['value']));
  return (scene) => scene.files.some((file) => pattern.test(storedPath(file.path)));
}

/** A root ends with a separator itself: `//film.mp4`, `D:\\film.mp4`. */
function storedPath(path: string): string {
  const separator = path.startsWith('/') ? '/' : '\\';
  const end = path.lastIndexOf(separator);
  const folder = path.slice(0, end);
  const isRoot = folder === '' || /^[A-Za-z]:$/.test(folder);
  return isRoot && end >= 0 ? `${folder}${separator}${path.slice(end)}` : path;
}

/** `%` is any text, `_` any one character, nothing escapes them; A to Z in either case. */
function likePattern(value: string): RegExp {
  const source = value.replaceAll(/./gsu, (character) => {
    if (character === '%') return '.*';
    if (character === '_') return '.';
    if (/[A-Za-z]/.test(character)) return `[${character.toLowerCase()}${character.toUpperCase()}]`;
    return character.replace(/[\\^$.*+?()[\]{}|]/u, '\\$&');
  });
  return new RegExp(`^${source}$`, 'su');
}
