// Lists that name what there is: the tabs of the page, the measurements.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shellTexts } from '../../src/page/texts/shell.ts';
import { codeIn, root, rowsOf, textOf } from './support.ts';

it('the page about the page has each tab, and no other', () => {
  const tabs = rowsOf(textOf('docs/page.md'), /^\[?[A-Z]/).map(([cell = '']) =>
    cell.replace(/^\[(.+)\]\(.+\)$/, '$1'),
  );
  const { overview, queue, problems, coverage, outages, history, setup } = shellTexts;
  expect(tabs).toEqual([overview, queue, problems, coverage, outages, history, setup]);
});

it('the page about measurements has each benchmark, and no other', () => {
  const { stdout } = spawnSync(process.execPath, [join(root, 'bench', 'main.ts'), '--help'], {
    encoding: 'utf8',
  });
  const [usage = ''] = stdout.split('\n\n');
  const there = usage
    .replace(/^.*?-- /, '')
    .split('|')
    .map((name) => name.trim())
    .filter((name) => name !== 'all');
  const told = rowsOf(textOf('docs/measurements.md'), /npm run bench/).map(([cell = '']) =>
    (codeIn(cell)[0] ?? '').replace(/^.*-- /, ''),
  );
  expect(told.toSorted()).toEqual(there.toSorted());
});
