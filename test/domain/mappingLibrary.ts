// Libraries for the search for path mappings, made by hand and at random, and what a test asks of
// the report on one.
import fc from 'fast-check';
import type { PathRule } from '../../src/contract/pathRules.ts';
import type { FileEvidence } from '../../src/domain/match/mapping/input.ts';
import type { MappingReport } from '../../src/domain/match/mapping/report.ts';
import { findMappings } from '../../src/domain/match/mappingSearch.ts';
import { pathKey, plexPathKey, stashPathKey } from '../../src/domain/match/pathMapping.ts';

export function some(
  count: number,
  file: (at: number) => readonly [string, string | null],
): FileEvidence[] {
  return Array.from({ length: count }, (_, at) => {
    const [stash, plex] = file(at);
    return { stash, plex };
  });
}

export const find = (
  files: readonly FileEvidence[],
  handRules: readonly PathRule[] = [],
): MappingReport => findMappings(() => files, handRules);
export const said = ({ rules }: MappingReport): string[] =>
  rules.map((rule) => `${rule.use}: ${rule.stash} => ${rule.plex}`).toSorted();
export const whys = ({ rules }: MappingReport): string[] => rules.map((rule) => rule.why);
export const filesUnexplained = ({ unexplained }: MappingReport): number =>
  unexplained.reduce((sum, { files }) => sum + files, 0);

/** What the mapping itself, which knows nothing of the search, says of the rules in use. */
export function tested(files: readonly FileEvidence[], rules: readonly PathRule[]) {
  let right = 0;
  let wrong = 0;
  for (const { stash, plex } of files) {
    if (plex === null) continue;
    const there = plexPathKey(stash, rules) === pathKey(plex);
    const back = stashPathKey(plex, rules) === pathKey(stash);
    const untouched = plexPathKey(stash, rules) === pathKey(stash);
    const backUntouched = stashPathKey(plex, rules) === pathKey(plex);
    if (there) right += 1;
    if ((!there && !untouched) || (!back && !backUntouched)) wrong += 1;
  }
  return { right, wrong };
}

const names = fc.constantFrom('a', 'b', 'c', 'Site', 'Été', 'x y');
const folder = fc.array(names, { minLength: 1, maxLength: 3 });

/** Folders of Stash's that each are a folder of their own in Plex, on systems of either kind. */
export const separateFolders = fc
  .record({
    plexWindows: fc.boolean(),
    stashWindows: fc.boolean(),
    /** Per mapping: a folder in Plex and subfolders of files. */
    mappings: fc.array(fc.tuple(folder, fc.array(folder, { minLength: 1, maxLength: 4 })), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(({ plexWindows, stashWindows, mappings }) => {
    const files = mappings.flatMap(([plexFolder, subfolders], at) =>
      subfolders.flatMap((sub, subAt) =>
        some(3, (file) => {
          const name = `${sub.join('/')}/${at}-${subAt}-${file}.mp4`;
          const stash = `${stashWindows ? 'D:' : ''}/data/s${at}/${name}`;
          const plex = `${plexWindows ? 'E:' : ''}/p${at}/${plexFolder.join('/')}/${name}`;
          return [
            stashWindows ? stash.replaceAll('/', '\\') : stash,
            plexWindows ? plex.replaceAll('/', '\\') : plex,
          ];
        }),
      ),
    );
    return { plexWindows, files };
  });

/** Files in folders that are merged and divided, and at most one rule set by hand. */
export const mergedFolders = fc
  .record({
    made: fc.array(
      fc.record({
        below: folder,
        stash: fc.constantFrom('/data', '/data/a', '/disk', '/m'),
        plex: fc.constantFrom('/m', '/m/a', '/n', '/data', null),
      }),
      { maxLength: 60 },
    ),
    handRules: fc.array(
      fc.record({
        stash: fc.constantFrom('/data', '/data/a', '/disk/b'),
        plex: fc.constantFrom('/m', '/n', '/m/a'),
      }),
      { maxLength: 1 },
    ),
  })
  .map(({ made, handRules }) => {
    const files = made.map(({ below, stash, plex }, at): FileEvidence => {
      const tail = `/${below.join('/')}/${at}.mp4`;
      return { stash: stash + tail, plex: plex === null ? null : plex + tail };
    });
    return { files, handRules };
  });

/** Mappings of some hundred files each, of which some per mill lie anywhere else. */
export const strayingFolders = fc
  .record({
    mappings: fc.array(
      fc.record({
        files: fc.integer({ min: 50, max: 400 }),
        strays: fc.integer({ min: 0, max: 30 }),
        subfolders: fc.integer({ min: 1, max: 12 }),
        plex: fc.constantFrom('/m', '/m/a', '/n'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    elsewhere: fc.constantFrom('/m', '/m/a/f1', '/copies', '/data/s0'),
  })
  .map(({ mappings, elsewhere }) =>
    mappings.flatMap(({ files, strays, subfolders, plex }, which) =>
      some(files, (at) => {
        const name = `${which}-${at}.mp4`;
        const below = `f${at % subfolders}/${name}`;
        const strayed = (at * 7_919) % 1_000 < strays;
        return [`/data/s${which}/${below}`, strayed ? `${elsewhere}/${name}` : `${plex}/${below}`];
      }),
    ),
  );
