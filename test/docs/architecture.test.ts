// docs/architecture.md is the picture of the house: each room, table, exit code and dependency is
// in it, and it shows none that is not there.
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../../src/store/file/dataDirectory.ts';
import { migrations } from '../../src/store/file/migrations.ts';
import { exitCodes } from '../../src/sync/worker.ts';
import { codeIn, root, rowsOf, sectionOf, textOf } from './support.ts';

const page = textOf('docs/architecture.md');
/** Areas so large that they have rooms of their own. */
const withRooms = ['domain', 'store', 'sync'];
const linter = v.parse(
  v.object({
    overrides: v.array(
      v.object({
        files: v.array(v.string()),
        rules: v.object({
          'no-restricted-imports': v.optional(
            v.tuple([
              v.literal('error'),
              v.object({ patterns: v.array(v.object({ group: v.array(v.string()) })) }),
            ]),
          ),
        }),
      }),
    ),
  }),
  JSON.parse(textOf('.oxlintrc.json')),
);
/** What lies in the data directory and has a name like a table's. */
const files = ['supervisor', 'progress', 'takeover'];
/** The code in the first cells of a section's tables. */
const namedIn = (heading: string): readonly string[] =>
  rowsOf(sectionOf(page, heading), /`/).flatMap(([first = '']) => codeIn(first));

describe('the architecture', () => {
  it('has a line for each room, and for none that is not there', () => {
    const patterns = ['src/*/', 'simulators/*/', `src/{${withRooms.join(',')},page}/*/`];
    const rooms = globSync(patterns, { cwd: root });
    const written = namedIn('Rooms');
    expect(written).toEqual(expect.arrayContaining(rooms.map(asFolder)));
    expect(written.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it.each(withRooms)(
    'has the rooms of %s in the order in which the linter lets them import',
    (area) => {
      const ordered = namedIn('Rooms').flatMap((path) => {
        const [, name] = new RegExp(`^src/${area}/(\\w+)/$`).exec(path) ?? [];
        return name === undefined ? [] : [name];
      });
      const forbidden = (room: string): readonly string[] =>
        linter.overrides
          .filter(({ files }) => files.includes(`src/${area}/${room}/**`))
          .flatMap(({ rules }) => rules['no-restricted-imports']?.[1].patterns ?? [])
          .flatMap(({ group }) => group)
          .flatMap((pattern) => /^\.\.\/(\w+)\/\*\*$/.exec(pattern)?.[1] ?? []);
      for (const [index, room] of ordered.entries()) {
        expect(forbidden(room), room).toEqual(ordered.slice(index + 1));
      }
    },
  );

  it('has a line for each file of the launcher', () => {
    const files = globSync('plugin/*', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
    expect(namedIn('The launcher').toSorted()).toEqual(files.toSorted());
  });

  it('has a line for each exit code of the worker', () => {
    const codes = rowsOf(sectionOf(page, 'The launcher'), /^\d+$/).map(([code]) => Number(code));
    expect(codes).toEqual(Object.values(exitCodes));
  });

  it('has a line for each table of the data file', () => {
    const tables = new Set<string>();
    for (const [, verb, name = ''] of migrations
      .join('\n')
      .matchAll(/^(CREATE|DROP) TABLE (\w+)/gm)) {
      if (verb === 'CREATE') tables.add(name);
      else tables.delete(name);
    }
    // Those of the section's second table: the first one is of files.
    const documented = rowsOf(sectionOf(page, 'Data'), /^`\w+`(, `\w+`)*$/)
      .flatMap(([first = '']) => codeIn(first))
      .filter((name) => !files.includes(name));
    expect(documented.toSorted()).toEqual([...tables].toSorted());
  });

  it('has a line for what lies in the data directory', () => {
    const { path: _, spool, ...files } = dataDirectory('');
    const names = [`${spool}/`, ...Object.values(files)];
    expect(namedIn('Data')).toEqual(expect.arrayContaining(names));
  });

  it('gives a reason for each dependency', () => {
    const wanted = v.parse(
      v.object({
        dependencies: v.optional(v.record(v.string(), v.string()), {}),
        devDependencies: v.record(v.string(), v.string()),
        optionalDependencies: v.record(v.string(), v.string()),
      }),
      JSON.parse(textOf('package.json')),
    );
    const names = Object.values(wanted).flatMap((group) => Object.keys(group));
    expect(namedIn('Dependencies').toSorted()).toEqual(names.toSorted());
  });
});

function asFolder(path: string): string {
  return `${path.replaceAll('\\', '/').replace(/\/$/, '')}/`;
}
