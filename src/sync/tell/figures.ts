// The figures of a status: what came of the work, how long it takes, and how long it will.
import type { Status } from '../../contract/status.ts';
import type { Averages } from '../../domain/base/average.ts';
import { estimate, estimateExtras } from '../../domain/words/estimate.ts';
import { rateOf } from '../../domain/words/rate.ts';
import { readAverages } from '../../store/figures/averages.ts';
import type { Database } from '../../store/file/database.ts';
import {
  type Outcomes,
  outcomesByHour,
  outcomesEver,
  outcomesOfLast,
} from '../../store/queue/outcome.ts';
import type { QueueCounts } from '../../store/queue/queueCounts.ts';

type Figures = Pick<Status, 'rates' | 'totals' | 'averages' | 'estimate'>;

const minutesPerHour = 60;
const minutesPerDay = 1_440;

/**
 * @param toSync scenes that sweeps have still to raise
 * @param extras pictures and ratings that are still to be sent
 */
export function readFigures(
  db: Database,
  queue: QueueCounts,
  toSync: number,
  extras: number,
  now: number,
): Figures {
  const last = (minutes: number): Status['rates']['hour'] =>
    rateOf(named(outcomesOfLast(db, minutes, now)), minutes);
  const averages = readAverages(db);
  const { edits, inFlight } = queue;
  // What is in flight was an edit or came in bulk: it is taken to need a push.
  const work = { edits: edits + inFlight, bulk: queue.bulk + toSync };
  return {
    rates: { hour: last(minutesPerHour), day: last(minutesPerDay), hours: hoursOf(db, now) },
    totals: named(outcomesEver(db)),
    averages: shown(averages),
    estimate: {
      scenes: work.edits + work.bulk,
      ...estimate(work, averages),
      measured: averages.measured.push + averages.measured.unchanged > 0,
      more: queue.fanOuts > 0,
      extras: { count: extras, ...estimateExtras(extras, averages) },
    },
  };
}

function hoursOf(db: Database, now: number): Status['rates']['hours'] {
  return outcomesByHour(db, now).map(({ at, outcomes: { pushed, unchanged, failed } }) => ({
    at,
    pushed,
    unchanged,
    failed,
  }));
}

function named(outcomes: Outcomes): Status['totals'] {
  const { 'without-item': withoutItem, 'dead-letter': deadLettered, picture, ...rest } = outcomes;
  return { ...rest, withoutItem, deadLettered, pictures: picture };
}

function shown({ push, unchanged, picture, measured }: Averages): Status['averages'] {
  return {
    push: { ms: push.ms, measured: measured.push },
    unchanged: { ms: unchanged.ms, measured: measured.unchanged },
    picture: { ms: picture.ms, measured: measured.picture },
  };
}
