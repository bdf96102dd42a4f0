// How the worker gets lines into Stash's own log. Only a process that Stash itself has started is
// listened to there, and the worker is none: so what is worth reading is kept in the data file, and
// Stash is asked to start the operation `tell`, which prints it. That costs Stash one short process:
// what comes together is told together, once a minute at most, and never on a hook's way.
import * as v from 'valibot';
import { isPlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import { tellAnswer } from '../../contract/tell.ts';
import { type LoggedLine, type Telling, tellingOf } from '../../domain/words/telling.ts';
import { openStashClient, type StashClient } from '../../stash/client.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import { readState } from '../../store/file/state.ts';
import { addTellings, tellingsWaiting } from '../../store/figures/telling.ts';
import type { Clock } from '../base/clock.ts';
import { pluginId } from '../servers/configuration.ts';
import type { Log } from '../base/log.ts';

/** What comes within this time of the first line is told with it. */
export const gatherMs = 2_000;
export const usualEveryMs = 60_000;
/** A Stash that does not do it is asked less and less often. */
export const longestEveryMs = 600_000;
/** A worker that leaves waits no longer for Stash. */
export const lastTryMs = 5_000;

export interface Teller {
  /** The same log; what is worth telling is noted. */
  readonly log: Log;
  /** Keeps what was noted, and asks Stash if it is time. Call outside of a transaction. */
  tick(): void;
  /** Stash has shown that it lives: what waits is told at the usual pace. */
  stashCame(): void;
  /** The worker leaves: what waits is told now, if Stash can be asked. */
  last(): Promise<void>;
  /** When no question is under way any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function openTeller(db: Database, clock: Clock, log: Log): Teller {
  const forTests = process.env['PLEXSYNC_TELL_MS'] ?? '';
  const everyMs = /^\d+$/.test(forTests) ? Number(forTests) : usualEveryMs;
  let noted: Telling[] = [];
  /** Whether any may wait in the data file; a worker before this one may have left some. */
  let mayWait = true;
  /** When the first of what waits was seen, Unix ms; its own time moves where the newest counts. */
  let seenAt: number | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let asking: Promise<void> | null = null;
  let client: StashClient | null = null;

  const keep = (): void => {
    if (noted.length === 0) return;
    const now = clock.now();
    addTellings(
      db,
      noted.map((one) => ({ ...one, at: Math.min(one.at, now) })),
    );
    noted = [];
    mayWait = true;
  };

  /** A client of its own: the worker's is closed whenever an event tells another way into Stash. */
  const ask = async (): Promise<void> => {
    const connection = readState(db, state.connection);
    if (connection === null) return;
    askedAt = clock.now();
    seenAt = null;
    const { pluginDir: _, ...wanted } = connection;
    try {
      client = openStashClient(wanted, {
        onConnectionChanged: ({ cookie }) => log.keepSecret([cookie?.value ?? null], 'session'),
      });
      const answer = await client.runOperation(pluginId, { name: 'tell' });
      failures = toldSome(answer) || tellingsWaiting(db).waiting.length === 0 ? 0 : failures + 1;
    } catch (error) {
      // Stash is away, or PlexSync is switched off there: the lines wait.
      failures += 1;
      const level = isPlexSyncError(error) ? 'debug' : 'error';
      log.write(level, 'tell', toPlexSyncError(error).message);
    } finally {
      await client?.close();
      client = null;
    }
  };

  const begin = (): Promise<void> => {
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };

  /** When Stash is to be asked, Unix ms; null where nothing waits. */
  const dueAt = (): number | null => {
    if (!mayWait) return null;
    const [first] = tellingsWaiting(db).waiting;
    mayWait = first !== undefined;
    if (first === undefined) return null;
    // A clock that was put back must not put it off.
    seenAt = Math.min(seenAt ?? first.at, clock.now());
    const restMs = Math.min(longestEveryMs, everyMs * 2 ** Math.min(failures, 10));
    return Math.max(seenAt + Math.min(gatherMs, everyMs), askedAt + restMs);
  };

  return {
    log: {
      write: (level, event, message, fields = {}) => {
        log.write(level, event, message, fields);
        if (event === 'stash-back') failures = 0;
        const telling = readable(log, { level, event, message, fields }, clock.now());
        if (telling !== null) noted.push(telling);
      },
      keepSecret: (values, lasts) => log.keepSecret(values, lasts),
      withoutSecrets: (text) => log.withoutSecrets(text),
    },
    tick: () => {
      keep();
      askedAt = Math.min(askedAt, clock.now());
      const due = dueAt();
      if (asking === null && due !== null && due <= clock.now()) void begin();
    },
    stashCame: () => {
      failures = 0;
    },
    last: async () => {
      keep();
      if (dueAt() === null) return;
      const answered = new AbortController();
      await Promise.race([begin(), clock.sleep(lastTryMs, answered.signal)]);
      answered.abort();
    },
    settled: async () => {
      await asking;
    },
    close: async () => {
      // What ended the work may be the data file itself.
      if (db.isOpen) quietly(keep);
      await client?.close();
      await asking;
    },
  };
}

/** For who has no teller: keeps what is worth telling of a line. Never throws. Call outside of a transaction. */
export function tellLater(db: Database, log: Log, line: LoggedLine, at: number): void {
  const telling = readable(log, line, at);
  if (telling !== null && db.isOpen) quietly(() => addTellings(db, [telling]));
}

function readable(log: Log, line: LoggedLine, at: number): Telling | null {
  if (tellingOf(line, at) === null) return null;
  // Ahead of the cut to a length, which could leave the first half of a secret.
  const clean = (value: unknown): unknown =>
    typeof value === 'string' ? log.withoutSecrets(value) : value;
  const fields = Object.fromEntries(
    Object.entries(line.fields).map(([name, value]) => [name, clean(value)]),
  );
  return tellingOf({ ...line, message: log.withoutSecrets(line.message), fields }, at);
}

function toldSome(answer: unknown): boolean {
  const parsed = v.safeParse(tellAnswer, answer);
  return parsed.success && parsed.output.told > 0;
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // A line less in a log: what went wrong shows elsewhere.
  }
}
