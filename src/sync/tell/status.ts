// Gathers the status from the data file and the spool, after taking the spool in, so that "what
// waits" is always true.
import { readFileSync, statSync } from 'node:fs';
import type { Status } from '../../contract/status.ts';
import { closed } from '../../domain/recover/circuit.ts';
import { refusalCause, tokenTryAt } from '../../domain/recover/refusal.ts';
import { statusSentence } from '../../domain/words/statusSentence.ts';
import * as control from '../../store/queue/control.ts';
import type { DataDirectory } from '../../store/file/dataDirectory.ts';
import { deadLettersByCause } from '../../store/queue/deadLetter.ts';
import { extraCounts } from '../../store/queue/extra.ts';
import type { Database } from '../../store/file/database.ts';
import { lastingOutage } from '../../store/queue/outage.ts';
import { lastOutcomeAt } from '../../store/queue/outcome.ts';
import { queueCounts } from '../../store/queue/queueCounts.ts';
import { reviewCount } from '../../store/match/review.ts';
import { sceneCounts } from '../../store/mirror/sceneLists.ts';
import { scenesToRaise } from '../../store/queue/sweep.ts';
import * as state from '../../store/file/state.ts';
import { readState } from '../../store/file/state.ts';
import { readFigures } from './figures.ts';
import { holderOf } from '../process/holder.ts';
import { writtenOf } from '../base/inBatch.ts';
import { spoolNames } from '../intake/intake.ts';
import { readPace } from '../servers/pacer.ts';
import { revisionOf } from '../base/revision.ts';
import { readReconcile } from './runView.ts';
import { readViewing, viewingWarnings } from './viewingView.ts';
import { processStart } from '../process/supervisorFile.ts';
import { passingWarnings } from '../servers/passingWarnings.ts';

/** @param version PlexSync's own; @param now Unix ms */
export function readStatus(
  db: Database,
  directory: DataDirectory,
  version: string,
  now: number,
): Status {
  const facts = readFacts(db, directory, version, now);
  return { revision: revisionOf(facts), sentence: statusSentence(facts, now), ...facts };
}

function readFacts(
  db: Database,
  directory: DataDirectory,
  version: string,
  now: number,
): Omit<Status, 'sentence' | 'revision'> {
  const versions = readState(db, state.versions);
  const scenes = sceneCounts(db);
  const byCause = deadLettersByCause(db);
  const counts = queueCounts(db);
  const { edits: _, bulk: __, ...shown } = counts;
  const queue = {
    spooled: spoolNames(directory.spool).length,
    ...shown,
    written: writtenOf(db, counts.inFlight),
    toSync: scenesToRaise(db) ?? 0,
  };
  const extras = extraCounts(db);
  const viewing = readViewing(db, now);
  return {
    queue,
    deadLetters: { count: sum(Object.values(byCause)), byCause },
    scenes: { matched: scenes.matched, withoutItem: withReviews(scenes.byReason, reviewCount(db)) },
    extras,
    plex: readPlex(db, queue.pending + queue.inFlight + extras.waiting),
    stashAway: readStashAway(db),
    pace: readPace(db, now),
    workerAlive: workerLives(db, directory),
    worker: holderOf(db, directory.lock),
    paused: pausedView(db),
    release: readRelease(db),
    ...readFigures(db, counts, queue.toSync, extras.waiting, now),
    problems: readState(db, state.problems) ?? [],
    warnings: [
      ...(readState(db, state.warnings) ?? []),
      ...passingWarnings(directory, { queue, extras }),
      ...viewingWarnings(viewing),
    ],
    fullSyncNeeded: readState(db, state.fullSyncNeeded),
    missedSince: readMissed(db),
    reconcile: readReconcile(db, now),
    viewing,
    lastPushAt: lastOutcomeAt(db, 'pushed'),
    dataFileBytes: sizeOf(directory.database),
    versions: {
      plexSync: version,
      node: process.versions.node,
      stash: versions?.stash ?? null,
      plex: versions?.plex ?? null,
    },
  };
}

function pausedView(db: Database): Status['paused'] {
  const held = readState(db, control.paused);
  return held === null ? null : { since: held.since, setup: held.setup !== undefined };
}

/** Whether somebody will go on with what waits, and try a Plex that is away. */
export function workerLives(db: Database, directory: DataDirectory): boolean {
  return holderOf(db, directory.lock) !== null || supervisorLives(directory.supervisor);
}

/** The present is the circuit's to tell; the history adds the probes that it counted. */
function readPlex(db: Database, waiting: number): Status['plex'] {
  const circuit = readState(db, state.circuit) ?? closed;
  const answeredAt = readAnswered(db);
  if (circuit.kind === 'closed') {
    const well = { since: null, nextProbeAt: null, cause: null, code: null };
    return { circuit: 'closed', ...well, waiting: 0, probes: 0, answeredAt };
  }
  const probes = lastingOutage(db)?.probes ?? 0;
  const about = { circuit: circuit.kind, since: circuit.since, waiting, probes, answeredAt };
  if (circuit.kind === 'refused') {
    const why = { cause: refusalCause(circuit), code: 'plex-unauthorized' } as const;
    return { ...about, ...why, nextProbeAt: tokenTryAt(circuit) };
  }
  const nextProbeAt = circuit.kind === 'open' ? circuit.probeAt : null;
  return { ...about, cause: circuit.cause, code: circuit.code ?? null, nextProbeAt };
}

/** The last of what could not have come about without Plex. */
function readAnswered(db: Database): number | null {
  const proofs = [
    readState(db, state.index)?.refreshedAt,
    lastOutcomeAt(db, 'pushed'),
    lastOutcomeAt(db, 'unchanged'),
    lastOutcomeAt(db, 'picture'),
  ].filter((at) => typeof at === 'number');
  return proofs.length === 0 ? null : Math.max(...proofs);
}

function readStashAway(db: Database): Status['stashAway'] {
  const reach = readState(db, state.stashReach);
  if (reach?.kind !== 'away') return null;
  const { since, cause, code, retryAt } = reach;
  return { since, cause, code, nextTryAt: retryAt };
}

function readMissed(db: Database): Status['missedSince'] {
  const missed = readState(db, state.missedSince);
  return missed === null ? null : { since: missed.since, reason: missed.reason };
}

function sizeOf(database: string): number {
  return sum(
    ['', '-wal', '-shm'].map(
      (ending) => statSync(database + ending, { throwIfNoEntry: false })?.size ?? 0,
    ),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
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
