// docs/commands.md and `--help` say the same: every command with its words, every option, every note,
// what holds for all of them, and `watch`.
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { commandHelp, generalHelp } from '../../src/cli/help.ts';
import { watchUsage } from '../../src/cli/watch.ts';
import { rowsOf, sectionOf, textOf } from './support.ts';

const page = textOf('docs/commands.md');
const bare = (cell: string): string => cell.replaceAll('`', '');
const sorted = (rows: readonly (readonly string[])[]): readonly string[] =>
  rows.map((row) => row.map(bare).join(' | ')).toSorted();

describe('the page about the command line', () => {
  it('has each command, called and described as --help does it, and no other', () => {
    const wanted = commands.map(({ name, operands, does }) => [
      ['plexsync', name, ...operands.map((operand) => `<${operand}>`)].join(' '),
      does,
    ]);
    expect(sorted(rowsOf(page, /^`plexsync /))).toEqual(sorted(wanted));
    const help = generalHelp('0.0.0');
    for (const { name, does } of commands) {
      expect(help).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
      expect(help).toContain(does);
    }
  });

  it('has each option of each command in the words of --help, and no other', () => {
    const wanted = commands.flatMap(({ name, options }) =>
      Object.entries(options).map(([option, { value, does }]) => [
        name,
        value === null ? `--${option}` : `--${option} <${value}>`,
        does,
      ]),
    );
    const names = commands.map(({ name }) => name).join('|');
    expect(sorted(rowsOf(page, new RegExp(`^\`(${names})\`$`)))).toEqual(sorted(wanted));
  });

  it('has the notes of each command', () => {
    const notes = new Map(
      [...page.matchAll(/^- `([\w-]+)`: (.+(?:\n {2}.+)*)/gm)].map(([, name = '', text = '']) => [
        name,
        text.replace(/\s+/g, ' '),
      ]),
    );
    const wanted = commands.filter(({ more }) => more.length > 0);
    expect(notes).toEqual(new Map(wanted.map(({ name, more }) => [name, more.join(' ')])));
  });

  it('has the options of every command and the exit codes', () => {
    const [first] = commands;
    if (first === undefined) throw new Error('there is no command');
    const help = commandHelp(first).replace(/\s+/g, ' ');
    const rows = rowsOf(sectionOf(page, 'How it is called'), /^`--/);
    expect(rows.map(([option = '']) => bare(option))).toEqual([
      '--data <directory>',
      '--json',
      '--help',
    ]);
    for (const [option = '', means = ''] of rows)
      expect(help).toContain(`${bare(option)} ${means}`);
    const codes = rowsOf(page, /^\d$/).map(([code, means]) => `${code} ${means}`);
    expect(generalHelp('0.0.0')).toContain(`Exit codes: ${codes.join(', ')}.`);
  });

  it('has the options of watch', () => {
    const usage = [...watchUsage.matchAll(/^(--\w+) +(.+)$/gm)].map(([, option, means]) => [
      option ?? '',
      means ?? '',
    ]);
    expect(sorted(rowsOf(sectionOf(page, 'Beside Stash'), /^`--/))).toEqual(sorted(usage));
  });
});
