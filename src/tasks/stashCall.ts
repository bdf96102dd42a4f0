// Runs a task or an operation that Stash asked for: envelope on stdin, log lines on stderr, one
// JSON document on stdout.
import { dirname, join } from 'node:path';
import { toPlexSyncError } from '../contract/errors.ts';
import type { TellingLevel } from '../domain/words/telling.ts';
import { type Envelope, readEnvelope } from '../stash/envelope.ts';
import { answer, noLines, openStashLog, type StashLog } from '../stash/protocol.ts';
import { noticeStash } from '../store/run/catchUp.ts';
import { type DataDirectory, makeDataDirectory } from '../store/file/dataDirectory.ts';
import type { Database } from '../store/file/database.ts';
import * as state from '../store/file/state.ts';
import { readState, writeState } from '../store/file/state.ts';
import { systemClock } from '../sync/base/clock.ts';
import { openData } from '../sync/dataLoss.ts';
import { takeIn } from '../sync/intake/intake.ts';
import { type Log, openLog } from '../sync/base/log.ts';
import { callerOf } from '../sync/process/stashLife.ts';
import { wake } from '../sync/process/wake.ts';
import { findTask } from './dispatch.ts';

export interface StashCall {
  /** Task name given by the manifest; null for an operation, whose name stands in its arguments. */
  readonly task: string | null;
  readonly version: string;
  /** File of the running program, beside launch.sh. */
  readonly programPath: string;
}

/** @returns the exit code. The answer was written, whatever happened. */
export async function runStashCall(call: StashCall): Promise<number> {
  const log = openStashLog(process.stderr);
  try {
    const envelope = await readEnvelope(process.stdin);
    const output = await perform(call, envelope, log);
    await answer(process.stdout, { output }, log.isQuiet() ? noLines : undefined);
    return 0;
  } catch (error) {
    const failure = toPlexSyncError(error);
    log.error(failure.message);
    await answer(process.stdout, { error: failure.message });
    return 1;
  }
}

async function perform(call: StashCall, envelope: Envelope, stashLog: StashLog): Promise<unknown> {
  const name = call.task ?? envelope.args['name'];
  const task = await findTask(name);
  const path = join(envelope.server.dir, 'plex-sync');
  const now = systemClock.now();
  let directory: DataDirectory;
  let log: Log;
  let db: Database;
  try {
    directory = makeDataDirectory(path);
    log = openLog(directory.log, systemClock);
    db = openData(directory, log, now);
  } catch (error) {
    if (name !== 'health') throw error;
    const { healthWithoutStore } = await import('./health/health.ts');
    return healthWithoutStore(path, toPlexSyncError(error));
  }
  try {
    const { scheme, host, port, cookie, pluginDir } = envelope.server;
    const known = readState(db, state.connection);
    const apiKey = known?.apiKey ?? null;
    writeState(db, state.connection, {
      scheme,
      host,
      port,
      cookie: cookie ?? known?.cookie ?? null,
      apiKey,
      pluginDir,
    });
    const { pid, start } = callerOf(process.ppid);
    noticeStash(db, { pid, start: startOf(start) }, now);
    takeIn(db, directory, log, now);
    const { task: taskName, version, programPath } = call;
    const about = {
      version,
      programPath,
      caller: taskName === null ? 'operation' : 'task',
    } as const;
    const shown = {
      say: (line: string, level: TellingLevel = 'info') =>
        stashLog[level === 'warn' ? 'warning' : level](line),
      progress: (share: number) => stashLog.progress(share),
    };
    const context = { db, directory, clock: systemClock, now, log, ...shown, ...about };
    const { name: _, ...args } = envelope.args;
    const output = await task(context, args);
    // Somebody reads the log just now.
    if (taskName !== null) await (await import('./tell.ts')).tellWaiting(context);
    return output;
  } finally {
    db.close();
    // Refused or failed as well: what was taken out of the spool is not found there by a supervisor
    // that is about to leave.
    wake(dirname(call.programPath), directory.path);
  }
}

/** As the launcher writes it into the names of the spool: 0 where it cannot be told. */
function startOf(start: string): number {
  return /^\d{1,15}$/.test(start) ? Number(start) : 0;
}
