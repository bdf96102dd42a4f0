// docs/tasks.md has every task of the manifest in Stash's words, and no other.
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { parse } from 'yaml';
import { rowsOf, sectionOf, textOf } from './support.ts';

const manifest = v.parse(
  v.object({ tasks: v.array(v.object({ name: v.string(), description: v.string() })) }),
  parse(textOf('plugin/plex-sync.yml')),
);
const page = textOf('docs/tasks.md');
const link = /^\[(.+)\]\(#(.+)\)$/;

describe('the page about tasks', () => {
  const rows = rowsOf(page, link).map(([cell = '', words]) => {
    const [, name = '', anchor = ''] = link.exec(cell) ?? [];
    return { name, anchor, words };
  });

  it('has a line for each task, in what Stash says of it', () => {
    expect(rows.map(({ name, words }) => ({ name, description: words }))).toEqual(manifest.tasks);
  });

  it('has a section for each, which says more than that', () => {
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
    const tasks = rows.map(({ name }) => name.replace(/ \(.+\)$/, ''));
    expect(headings).toEqual(['What holds for all of them', ...new Set(tasks)]);
    for (const name of tasks) expect(sectionOf(page, name).length).toBeGreaterThan(150);
  });

  it('is named where another page sends somebody to a task', () => {
    const names = manifest.tasks.map(({ name }) => name);
    for (const path of [
      'README.md',
      'docs/setup.md',
      'docs/troubleshooting.md',
      'docs/outages.md',
    ]) {
      const told = [...textOf(path).matchAll(/\btasks? \*([^*]+)\*/g)].map(([, name = '']) =>
        name.replace(/\s+/g, ' '),
      );
      expect([path, told.filter((name) => !names.includes(name))]).toEqual([path, []]);
    }
  });
});
