// Steps about the work itself, from what the data file knows: "mappings", "spool", "worker",
// "pushing", "failures".
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HealthStep } from '../../contract/health.ts';
import type { Status } from '../../contract/status.ts';
import type { DataDirectory } from '../../store/file/dataDirectory.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import { readState } from '../../store/file/state.ts';
import { spoolNames } from '../../sync/intake/intake.ts';
import { counted, fail, ok, warn } from './step.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Of what Plex has, so much should be where the path mappings put it. */
const explainedShare = 0.5;

export function checkMappings(db: Database): HealthStep {
  const found = readState(db, state.mapping);
  if (found === null) {
    const finding = 'The files of Stash and Plex have not been compared yet.';
    return warn('mappings', finding, 'Save a scene: the worker compares them with the first work.');
  }
  const { files, inPlex, explained } = found.report;
  const sample = `Of ${counted(files, 'file')} of Stash’s, Plex has ${inPlex.toLocaleString('en-US')}, ${explained.toLocaleString('en-US')} of them where the path mappings put them.`;
  if (files === 0) return warn('mappings', 'Stash has no files that could be in Plex.');
  const seeMappings = '"plexsync mappings" shows the folders that are left over.';
  if (inPlex === 0) {
    return fail(
      'mappings',
      sample,
      `Let a Plex library hold the folders of Stash, and let Plex scan it. ${seeMappings}`,
    );
  }
  if (explained < inPlex * explainedShare) {
    return warn('mappings', sample, `Type the setting pathMappings. ${seeMappings}`);
  }
  return ok('mappings', sample);
}

/** Call it after the spool was taken in: what lies there for a while cannot be. */
export function checkSpool({ spool }: DataDirectory, now: number): HealthStep {
  const stuck = spoolNames(spool).filter((name) => isOlder(join(spool, name), now - minuteMs));
  if (stuck.length === 0) return ok('spool', 'What Stash handed over has been taken in.');
  const [example = ''] = stuck;
  return warn(
    'spool',
    `${counted(stuck.length, 'event')} of Stash’s cannot be taken in, such as ${join(spool, example)}.`,
    'Let the user that Stash runs as read the file; one that is damaged can be deleted, and its scene saved again.',
  );
}

function isOlder(path: string, than: number): boolean {
  try {
    return statSync(path).mtimeMs < than;
  } catch {
    return false;
  }
}

export function checkWorker(
  directory: DataDirectory,
  {
    workerAlive,
    queue,
    extras,
    paused,
  }: Pick<Status, 'workerAlive' | 'queue' | 'extras' | 'paused'>,
  watches = false,
): HealthStep {
  const waiting = queue.pending + queue.inFlight + queue.toSync + extras.waiting;
  if (workerAlive) return ok('worker', 'The worker runs.');
  if (paused !== null)
    return ok('worker', 'No worker runs, and none is needed: PlexSync is paused.');
  if (waiting === 0) return ok('worker', 'No worker runs, and none is needed: nothing waits.');
  const reason = firstLine(join(directory.path, 'no-runtime'));
  const finding = `No worker runs, and ${counted(waiting, 'change')} ${waiting === 1 ? 'waits' : 'wait'}.`;
  if (reason !== null) {
    return fail(
      'worker',
      `${finding} It found no Node: ${reason}`,
      'Install Node 22.16 or later where Stash runs, or name it in PLEXSYNC_NODE.',
    );
  }
  if (watches) return fail('worker', finding, 'Start plexsync watch again.');
  const gaveUp = lastLine(join(directory.path, 'supervisor.log'));
  const wayOut = 'Save a scene or run a task of PlexSync, which starts it.';
  return gaveUp === null
    ? warn('worker', finding, wayOut)
    : fail(
        'worker',
        `${finding} What starts it said last: ${gaveUp}`,
        `See supervisor.log in the data directory. ${wayOut}`,
      );
}

function firstLine(path: string): string | null {
  return lineOf(path, 0);
}

function lastLine(path: string): string | null {
  return lineOf(path, -1);
}

