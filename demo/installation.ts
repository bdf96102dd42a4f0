// Both simulators with the built plugin installed between them, in a temporary folder that is gone
// afterwards, together with every process of the plugin.
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { type PlexSimulator, startPlexSimulator } from '../simulators/plex/server.ts';
import { type StashSimulator, startStashSimulator } from '../simulators/stash/server.ts';
import { type Status, statusSchema } from '../src/contract/status.ts';
import { fillLibrary, type Library } from './library.ts';
import { endProcesses } from './processes.ts';
import { seededRandom } from './random.ts';

export interface Installation {
  readonly stash: StashSimulator;
  readonly plex: PlexSimulator;
  readonly library: Library;
  /** Asks the plugin in the way in which its page inside Stash does. @throws Error */
  status(): Promise<Status>;
  close(): Promise<void>;
}

const built = join(import.meta.dirname, '..', 'dist', 'plex-sync');
const librarySeed = 12;

/** @throws Error if the plugin was not built; nothing is left behind then */
export async function openInstallation(): Promise<Installation> {
  if (!existsSync(join(built, 'plex-sync.cjs'))) {
    throw new Error('dist/plex-sync is missing. npm run build makes it.');
  }
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'plexsync-demo-'));
  const remove = (): void => {
    endProcesses(root);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  // Whatever goes wrong, and however the program ends.
  process.once('exit', remove);
  const directory = join(root, 'stash');
  const plugin = join(directory, 'plugins', 'plex-sync');
  mkdirSync(plugin, { recursive: true });
  cpSync(built, plugin, { recursive: true });
  const stash = await startStashSimulator({
    directory,
    env: { PLEXSYNC_NODE: process.execPath, PLEXSYNC_DEMO: root },
  });
  const plex = await startPlexSimulator();
  const library = fillLibrary(stash, plex, seededRandom(librarySeed));
  await ask(
    stash,
    'mutation ($input: Map!) { configurePlugin(plugin_id: "plex-sync", input: $input) }',
    { input: { plexUrl: plex.url, plexToken: plex.token } },
  );
  return {
    stash,
    plex,
    library,
    status: async () => {
      const operation = 'runPluginOperation(plugin_id: "plex-sync", args: { name: "status" })';
      const answer = await ask(stash, `mutation { ${operation} }`, {});
      return v.parse(statusSchema, answer['runPluginOperation']);
    },
    close: async () => {
      await Promise.all([stash.close(), plex.close()]);
      remove();
      process.off('exit', remove);
    },
  };
}

/** @throws Error with Stash's own words */
export async function ask(
  stash: StashSimulator,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const { data, errors } = await stash.graphql(query, variables);
  if (data !== null && errors.length === 0) return data;
  throw new Error(`Stash: ${errors.map((error) => String(error['message'])).join('; ')}`);
}
