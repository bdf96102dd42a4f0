// docs/architecture.md is the picture of the house: each room, table, exit code and dependency is
// in it, and it shows none that is not there.
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../../src/store/dataDirectory.ts';
import { migrations } from '../../src/store/migrations.ts';
import { exitCodes } from '../../src/sync/worker.ts';
import { codeIn, root, rowsOf, sectionOf, textOf } from './support.ts';

const page = textOf('docs/architecture.md');
/** What lies in the data directory and has a name like a table's. */
const files = ['supervisor', 'progress', 'takeover'];
/** The code in the first cells of a section's tables. */
const namedIn = (heading: string): readonly string[] =>
  rowsOf(sectionOf(page, heading), /`/).flatMap(([first = '']) => codeIn(first));

describe('the architecture', () => {
  it('has a line for each room, and for none that is not there', () => {
    const rooms = globSync(['src/*/', 'simulators/*/'], { cwd: root });
    const written = namedIn('Rooms');
    expect(written).toEqual(expect.arrayContaining(rooms.map(asFolder)));
    expect(written.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

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
