// The people of a scene under the names that they have in Plex.
import type { Scene, ScenePerformer } from './scene.ts';
import { cleanLine, tagKey } from './text.ts';

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
  const count = new Map<string, number>();
  for (const { name } of performers) {
    const key = tagKey(cleanLine(name));
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  return performers.map(({ name, disambiguation }) => {
    const bare = cleanLine(name);
    const what = cleanLine(disambiguation ?? '');
    const isShared = (count.get(tagKey(bare)) ?? 0) > 1;
    return what !== '' && (always || isShared) ? `${bare} (${what})` : bare;
  });
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