function lineOf(path: string, at: number): string | null {
  try {
    const line = readFileSync(path, 'utf8').trim().split('\n').at(at) ?? '';
    return line === '' ? null : line.slice(0, 500);
  } catch {
    return null;
  }
}

type Pushing = Pick<Status, 'plex' | 'queue' | 'lastPushAt' | 'paused'>;

/** Whether changes arrive: the circuit, what waits for long, the last success. */
export function checkPushing(
  { plex, queue, lastPushAt, paused }: Pushing,
  now: number,
): HealthStep {
  const last =
    lastPushAt === null
      ? 'Nothing was pushed yet.'
      : `The last push was ${ago(now - lastPushAt)} ago.`;
  if (paused !== null) {
    const finding = `PlexSync has been paused for ${ago(now - paused.since)}: nothing is pushed. ${last}`;
    return warn('pushing', finding, '"plexsync resume" ends the pause.');
  }
  if (plex.circuit === 'refused') {
    const finding = `Plex refused the token the last time. ${last}`;
    return fail('pushing', finding, 'Put plexToken right; changes wait meanwhile, none is lost.');
  }
  if (plex.circuit !== 'closed') {
    const since = plex.since === null ? '' : ` for ${ago(now - plex.since)}`;
    const finding = `Plex has been away${since}: ${plex.cause ?? 'no answer'} ${last}`;
    return warn('pushing', finding, 'Nothing: Plex is tried again every minute at least.');
  }
  const waiting = queue.pending + queue.inFlight;
  const oldest = queue.oldestEventAt;
  const stands = oldest !== null && now - oldest > hourMs && now - (lastPushAt ?? 0) > hourMs;
  if (waiting > 0 && stands) {
    const finding = `${counted(waiting, 'change')} ${waiting === 1 ? 'has' : 'have'} waited for up to ${ago(now - oldest)}. ${last}`;
    return warn('pushing', finding, 'See plex-sync.log in the data directory for the reason.');
  }
  if (lastPushAt === null) return warn('pushing', last, 'Save a scene that is in Plex.');
  return ok('pushing', last);
}

export function checkFailures({
  deadLetters,
  scenes,
  extras,
}: Pick<Status, 'deadLetters' | 'scenes' | 'extras'>): HealthStep {
  const choices = scenes.withoutItem['review'] ?? 0;
  const parts = [
    ...(deadLetters.count > 0
      ? [`${counted(deadLetters.count, 'change')} failed for good: ${causes(deadLetters.byCause)}.`]
      : []),
    ...(extras.givenUp > 0
      ? [
          `${counted(extras.givenUp, 'picture or rating', 'pictures or ratings')} ${extras.givenUp === 1 ? 'was' : 'were'} given up.`,
        ]
      : []),
    ...(choices > 0
      ? [`${counted(choices, 'scene')} ${choices === 1 ? 'waits' : 'wait'} for your choice.`]
      : []),
  ];
  if (parts.length === 0)
    return ok('failures', 'Nothing failed for good, and no choice is wanted.');
  const again = [
    ...(deadLetters.count > 0 ? ['a save of such a scene'] : []),
    ...(extras.givenUp > 0 ? ['another cover or rating'] : []),
  ].join(', or ');
  const ways = [
    ...(again === ''
      ? []
      : [
          'What is wrong with each stands on PlexSync’s page under Problems.',
          `Once it is put right, the task Retry dead letters tries it again, and so does ${again}.`,
        ]),
    ...(choices > 0
      ? ['The page’s Problems, or "plexsync review", shows what there is to choose from.']
      : []),
  ];
  return warn('failures', parts.join(' '), ways.join(' '));
}

function causes(byCause: Readonly<Record<string, number>>): string {
  return Object.entries(byCause)
    .map(([cause, count]) => `${count} × ${cause}`)
    .join(', ');
}

function ago(ms: number): string {
  const minutes = Math.round(Math.max(0, ms) / minuteMs);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return counted(minutes, 'minute');
  return minutes < 2_880
    ? counted(Math.round(minutes / 60), 'hour')
    : counted(Math.round(minutes / 1_440), 'day');
}
