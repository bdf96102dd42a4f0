// The people of a scene under the names that they have in Plex.
import type { Scene, ScenePerformer } from '../base/scene.ts';
import { cleanLine, tagKey } from '../base/text.ts';

/**
 * Performers in the scene's order. A name carries its disambiguation, as in "Ann Bell (actress)",
 * where another performer of the scene has the same name: Plex would make one person of them.
 * @param always for every performer that has a disambiguation: two of a name are then told apart
 *   across scenes as well
 */
export function performerNames(
  performers: readonly ScenePerformer[],
  always: boolean,
): readonly string[] {
  const alike = new Set(namesakes(performers));
  return performers.map((performer) => {
    const bare = cleanLine(performer.name);
    const what = cleanLine(performer.disambiguation ?? '');
    return what !== '' && (always || alike.has(performer)) ? `${bare} (${what})` : bare;
  });
}

/** Those of the performers whose name another of them has as well. */
export function namesakes(performers: readonly ScenePerformer[]): readonly ScenePerformer[] {
  const keyOf = ({ name }: ScenePerformer): string => tagKey(cleanLine(name));
  const count = new Map<string, number>();
  for (const performer of performers) {
    const key = keyOf(performer);
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  return performers.filter((performer) => (count.get(keyOf(performer)) ?? 0) > 1);
}

/**
 * The directors in what Stash keeps as one free text. Names are parted at `;`, at `&` and `and`
 * between blanks; at commas only where each part is two words or more, since "Bell, Ann" and
 * "Ann Bell, Jr." are one person.
 */
export function directorNames(director: Scene['director']): readonly string[] {
  return cleanLine(director ?? '')
    .split(/;| & | and /i)
    .flatMap(atCommas)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function atCommas(names: string): readonly string[] {
  const parts = names.split(',').map((part) => part.trim());
  const filled = parts.filter((part) => part !== '');
  return filled.every((part) => part.includes(' '))
    ? filled
    : [names.replace(/^[\s,]+|[\s,]+$/g, '')];
}
