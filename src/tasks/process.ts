// "Process queue". From Stash's task list it drains in the foreground, with the progress bar; asked by
// the page or a terminal it only says that nothing shall wait any longer, and the worker does it.
import { type ProcessAnswer, processArguments, type ProcessArguments } from '../contract/sync.ts';
import { checkTaskSlice } from '../contract/taskSettings.ts';
import { backlog, hurry } from '../store/figures/backlog.ts';
import { isPaused } from '../store/queue/control.ts';
import type { Database } from '../store/file/database.ts';
import { transaction } from '../store/file/sql.ts';
import * as state from '../store/file/state.ts';
import { readState, writeState } from '../store/file/state.ts';
import { openStashLink } from '../sync/servers/stashLink.ts';
import type { StashClient } from '../stash/client.ts';
import { PlexSyncError } from '../contract/errors.ts';
import type { TaskContext } from './context.ts';
import { drainInForeground } from './foreground.ts';
import type { Operation } from './operation.ts';
import { openSlice, pluginId } from './slice.ts';

export const processQueue: Operation<ProcessArguments, ProcessAnswer> = {
  arguments: processArguments,
  perform: async (context, { continued, done }) => {
    if (context.caller === 'task')
      return await processHere(context, 'Process queue', continued, done);
    const { db, say, now } = context;
    const hurried = withoutDelay(db, now);
    const waiting = stillWaiting(db);
    const sentence = isPaused(db) ? whilePaused(waiting) : hurriedSentence(waiting, hurried);
    say(sentence);
    return { sentence, waiting };
  },
};

/** Drains in the foreground, and says at the end what was done. @param title the task's */
export async function processHere(
  context: TaskContext,
  title: string,
  continued = false,
  done = 0,
): Promise<ProcessAnswer> {
  const { db, clock, log, say } = context;
  // A continuation is no new word of a person: what has failed since waits for its time.
  if (!continued) withoutDelay(db, clock.now());
  const link = openStashLink(db, clock, log);
  const stash = async (): Promise<StashClient> => {
    const connection = readState(db, state.connection);
    if (connection !== null) return await link.client(connection);
    throw new PlexSyncError('stash-unreachable', 'Nobody has told where Stash is.');
  };
  try {
    const slice = openSlice({ clock, stash, lengthMs: await sliceMs(stash) });
    const sentence = `${title}: ${await drainInForeground(context, { slice, done, ...patience() })}`;
    say(sentence);
    return { sentence, waiting: stillWaiting(db) };
  } finally {
    await link.close();
  }
}

/** The setting as it is; one that is wrong, or cannot be read, is told by the worker. */
async function sliceMs(stash: () => Promise<StashClient>): Promise<number> {
  const forTests = Number(process.env['PLEXSYNC_SLICE_MS'] ?? '');
  if (forTests > 0) return forTests;
  try {
    return checkTaskSlice(await (await stash()).settings(pluginId), () => {});
  } catch {
    return checkTaskSlice({}, () => {});
  }
}

function patience(): { readonly patienceMs?: number } {
  const forTests = Number(process.env['PLEXSYNC_PATIENCE_MS'] ?? '');
  return forTests > 0 ? { patienceMs: forTests } : {};
}

/** What waits for its time is due, and a Plex that is away is tried. @returns how many waited */
function withoutDelay(db: Database, now: number): number {
  // In one: what the worker finds out meanwhile must not be undone.
  return transaction(db, () => {
    const circuit = readState(db, state.circuit);
    if (circuit?.kind === 'open') writeState(db, state.circuit, { ...circuit, probeAt: now });
    if (circuit?.kind === 'refused') writeState(db, state.circuit, { ...circuit, retryAt: now });
    return hurry(db, now);
  });
}

function stillWaiting(db: Database): number {
  const { rows, extras } = backlog(db);
  return rows + extras;
}

function whilePaused(waiting: number): string {
  const changes = waiting === 1 ? '1 change waits' : `${waiting} changes wait`;
  return `PlexSync is paused: nothing is pushed until it is resumed. ${changes}.`;
}

function hurriedSentence(waiting: number, hurried: number): string {
  if (waiting === 0) return 'Nothing waits.';
  const changes = waiting === 1 ? '1 change is' : `${waiting} changes are`;
  const those = hurried === 0 ? '' : `; ${hurried} of them waited for a later time`;
  return `${changes} being processed now${those}.`;
}
