// Which of Plex's libraries are meant by the setting, what makes the setting useless, and what a
// person should be told although the work goes on.
import type { SettingProblem } from '../../contract/settings.ts';
import type { Warning } from '../../contract/status.ts';
import { agentWarning } from './libraryAgent.ts';
import type { PlexSection } from '../base/plexItem.ts';

export interface LibraryChoice {
  readonly sections: readonly PlexSection[];
  /** With any of them nothing can be pushed. */
  readonly problems: readonly SettingProblem[];
  readonly warnings: readonly Warning[];
}

const fitting = 'PlexSync works with libraries of type movie (also "Other Videos")';

/**
 * @param all as Plex lists them now
 * @param wanted names or ids, in any case; none means every library of type movie
 */
export function chooseLibraries(
  all: readonly PlexSection[],
  wanted: readonly string[],
): LibraryChoice {
  const usable = all.filter(({ type }) => type === 'movie');
  if (wanted.length === 0) {
    const problems = usable.length === 0 ? [noLibrary(all)] : [];
    return { sections: usable, problems, warnings: usable.flatMap(agentWarning) };
  }
  const sections = new Set<PlexSection>();
  const others = new Set<PlexSection>();
  const unknown: string[] = [];
  for (const name of wanted) {
    // A library that fits goes before one of the same name that does not.
    const found = named(usable, name) ?? named(all, name);
    if (found === undefined) unknown.push(name);
    else if (found.type === 'movie') sections.add(found);
    else others.add(found);
  }
  const problems = unknown.map((name): SettingProblem => {
    const message = `names "${name}", but Plex has no such library. Libraries that fit: ${titles(usable)}.`;
    return { setting: 'plexLibraries', message };
  });
  // Beside a library that fits, one that does not costs nothing but itself.
  if (sections.size === 0) problems.push(...[...others].map((other) => wrongType(other, usable)));
  const odd = sections.size === 0 ? [] : [...others].map(leftOut);
  return {
    sections: [...sections],
    problems,
    warnings: [...odd, ...[...sections].flatMap(agentWarning)],
  };
}

function named(sections: readonly PlexSection[], name: string): PlexSection | undefined {
  return sections.find(
    ({ id, title }) => id === name || title.toLowerCase() === name.toLowerCase(),
  );
}

function titles(sections: readonly PlexSection[]): string {
  return sections.map(({ title }) => `"${title}"`).join(', ') || 'none';
}

function wrongType({ title, type }: PlexSection, usable: readonly PlexSection[]): SettingProblem {
  const message = `names "${title}", a library of type ${type}. ${fitting}: ${titles(usable)}.`;
  return { setting: 'plexLibraries', message };
}

function leftOut({ title, type }: PlexSection): Warning {
  const message = `The library "${title}" is of type ${type} and is left out: nothing is written to it. ${fitting}. Make one in Plex that holds its folders, or take the name out of the setting.`;
  return { about: 'plexLibraries', message };
}

/** Not "no scene has an item": Plex lists none while it starts, and the index must outlive that. */
function noLibrary(all: readonly PlexSection[]): SettingProblem {
  const there = all.map(({ title, type }) => `"${title}" (${type})`).join(', ');
  const found =
    all.length === 0
      ? 'Plex lists no library: it may still be starting, or its owner has made none.'
      : `Plex has no library of type movie, only ${there}.`;
  const message = `has nothing to name. ${found} ${fitting}: make one in Plex that holds the folders of Stash. It is looked for again by itself.`;
  return { setting: 'plexLibraries', message };
}
