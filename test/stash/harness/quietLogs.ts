// No case may leave an error behind in Stash's log or in PlexSync's own, whatever else it shows.
import * as v from 'valibot';
import { afterEach, expect } from 'vitest';
import type { RealWorld } from './world.ts';

const entrySchema = v.pipe(v.string(), v.parseJson(), v.object({ level: v.string() }));

/** Stash asks GitHub for a newer version, which the proxy of the tests' Stash does not let through. */
const versionLook = "Couldn't retrieve latest version";

/** Call within `describe`, before its own `afterEach` that closes the world. */
export function expectQuietLogs(world: () => RealWorld): void {
  // What one case left is not told again for those after it.
  const told = new Set<string>();
  afterEach(() => {
    const fresh = errorsIn(world()).filter((line) => !told.has(line));
    for (const line of fresh) told.add(line);
    expect(fresh).toEqual([]);
  });
}

function errorsIn(world: RealWorld): readonly string[] {
  const ofStash = world.stash
    .logText()
    .split('\n')
    .filter((line) => line.startsWith('ERRO') && !line.includes(versionLook));
  const ofPlexSync = world
    .log()
    .split('\n')
    .filter((line) => line !== '' && v.parse(entrySchema, line).level === 'error');
  return [...new Set([...ofStash, ...world.complaints(), ...ofPlexSync])];
}
