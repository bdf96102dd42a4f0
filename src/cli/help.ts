// What `--help` says, made from the table of commands.
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { columns } from './text.ts';

const commonOptions: readonly (readonly [string, string])[] = [
  ['--data <directory>', 'the folder plex-sync beside Stash’s config.yml; or the variable'],
  ['', 'PLEXSYNC_DATA; else it is looked for around the plugin’s folder'],
  ['--json', 'the answer as one JSON document'],
  ['--help', 'this; after a command, about that command'],
];

/** How it is called, in one line. */
export function headOf({ name, operands, options }: Command): string {
  const own = Object.entries(options).map(([option, { value }]) => ` [${shown(option, value)}]`);
  return `plexsync ${[name, ...operands.map((operand) => `<${operand}>`)].join(' ')}${own.join('')} [--data <directory>] [--json]`;
}

function shown(option: string, value: string | null): string {
  return value === null ? `--${option}` : `--${option} <${value}>`;
}

export function generalHelp(version: string): string {
  const all = commands.map(({ name, operands, does }): readonly [string, string] => [
    [name, ...operands.map((operand) => `<${operand}>`)].join(' '),
    does,
  ]);
  return page([
    `PlexSync ${version}`,
    '',
    'plexsync <command> [options], as the user that Stash runs as',
    '',
    ...described([...all, ...commonOptions]).toSpliced(
      all.length,
      0,
      '',
      'With every command:',
      '',
    ),
    '',
    'Beside Stash, in place of the plugin: watch (plexsync watch --help).',
    'Exit codes: 0 answered, 1 failed, 2 called wrongly.',
    'Stash and its helpers call: task <name>, operation, worker <data directory>.',
  ]);
}

export function commandHelp(command: Command): string {
  const own = Object.entries(command.options).map(([option, { value, does }]) => {
    return [shown(option, value), does] as const;
  });
  const does = `${command.does[0]?.toUpperCase() ?? ''}${command.does.slice(1)}.`;
  return page([
    headOf(command),
    '',
    does,
    ...command.more,
    '',
    ...described([...own, ...commonOptions]),
  ]);
}

function described(rows: readonly (readonly [string, string])[]): readonly string[] {
  return columns(rows.map((row) => ['', ...row]));
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
