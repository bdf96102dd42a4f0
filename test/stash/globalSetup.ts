// Once per run: the temporary folder, the library, a copy of the built plugin that no other build
// can change meanwhile. At the end everything that still runs in the folder is killed.
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { makeScannedLibrary, type ScannedLibrary } from './harness/library.ts';
import { endProcessesOf, sweepAtExit } from './harness/processes.ts';

export interface RealStashContext {
  readonly binary: string;
  readonly root: string;
  readonly library: ScannedLibrary;
  /** Folder of the finished plugin. */
  readonly plugin: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    realStash: RealStashContext;
  }
}

/** Scenes of the library: a bulk edit of 100, and some that it leaves alone. */
const sceneCount = 104;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const binary = process.env['STASH_BIN'] ?? '';
  if (binary === '') return async () => {};
  if (!existsSync(binary)) throw new Error(`STASH_BIN names no file: ${binary}`);
  const built = join(import.meta.dirname, '..', '..', 'dist', 'plex-sync');
  if (!existsSync(join(built, 'plex-sync.cjs'))) {
    throw new Error('The plugin is not built: run `npm run build` first');
  }
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'plexsync-real-stash-'));
  const callOffSweep = sweepAtExit(root);
  const tearDown = async (): Promise<void> => {
    await endProcessesOf(root);
    rmSync(root, { recursive: true, force: true });
    callOffSweep();
  };
  try {
    const plugin = join(root, 'plex-sync');
    cpSync(built, plugin, { recursive: true });
    const library = await makeScannedLibrary(binary, root, sceneCount);
    project.provide('realStash', { binary, root, library, plugin });
    return tearDown;
  } catch (error) {
    await tearDown();
    throw error;
  }
}
