// Takes the spool into the queue: one transaction on the disk, then the files go. Two takers may
// meet: an event taken twice raises a revision twice, which costs nothing.
import { readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpoolEvent, parseSpoolName, type SpoolEvent } from '../capture/event.ts';
import type { DataDirectory } from '../store/dataDirectory.ts';
import type { Database } from '../store/open.ts';
import { queueKey, type QueueEvent, raise } from '../store/queue.ts';
import { durableTransaction } from '../store/sql.ts';
import * as state from '../store/state.ts';
import { readState, writeState } from '../store/state.ts';
import type { Log } from './log.ts';
import { processStart } from './supervisorFile.ts';

export interface Taken {
  readonly events: number;
  /** Unix ms of the newest event, or null if there was none. */
  readonly newestAt: number | null;
}

const filesPerTransaction = 500;
/** A file without its final newline whose writer still lives is left alone this long. */
const tornPatienceMs = 10_000;

interface SpoolFile {
  readonly name: string;
  readonly at: number;
  readonly event: SpoolEvent;
}

/**
 * @throws whatever SQLite or the file system throws; nothing is unlinked then
 */
export function takeIn(db: Database, directory: DataDirectory, log: Log, now: number): Taken {
  const names = spoolNames(directory.spool);
  let events = 0;
  let newestAt: number | null = null;
  for (let begin = 0; begin < names.length; begin += filesPerTransaction) {
    const files = names
      .slice(begin, begin + filesPerTransaction)
      .map((name) => readSpoolFile(directory.spool, name, now))
      .filter((file) => file !== null)
      .sort((a, b) => a.at - b.at);
    if (files.length === 0) continue;
    durableTransaction(db, () => {
      for (const file of files) takeEvent(db, file, log);
    });
    for (const file of files) unlinkQuietly(join(directory.spool, file.name));
    events += files.length;
    newestAt = Math.max(newestAt ?? 0, files.at(-1)?.at ?? 0);
  }
  return { events, newestAt };
}

export function spoolNames(spool: string): readonly string[] {
  try {
    return readdirSync(spool);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function readSpoolFile(spool: string, name: string, now: number): SpoolFile | null {
  const path = join(spool, name);
  try {
    const content = readFileSync(path, 'utf8');
    const at = Math.min(Math.floor(statSync(path).mtimeMs), now);
    if (!content.endsWith('\n') && writerMayGoOn(name) && now - at < tornPatienceMs) return null;
    return { name, at, event: parseSpoolEvent(name, content) };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function writerMayGoOn(name: string): boolean {
  const parsed = parseSpoolName(name);
  return parsed !== null && processStart(parsed.writerPid) !== null;
}

function takeEvent(db: Database, file: SpoolFile, log: Log): void {
  const { event, name, at } = file;
  rememberConnection(db, event);
  const previousAt = readState(db, state.lastEventAt);
  writeState(db, state.lastEventAt, Math.max(at, previousAt ?? 0));
  const entity = entityOf(event.type);
  const correlation = correlationOf(name, at);
  if (entity === null || event.ids.length === 0) {
    writeState(db, state.missedSince, { since: at, reason: 'an event could not be read' });
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
    raise(db, queued);
    log.write('info', 'event', event.type, { cid: correlation, key: queueKey(entity, entityId) });
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

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
