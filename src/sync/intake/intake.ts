// Takes the spool into the queue: one transaction on the disk, then the files go. Two takers may
// meet: an event taken twice raises a revision twice, which costs nothing.
import { readdirSync, readFileSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpoolEvent, parseSpoolName, type SpoolEvent } from '../../capture/event.ts';
import { noticeStash } from '../../store/run/catchUp.ts';
import { type DataDirectory, noWorkerMark } from '../../store/file/dataDirectory.ts';
import type { Database } from '../../store/file/database.ts';
import { queueKey, type QueueEvent, raise } from '../../store/queue/queue.ts';
import { assertSameFile } from '../../store/file/sameFile.ts';
import { durableTransaction } from '../../store/file/sql.ts';
import * as state from '../../store/file/state.ts';
import { readState, writeState } from '../../store/file/state.ts';
import type { Log } from '../base/log.ts';
import { noteMissed, takeMissed } from '../base/missed.ts';
import { processStart } from '../process/supervisorFile.ts';

export interface Taken {
  readonly events: number;
  /** Unix ms of the newest event, or null if there was none. */
  readonly newestAt: number | null;
}

const filesPerTransaction = 500;
/** A file without its final newline whose writer still lives is left alone this long. */
const tornPatienceMs = 10_000;
/** The launcher keeps 32 KB of an event. What is far larger is not its work, and not read at all. */
const largestFileBytes = 1024 * 1024;

class TooLargeError extends Error {
  readonly code = 'too large';
}

interface SpoolFile {
  readonly name: string;
  readonly at: number;
  readonly event: SpoolEvent;
}

/**
 * Files of the spool that could not be read, or not be removed after they were taken: none of them
 * may keep the others from being taken, or a worker from leaving. By name, with what is wrong.
 */
export type Stuck = Map<string, 'unreadable' | 'taken'>;

/**
 * @param stuck what was found stuck before, if the caller takes in again and again; it is told once
 * @throws whatever SQLite throws, and the file system for the spool as a whole; PlexSyncError
 *   `store-failed` if the data file is not the one any more that others find; nothing is unlinked then
 */
export function takeIn(
  db: Database,
  directory: DataDirectory,
  log: Log,
  now: number,
  stuck: Stuck = new Map(),
): Taken {
  assertSameFile(db);
  takeMissed(db, directory, now);
  const names = spoolNames(directory.spool);
  let events = 0;
  let newestAt: number | null = null;
  for (let begin = 0; begin < names.length; begin += filesPerTransaction) {
    const files = names
      .slice(begin, begin + filesPerTransaction)
      .filter((name) => stuck.get(name) !== 'taken')
      .map((name) => readSpoolFile(directory.spool, name, now, log, stuck))
      .filter((file) => file !== null)
      .sort((a, b) => a.at - b.at);
    if (files.length === 0) continue;
    durableTransaction(db, () => {
      for (const file of files) takeEvent(db, file, log);
    });
    // Else they are in a file that nobody finds again, and the only trace of them would go.
    assertSameFile(db);
    for (const { name } of files) removeTaken(directory.spool, name, log, stuck);
    events += files.length;
    newestAt = Math.max(newestAt ?? 0, files.at(-1)?.at ?? 0);
  }
  rmSync(noWorkerMark(directory), { force: true });
  return { events, newestAt };
}

/**
 * Names of the files in the spool. Folders and the like are not PlexSync's (a NAS makes `@eaDir` in
 * every folder by itself), nor are hidden files, which the launcher never writes.
 */
