// The page about operations names what there is: no more, no less.
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { taskNames } from '../../src/tasks/dispatch.ts';
import { codeIn, rowsOf, textOf } from './support.ts';

const page = textOf('docs/operations.md');
const rows = rowsOf(page, /^`[\w-]+`$/);

describe('the page about operations', () => {
  it('has a line for each operation', () => {
    const named = rows.map(([name = '']) => codeIn(name)[0] ?? '');
    expect(named.toSorted()).toEqual([...taskNames].toSorted());
  });

  it('has every command of the command line', () => {
    const shown = rows.flatMap((cells) => codeIn(cells.at(-1) ?? ''));
    const wanted = commands.map(({ name }) => `plexsync ${name}`);
    expect(shown.toSorted()).toEqual(wanted.toSorted());
  });
});
