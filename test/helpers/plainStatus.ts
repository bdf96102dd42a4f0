// What a status must say, counted one by one from the rows of the tables and the files of the spool.
import { readdirSync, statSync } from 'node:fs';
import type { DataDirectory } from '../../src/store/file/dataDirectory.ts';
import type { Database } from '../../src/store/file/database.ts';
import type { OutcomeKind } from '../../src/store/queue/outcome.ts';

type Row = Readonly<Record<string, unknown>>;

/** Something that a row came to, as the test itself saw it. */
export interface Seen {
  readonly kind: OutcomeKind;
  /** Unix ms. */
  readonly at: number;
}

export function plainStatus(
  db: Database,
  directory: DataDirectory,
  seen: readonly Seen[],
  now: number,
) {
  const all = (table: string): readonly Row[] => db.prepare(`SELECT * FROM ${table}`).all();
  const queue = all('queue');
  const pending = queue.filter((row) => row['in_flight'] === null);
  const failed = pending.filter((row) => Number(row['attempts']) > 0);
  const letters = all('dead_letter');
  const scenes = all('scene_state');
  const reviews = all('review').length;
  const images = all('extra');
  const homeless = scenes
    .map((row) => row['no_item_reason'])
    .filter((reason) => reason !== null && reason !== 'gone' && reason !== 'review');
  const oldest = queue.map((row) => Number(row['first_event_at']));
  const pushes = seen.filter(({ kind }) => kind === 'pushed').map(({ at }) => at);
  const inFlight = queue.length - pending.length;
  const waiting = images.filter((row) => row['due_at'] !== null).length;
  return {
    queue: {
      spooled: readdirSync(directory.spool).length,
      pending: pending.length,
      inFlight,
      written: 0,
      retrying: failed.length,
      byCause: tallied(failed.map((row) => row['error_code'])),
      fanOuts: pending.filter((row) => row['entity'] !== 'scene').length,
      toSync: toSync(all('state')),
      oldestEventAt: oldest.length === 0 ? null : Math.min(...oldest),
    },
    deadLetters: {
      count: letters.length,
      byCause: tallied(letters.map((row) => row['error_code'])),
    },
    scenes: {
      matched: scenes.filter((row) => row['rating_key'] !== null && row['no_item_reason'] === null)
        .length,
      withoutItem: {
        ...tallied(homeless),
        ...(reviews === 0 ? {} : { review: reviews }),
      },
    },
    extras: { waiting, givenUp: images.length - waiting },
    rates: { hour: rate(seen, 60, now), day: rate(seen, 1_440, now), hours: hours(seen, now) },
    totals: outcomes(seen),
    estimate: {
      scenes:
        pending.filter((row) => row['entity'] === 'scene' && Number(row['attempts']) === 0).length +
        inFlight +
        toSync(all('state')),
      extras: { count: waiting },
      more: pending.some((row) => row['entity'] !== 'scene'),
    },
    lastPushAt: pushes.length === 0 ? null : Math.max(...pushes),
    dataFileBytes: ['', '-wal', '-shm']
      .map((ending) => statSync(directory.database + ending).size)
      .reduce((sum, size) => sum + size, 0),
  };
}

/** In this minute and those before it. */
function rate(seen: readonly Seen[], minutes: number, now: number) {
  const minute = (ms: number): number => Math.floor(ms / 60_000);
  const counts = outcomes(seen.filter(({ at }) => minute(at) > minute(now) - minutes));
  const good = counts.pushed + counts.unchanged + counts.withdrawn;
  const judged = good + counts.failed;
  return {
    ...counts,
    successShare: judged === 0 ? null : good / judged,
    scenesPerMinute: (good + counts.withoutItem) / minutes,
  };
}

/** The last 24 hours, the oldest first: 60 minutes each, this one included in the last. */
function hours(seen: readonly Seen[], now: number) {
  const end = (Math.floor(now / 60_000) + 1) * 60_000;
  return Array.from({ length: 24 }, (_, index) => {
    const at = end - (24 - index) * 3_600_000;
    const { pushed, unchanged, failed } = outcomes(
      seen.filter((one) => one.at >= at && one.at < at + 3_600_000),
    );
    return { at, pushed, unchanged, failed };
  });
}

function outcomes(seen: readonly Seen[]) {
  const of = (kind: OutcomeKind): number => seen.filter((one) => one.kind === kind).length;
  return {
    pushed: of('pushed'),
    unchanged: of('unchanged'),
    withdrawn: of('withdrawn'),
    withoutItem: of('without-item'),
    failed: of('failed'),
    deadLettered: of('dead-letter'),
    pictures: of('picture'),
  };
}

function tallied(names: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[String(name)] = (counts[String(name)] ?? 0) + 1;
  return counts;
}

/** A sync of which nothing was read yet has at least one scene to look at. */
function toSync(rows: readonly Readonly<Record<string, unknown>>[]): number {
  const sweeps = rows.filter(({ name }) => String(name).startsWith('sweep-'));
  const left = sweeps.map(({ value }) => /"left":(\d+)/.exec(String(value))?.[1] ?? '1');
  return left.reduce((total, number) => total + Number(number), 0);
}