export function spoolNames(spool: string): readonly string[] {
  try {
    return readdirSync(spool, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => entry.name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function readSpoolFile(
  spool: string,
  name: string,
  now: number,
  log: Log,
  stuck: Stuck,
): SpoolFile | null {
  const path = join(spool, name);
  try {
    const { size, mtimeMs } = statSync(path);
    if (size > largestFileBytes) throw new TooLargeError();
    const content = readFileSync(path, 'utf8');
    const at = Math.min(Math.floor(mtimeMs), now);
    stuck.delete(name);
    if (isBeingWritten(name, content, mtimeMs, now)) return null;
    return { name, at, event: parseSpoolEvent(name, content) };
  } catch (error) {
    if (isMissing(error)) return null;
    // No right, a bad sector, too large: the others must not wait for it.
    if (!hasCode(error)) throw error;
    if (!stuck.has(name)) {
      stuck.set(name, 'unreadable');
      const message = `A file of the spool cannot be read and is left alone: ${name} (${error.code})`;
      log.write('error', 'spool-file', message, { file: name });
    }
    return null;
  }
}

/** Whether a file is not complete, but may be in a moment. @param at when it was written last, Unix ms */
export function isBeingWritten(name: string, content: string, at: number, now: number): boolean {
  // A time to come tells of a clock that was put back since, not of a writer.
  if (content.endsWith('\n') || Math.abs(now - at) >= tornPatienceMs) return false;
  const parsed = parseSpoolName(name);
  return parsed !== null && processStart(parsed.writerPid) !== null;
}

function takeEvent(db: Database, file: SpoolFile, log: Log): void {
  const { event, name, at } = file;
  rememberConnection(db, event);
  const parsed = parseSpoolName(name);
  if (parsed !== null) {
    noticeStash(db, { pid: parsed.stashPid, start: parsed.stashStart }, at);
  }
  const previousAt = readState(db, state.lastEventAt);
  writeState(db, state.lastEventAt, Math.max(at, previousAt ?? 0));
  const entity = entityOf(event.type);
  const correlation = correlationOf(name, at);
  if (entity === null || event.ids.length === 0) {
    noteMissed(db, at, 'an event could not be read');
    log.write('warn', 'event-unreadable', `An event could not be read: ${event.type}`, {
      cid: correlation,
    });
    return;
  }
  for (const entityId of event.ids) {
    const queued: QueueEvent = {
      entity,
      entityId,
      source: event.type,
      correlation,
      at,
      previousAt,
    };
    const known = raise(db, queued);
    const joins = known === null || known === correlation ? undefined : known;
    const key = queueKey(entity, entityId);
    log.write('info', 'event', event.type, { cid: correlation, key, joins });
  }
}

const entities: Readonly<Record<string, QueueEvent['entity']>> = {
  Scene: 'scene',
  Performer: 'performer',
  Studio: 'studio',
  Tag: 'tag',
  Group: 'group',
};

function entityOf(type: string): QueueEvent['entity'] | null {
  return entities[type.split('.')[0] ?? ''] ?? null;
}

function correlationOf(name: string, at: number): string {
  const parsed = parseSpoolName(name);
  return `${at.toString(36)}-${parsed?.writerPid ?? 0}-${parsed?.n ?? 0}`;
}

function rememberConnection(db: Database, event: SpoolEvent): void {
  if (event.connection === null) return;
  const { scheme, host, port, cookie, pluginDir } = event.connection;
  if (scheme !== 'http' && scheme !== 'https') return;
  const known = readState(db, state.connection);
  writeState(db, state.connection, {
    scheme,
    host,
    port,
    // An event without a cookie must not take away one that works.
    cookie: cookie ?? known?.cookie ?? null,
    apiKey: known?.apiKey ?? null,
    pluginDir,
  });
}

/** An event that stays though it was taken is taken again by the next worker, which costs little. */
function removeTaken(spool: string, name: string, log: Log, stuck: Stuck): void {
  try {
    unlinkSync(join(spool, name));
  } catch (error) {
    if (isMissing(error)) return;
    if (!hasCode(error)) throw error;
    stuck.set(name, 'taken');
    const message = `A file of the spool was taken but cannot be removed: ${name} (${error.code})`;
    log.write('error', 'spool-file', message, { file: name });
  }
}

function isMissing(error: unknown): boolean {
  return hasCode(error) && error.code === 'ENOENT';
}

function hasCode(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
