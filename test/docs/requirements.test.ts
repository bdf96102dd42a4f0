// The state of each requirement is said in two places: both must say the same, of all of them, and
// nothing that no test stands for.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codeIn, root, rowsOf, textOf } from './support.ts';

const idPattern = /^1\.[0245] [A-Z]+-\d\d$/;
const count = 72;

const shared =
  process.env['PLEXSYNC_SHARED'] ?? fileURLToPath(new URL('../../../shared/', import.meta.url));
const listPath = join(shared, 'requirements.md');
const hasList = existsSync(listPath);
if (!hasList) console.warn('SKIPPED: the list of requirements is not beside this checkout');

interface Requirement {
  readonly id: string;
  readonly state: string;
  /** After the colon of "partly: …". */
  readonly missing: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

const documented = rowsOf(textOf('docs/requirements.md'), idPattern).map(
  ([id = '', , said = '', code = '', tests = '']): Requirement => {
    const [state = '', ...missing] = said.split(': ');
    return { id, state, missing: missing.join(': '), files: codeIn(code), tests: codeIn(tests) };
  },
);
const inReadme = rowsOf(textOf('README.md'), idPattern).map(([id = '', , state = '']) => ({
  id,
  state,
}));

/** The text of each test file, without whole-line comments: an id there names no test. */
const testFiles: ReadonlyMap<string, string> = new Map(
  globSync('test/**/*.test.ts', { cwd: root })
    .filter((path) => !path.startsWith(join('test', 'docs')))
    .map((path) => [path, textOf(path).replace(/^\s*\/\/.*$/gm, '')]),
);

/** Ids in the titles of tests: what stands first in the brackets of `it(…)`, `describe.each(…)(…)`. */
function idsInTitles(text: string): ReadonlySet<string> {
  const titles = [...text.matchAll(/\(\s*(['"`])((?:(?!\1)[^\n])*)\1/g)].map((found) => found[2]);
  return new Set(titles.flatMap((title = '') => title.match(/\b1\.[0245] [A-Z]+-\d\d\b/g) ?? []));
}

describe('the table of requirements', () => {
  it('has each id once, and the README has the same ids in the same state', () => {
    const ids = documented.map(({ id }) => id);
    expect(ids).toHaveLength(count);
    expect(new Set(ids).size).toBe(count);
    expect(inReadme).toEqual(documented.map(({ id, state }) => ({ id, state })));
  });

  it.skipIf(!hasList)(
    'has exactly the ids of the list of requirements (skipped where that is not beside this checkout)',
    () => {
      const wanted = rowsOf(readFileSync(listPath, 'utf8'), idPattern).map(([id = '']) => id);
      expect(wanted).toHaveLength(count);
      expect(documented.map(({ id }) => id).toSorted()).toEqual(wanted.toSorted());
    },
  );

  it('knows three states, and says what is missing where something is', () => {
    for (const { id, state, missing } of documented) {
      expect(['done', 'partly', 'not yet'], id).toContain(state);
      expect([id, missing !== '']).toEqual([id, state === 'partly']);
    }
  });

  it('names files that exist, and some for all that is done or begun', () => {
    for (const { id, state, files, tests } of documented) {
      const absent = [...files, ...tests].filter((path) => !existsSync(join(root, path)));
      expect([id, absent]).toEqual([id, []]);
      expect([id, files.length > 0]).toEqual([id, state !== 'not yet']);
    }
  });

  it('says "done" only where a test that it names has the id in its title', () => {
    for (const { id, tests } of documented.filter(({ state }) => state === 'done')) {
      const named = tests.filter((path) => idsInTitles(testFiles.get(path) ?? '').has(id));
      expect(named, `${id} is in the title of a test`).not.toEqual([]);
    }
  });

  it('says "not yet" of nothing that a test is named after, and every id in a title is one', () => {
    const begun = new Set(
      documented.filter(({ state }) => state !== 'not yet').map(({ id }) => id),
    );
    for (const [path, text] of testFiles) {
      const strangers = [...idsInTitles(text)].filter((id) => !begun.has(id));
      expect([path, strangers]).toEqual([path, []]);
    }
  });

  it('is read as it is meant: ids in titles, not in comments or texts', () => {
    const titled = [
      "it('[1.0 RTRY-01] waits', () => {});",
      "describe.each([1, 2])(\n  '[1.2 QUEUE-01] %s',",
      "test('it\\'s [1.5 RECV-01] \"done\" [1.4 GAP-02]', () => {",
    ];
    expect([...idsInTitles(titled.join('\n'))].toSorted()).toEqual(['1.0 RTRY-01', '1.2 QUEUE-01']);
    expect([...idsInTitles("const text = '1.0 RTRY-02';")]).toEqual([]);
  });
});
