// "Support": all that a report of a fault needs, in one text, without what is nobody's business.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { noArguments } from '../contract/arguments.ts';
import { toPlexSyncError } from '../contract/errors.ts';
import type { SupportAnswer } from '../contract/support.ts';
import { type Discreet, openDiscreet } from '../domain/words/discreet.ts';
import { crashOf } from '../domain/words/discreetCrash.ts';
import { discreetSetting } from '../domain/words/discreetSetting.ts';
import { openStashClient, type StashClient } from '../stash/client.ts';
import { deadLetters } from '../store/queue/deadLetter.ts';
import type { Database } from '../store/file/database.ts';
import * as state from '../store/file/state.ts';
import { readState } from '../store/file/state.ts';
import { typedSettings } from '../sync/servers/typedSettings.ts';
import { readStatus } from '../sync/tell/status.ts';
import type { TaskContext } from './context.ts';
import { knownHere } from './knownHere.ts';
import type { Operation } from './operation.ts';
import { supportText } from './supportText.ts';

const most = { deadLetters: 20, logLines: 30, supervisorLines: 10, logBytes: 512 * 1024 } as const;

/** Of these events no message names a scene or a tag. */
const tellable: readonly string[] = [
  'circuit',
  'clock',
  'outage-file',
  'reconcile',
  'setting',
  'stash-away',
  'store',
  'survey',
  'sweep',
  'takeover',
  'worker',
];

export const support: Operation<object, SupportAnswer> = {
  arguments: noArguments,
  perform: async (context) => {
    const { db, directory, version, now, say, caller } = context;
    const { plexUrl, ...settings } = await readSettings(db);
    const discreet = openDiscreet(knownHere(context, plexUrl));
    const gathered = {
      machine: machineOf(context),
      ...settings,
      status: discreet.all(readStatus(db, directory, version, now)),
      deadLetters: deadLetters(db, most.deadLetters).map((letter) => ({
        code: letter.errorCode,
        field: letter.field,
        attempts: letter.attempts,
        at: letter.lastErrorAt,
      })),
      log: lastComplaints(directory.log, discreet),
      supervisor: linesOf(join(directory.path, 'supervisor.log'))
        .slice(-most.supervisorLines)
        .map(discreet.text),
    };
    const text = supportText(gathered);
    if (caller === 'task') for (const line of text.split('\n')) say(line);
    const sentence =
      'Copy the text into your report. Tokens, addresses, paths and titles were taken out, as far as PlexSync can tell them: look it over.';
    return { sentence, text, ...gathered };
  },
};

function machineOf({ directory }: TaskContext): SupportAnswer['machine'] {
  return {
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    fetchedNode: process.execPath.startsWith(join(directory.path, 'runtime')),
    // Docker and Podman leave these files in every container.
    container: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
  };
}

async function readSettings(
  db: Database,
): Promise<Pick<SupportAnswer, 'settings' | 'settingsError'> & { readonly plexUrl: string }> {
  const known = readState(db, state.connection);
  if (known === null) return { settings: null, settingsError: 'stash-unreachable', plexUrl: '' };
  const { pluginDir: _, ...connection } = known;
  let client: StashClient | null = null;
  try {
    client = openStashClient(connection);
    const typed = await typedSettings(db, client);
    const raw = Object.entries(typed).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const settings = Object.fromEntries(
      raw
        // A name that is none of PlexSync's may be anything.
        .filter(([name]) => /^[a-zA-Z]{1,40}$/.test(name))
        .map(([name, value]) => [name, discreetSetting(name, value)]),
    );
    const plexUrl = typeof typed['plexUrl'] === 'string' ? typed['plexUrl'] : '';
    return { settings, settingsError: null, plexUrl };
  } catch (error) {
    return { settings: null, settingsError: toPlexSyncError(error).code, plexUrl: '' };
  } finally {
    await client?.close();
  }
}

const entrySchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    at: v.string(),
    level: v.string(),
    event: v.string(),
    message: v.string(),
    code: v.optional(v.string()),
  }),
);

function lastComplaints(path: string, discreet: Discreet): SupportAnswer['log'] {
  return linesOf(path)
    .flatMap((line) => {
      const parsed = v.safeParse(entrySchema, line);
      if (!parsed.success || !['warn', 'error'].includes(parsed.output.level)) return [];
      const { at, level, event, message, code = null } = parsed.output;
      const words = event === 'worker' ? crashOf(message) : discreet.text(message);
      const said = tellable.includes(event) ? words : null;
      return [{ at, level, event, code, message: said }];
    })
    .slice(-most.logLines);
}

/** Of the end of a file; none if it cannot be read. */
function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path)
      .subarray(-most.logBytes)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}
