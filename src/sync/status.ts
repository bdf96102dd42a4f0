// Gathers the status from the data file and the spool, after taking the spool in, so that "what
// waits" is always true.
import { readFileSync } from 'node:fs';
import type { Status } from '../contract/status.ts';
import { closed } from '../domain/circuit.ts';
import { statusSentence } from '../domain/statusSentence.ts';
import * as control from '../store/control.ts';
import type { DataDirectory } from '../store/dataDirectory.ts';
import { deadLetterCount, deadLettersByCause } from '../store/deadLetter.ts';
import type { Database } from '../store/open.ts';
import { queueCounts } from '../store/queue.ts';
import { reviewCount } from '../store/review.ts';
import { lastPushAt, sceneCounts } from '../store/sceneLists.ts';
import { scenesToRaise } from '../store/sweep.ts';
import * as state from '../store/state.ts';
import { readState } from '../store/state.ts';
import { spoolNames } from './intake.ts';
import { readPace } from './pacer.ts';
import { processStart } from './supervisorFile.ts';

export function readStatus(
  db: Database,
  directory: DataDirectory,
  version: string,
  now: number,
): Status {
  const circuit = readState(db, state.circuit) ?? closed;
  const versions = readState(db, state.versions);
  const scenes = sceneCounts(db);
  const facts = {
    queue: {
      spooled: spoolNames(directory.spool).length,
      ...queueCounts(db),
      toSync: scenesToRaise(db) ?? 0,
    },
    deadLetters: { count: deadLetterCount(db), byCause: deadLettersByCause(db) },
    scenes: { matched: scenes.matched, withoutItem: withReviews(scenes.byReason, reviewCount(db)) },
    plex: {
      circuit: circuit.kind,
      since: circuit.kind === 'closed' ? null : circuit.since,
      nextProbeAt: circuit.kind === 'open' ? circuit.probeAt : null,
      cause: circuit.kind === 'open' || circuit.kind === 'half-open' ? circuit.cause : null,
    },
    pace: readPace(db),
    workerAlive: supervisorLives(directory.supervisor),
    paused: readState(db, control.paused),
    release: readRelease(db),
    problems: readState(db, state.problems) ?? [],
    warnings: readState(db, state.warnings) ?? [],
    fullSyncNeeded: readState(db, state.fullSyncNeeded),
    missedSince: readState(db, state.missedSince),
    lastPushAt: lastPushAt(db),
    versions: {
      plexSync: version,
      node: process.versions.node,
      stash: versions?.stash ?? null,
      plex: versions?.plex ?? null,
    },
  };
  return { sentence: statusSentence(facts, now), ...facts };
}

function readRelease(db: Database): Status['release'] {
  const known = readState(db, control.release);
  if (known === null) return null;
  const { since, total, looked, released, failed, doneAt } = known;
  return { since, total, looked, released, failed, doneAt };
}

/** What waits for a choice is what the review lists, also between a choice and its carrying out. */
function withReviews(
  byReason: Readonly<Record<string, number>>,
  reviews: number,
): Readonly<Record<string, number>> {
  const others = Object.entries(byReason).filter(([reason]) => reason !== 'review');
  return Object.fromEntries(reviews === 0 ? others : [...others, ['review', reviews]]);
}

function supervisorLives(path: string): boolean {
  try {
    const [pid = '', start] = readFileSync(path, 'utf8').trim().split(' ');
    return /^\d+$/.test(pid) && processStart(Number(pid)) === start;
  } catch {
    return false;
  }
}
