// Runs what a person types: finds the command, its arguments and the data directory, and shows the
// answer as text or as JSON. Exit codes: 0 answered, 1 failed, 2 called wrongly.
import { dirname } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { PlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import { nearest } from '../contract/nearest.ts';
import type { Command, Outcome } from './command.ts';
import type { DataDirectory } from '../store/file/dataDirectory.ts';
import type { Database } from '../store/file/database.ts';
import type { Log } from '../sync/base/log.ts';
import { commands } from './commands.ts';
import { commandHelp, generalHelp, headOf } from './help.ts';
import { plain, screenOf } from './text.ts';

export interface Program {
  readonly version: string;
  /** File of the running program, beside launch.sh. */
  readonly programPath: string;
}

/** Options of every command. */
const common = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function runCommandLine(args: readonly string[], program: Program): Promise<number> {
  // Whoever reads has seen enough, as `head` does: no error.
  process.stdout.on('error', () => {});
  try {
    return await run(args, program);
  } catch (error) {
    const { message } = toPlexSyncError(error);
    process.stderr.write(`${plain(message)}\n`);
    return error instanceof WrongCall ? 2 : 1;
  }
}

/** The person called it in a way that cannot be meant. */
class WrongCall extends PlexSyncError {
  constructor(message: string) {
    super('bad-arguments', message);
  }
}

async function run(args: readonly string[], program: Program): Promise<number> {
  const { name, helpOnly } = look(args);
  const command = commands.find((known) => known.name === name);
  if (command === undefined) {
    if (name !== undefined) throw unknownCommand(name);
    // Called with nothing it is asked what it is, which no script must take for an answer.
    (helpOnly ? process.stdout : process.stderr).write(generalHelp(program.version));
    return helpOnly ? 0 : 2;
  }
  if (helpOnly) {
    process.stdout.write(commandHelp(command));
    return 0;
  }
  const call = read(command, args);
  const loaded = await command.load();
  const perform = prepared(command, () => loaded.prepare(call.given));
  const outcome = await within(call.data, program, command, perform);
  const lines = call.json
    ? [jsonOf(outcome.answer)]
    : outcome.text(screenOf(process.stdout.columns, process.env['COLUMNS']));
  process.stdout.write(`${lines.join('\n')}\n`);
  return outcome.code ?? 0;
}

/** What is asked for, before it is known which options there are. `help <command>` helps too. */
function look(args: readonly string[]): {
  readonly name: string | undefined;
  readonly helpOnly: boolean;
} {
  const options = { ...common, ...ownOptions(commands) };
  const { values, positionals } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
  });
  const asked = positionals[0] === 'help';
  return { name: positionals[asked ? 1 : 0], helpOnly: asked || values.help === true };
}

interface Call {
  readonly given: Readonly<Record<string, unknown>>;
  readonly data: string | undefined;
  readonly json: boolean;
}

function read(command: Command, args: readonly string[]): Call {
  const { values, positionals } = parsed(command, args);
  const [, ...operands] = positionals;
  const { data, json, help: _, ...options } = values;
  // As it was called before it had options: `status <data directory>`.
  const old =
    command.name === 'status' && data === undefined ? operands.splice(0, 1)[0] : undefined;
  if (operands.length !== command.operands.length) throw wrongCall(command);
  const named = command.operands.map((name, at) => [name, operands[at]] as const);
  return {
    given: { ...inCamelCase(options), ...Object.fromEntries(named) },
    data: typeof data === 'string' ? data : old,
    json: json === true,
  };
}

/** `--without-missing` is the argument `withoutMissing`. */
function inCamelCase(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const camel = (name: string): string =>
    name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [camel(name), value]));
}

function parsed(
  command: Command,
  args: readonly string[],
): {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
} {
  const options = { ...common, ...ownOptions([command]) };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Its second sentence is about `--`, which helps with nothing here.
    const [problem = ''] = toPlexSyncError(error).message.split('. ');
    throw wrongCall(command, `${problem.replace(/\.$/, '')}. `);
  }
}

function ownOptions(some: readonly Command[]): NonNullable<ParseArgsConfig['options']> {
  const all = some.flatMap(({ options }) => Object.entries(options));
  return Object.fromEntries(
    all.map(([name, { value }]) => [name, { type: value === null ? 'boolean' : 'string' }]),
  );
}

function prepared<T>(command: Command, prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    throw wrongCall(command, `${toPlexSyncError(error).message} `);
  }
}

function wrongCall(command: Command, problem = ''): WrongCall {
  return new WrongCall(`${problem}It is called: ${headOf(command)}`);
}

function unknownCommand(name: string): WrongCall {
  const close = nearest(
    name,
    commands.map((command) => command.name),
  );
  const meant = close === null ? '' : ` Did you mean "${close}"?`;
  return new WrongCall(`There is no command "${name}".${meant} plexsync --help lists all.`);
}

/** Opens the data directory, does it, and wakes the worker if that has something to do now. */
async function within(
  given: string | undefined,
  { version, programPath }: Program,
  command: Command,
  perform: ReturnType<Awaited<ReturnType<Command['load']>>['prepare']>,
): Promise<Outcome> {
  const { findData } = await import('./findData.ts');
  const path = findData(given, process.env['PLEXSYNC_DATA'], dirname(programPath));
  const { makeDataDirectory } = await import('../store/file/dataDirectory.ts');
  const { openData } = await import('../sync/dataLoss.ts');
  const { systemClock } = await import('../sync/base/clock.ts');
  const { takeIn } = await import('../sync/intake/intake.ts');
  const { openLog } = await import('../sync/base/log.ts');
  const now = systemClock.now();
  let directory: DataDirectory;
  let db: Database;
  let log: Log;
  try {
    directory = makeDataDirectory(path);
    log = openLog(directory.log, systemClock);
    db = openData(directory, log, now);
  } catch (error) {
    if (command.withoutStore === undefined) throw error;
    return await command.withoutStore(path, toPlexSyncError(error));
  }
  // What was taken out of the spool is not found there by a supervisor that is about to leave.
  let wakes = true;
  try {
    const taken = takeIn(db, directory, log, now);
    wakes = taken.events > 0;
    // The answer is shown as a whole.
    const quiet = { say: () => {}, progress: () => {} };
    const about = { version, programPath, caller: 'terminal', clock: systemClock } as const;
    const outcome = await perform({ db, directory, now, log, ...about, ...quiet });
    const { settingsFileOf } = await import('../sync/servers/typedSettings.ts');
    // `watch` sees it by itself; the plugin's worker would take the plugin for switched off.
    wakes = (wakes || command.changes) && settingsFileOf(db) === null;
    return outcome;
  } finally {
    db.close();
    if (wakes) {
      await wakeFor(directory, programPath);
    }
  }
}

/** Not by root for another user's Stash: supervisor and worker would be root's, and so what they make. */
async function wakeFor({ path }: DataDirectory, programPath: string): Promise<void> {
  const { isRootElsewhere } = await import('../store/file/privateFile.ts');
  if (isRootElsewhere(path)) {
    process.stderr.write(
      'This was called as root, and the data directory is another user’s: no worker is started. Stash’s next save, or a look at PlexSync’s page, starts it. Better call it as that user.\n',
    );
    return;
  }
  const { wake } = await import('../sync/process/wake.ts');
  wake(dirname(programPath), path);
}

/** A terminal may obey control characters above ASCII, which JSON allows as they are. */
function jsonOf(answer: unknown): string {
  return JSON.stringify(answer, null, 2).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
