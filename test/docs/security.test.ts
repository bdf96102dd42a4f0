// docs/security.md tells of every file that PlexSync leaves on the disk, and of what secrets there are.
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { dataDirectory } from '../../src/store/file/dataDirectory.ts';
import { root, rowsOf, sectionOf, textOf } from './support.ts';

const page = textOf('docs/security.md');

it('the page about security names every file of the data directory', () => {
  const { path: _, ...files } = dataDirectory('');
  const scripts = globSync('plugin/*', { cwd: root }).map(textOf).join('\n');
  const ofLauncher = [...scripts.matchAll(/"\$data\/([a-z][a-z.-]*[a-z])"/g)].map(
    ([, name = '']) => name,
  );
  const there = new Set([...Object.values(files).map((file) => basename(file)), ...ofLauncher]);
  // An old one stays only for the moment in which the new one takes its place.
  there.delete('runtime.old');
  expect([...there].filter((name) => !page.includes(name))).toEqual([]);
});

it('the page about security says of each place what it holds, how long, and who reads it', () => {
  const places = rowsOf(sectionOf(page, 'Where they are'), /./).slice(1);
  for (const cells of places) {
    expect([cells[0], cells.length, cells.includes('')]).toEqual([cells[0], 4, false]);
  }
});
