// "Libraries": what Plex has to choose from, asked just now. Nothing is written.
import { noArguments } from '../contract/arguments.ts';
import { PlexSyncError } from '../contract/errors.ts';
import type { LibrariesAnswer } from '../contract/libraries.ts';
import type { Settings } from '../contract/settings.ts';
import { agentWarning } from '../domain/match/libraryAgent.ts';
import { chooseLibraries } from '../domain/match/libraryChoice.ts';
import type { PlexSection } from '../domain/base/plexItem.ts';
import { connectToPlex } from '../sync/servers/configuration.ts';
import type { TaskContext } from './context.ts';
import { checkStash } from './health/stash.ts';
import type { Operation } from './operation.ts';

export const libraries: Operation<object, LibrariesAnswer> = {
  arguments: noArguments,
  perform: async (context) => {
    const { settings, steps } = await checkStash(context.db);
    if (settings !== null) return shown(await sectionsOf(context, settings), settings);
    const failed = steps.find(({ state }) => state === 'fail');
    const [finding, wayOut] = [failed?.finding ?? '', failed?.wayOut ?? ''];
    const code = failed?.name === 'stash' ? 'stash-unreachable' : 'config-invalid';
    throw new PlexSyncError(code, `${finding} ${wayOut}`.trim());
  },
};

async function sectionsOf(
  { db, version }: TaskContext,
  settings: Settings,
): Promise<readonly PlexSection[]> {
  const plex = connectToPlex(db, settings, version);
  try {
    return await plex.sections();
  } finally {
    await plex.close();
  }
}

function shown(all: readonly PlexSection[], { plexLibraries }: Settings): LibrariesAnswer {
  const { sections, problems } = chooseLibraries(all, plexLibraries);
  return {
    libraries: all.map((section) => ({
      id: section.id,
      title: section.title,
      type: section.type,
      usable: section.type === 'movie',
      chosen: sections.some(({ id }) => id === section.id),
      folders: [...section.locations],
      warning: agentWarning(section)[0]?.message ?? null,
    })),
    problems: problems.map(({ setting, message }) => `${setting} ${message}`),
  };
}
