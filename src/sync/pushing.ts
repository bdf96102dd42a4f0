// What the engine brings to Plex in a turn: a batch of text, then pictures and ratings. It keeps from
// turn to turn whose failure is undecided, and what a half-open circuit learns from the outcome.
import { isHeld } from '../store/queue/control.ts';
import type { Database } from '../store/file/database.ts';
import { claimTexts, nextPictureAt, nextTextAt } from '../store/queue/pushable.ts';
import { giveBack } from '../store/queue/queueSettle.ts';
import type { Breaker } from './servers/breaker.ts';
import type { Clock } from './base/clock.ts';
import type { DrainContext } from './base/context.ts';
import { drainBatch } from './drain.ts';
import { isOnTrial } from '../domain/recover/circuit.ts';
import { earliest } from '../domain/base/earliest.ts';
import { afterStopMs } from './extras/extraFailures.ts';
import { sendExtras } from './extras/extras.ts';
import { openInBatch } from './base/inBatch.ts';
import type { Stop, Suspect } from './base/job.ts';
import type { PlexIdentity } from './base/plexIdentity.ts';
import { settleSuspects } from './settle.ts';

const batchSize = 50;
/** Pictures and ratings that are sent in a turn: none that comes in between waits for long. */
const extrasAtOnce = 10;
/** While batches of text are full, extras get their turn beside every so many. */
const fullBatchesPerTurn = 10;

export interface Pushing {
  beginTurn(): void;
  /** Whether Plex failed as a server in this turn. */
  failed(): boolean;
  stopped(stop: Stop, hash: string): void;
  /**
   * A batch of text. What was undecided before is settled by it.
   * @param hash of the settings
   * @returns how many rows it took
   */
  push(context: DrainContext, plex: PlexIdentity, hash: string): Promise<number>;
  /**
   * Pictures and ratings, when little text waits. Where no text is due, one of them is the trial.
   * @param pushed rows that `push` took
   */
  send(context: DrainContext, hash: string, pushed: number): Promise<void>;
  /** When there is something to push, Unix ms, or null. */
  nextAt(): number | null;
  /** When there is something for a circuit on trial to be tried with, Unix ms, or null. */
  trialAt(): number | null;
  hasSuspects(): boolean;
  /** The server failed before another write could tell about them: that costs them nothing. */
  releaseSuspects(): void;
  rowsFinished(): number;
  extrasSent(): number;
}

export function openPushing(db: Database, clock: Clock, breaker: Breaker): Pushing {
  const inBatch = openInBatch(db, clock);
  let suspects: readonly Suspect[] = [];
  /** A write went through since Plex last failed as a server. */
  let wroteSinceStop = false;
  /** Plex failed as a server in this turn. */
  let failed = false;
  let fullBatches = 0;
  let rowsFinished = 0;
  let extrasSent = 0;

  const stopped = (stop: Stop, hash: string): void => {
    failed = true;
    wroteSinceStop = false;
    breaker.stopped(stop, hash);
  };

  const trialAt = (): number | null => {
    const picture = nextPictureAt(db);
    // One that waits longer has failed by its own fault, and tells nothing of the server.
    const isSoon = picture !== null && picture <= clock.now() + afterStopMs;
    return earliest(nextTextAt(db), isSoon ? picture : null);
  };

  const push: Pushing['push'] = async (context, plex, hash) => {
    const circuit = breaker.circuit();
    const trial = isOnTrial(circuit);
    const notYet = circuit.kind === 'half-open' ? circuit.lastFailed : null;
    let rows = claimTexts(db, clock.now(), trial ? 1 : batchSize, notYet);
    // The job that failed last is tried only where there is no other.
    if (trial && rows.length === 0 && suspects.length === 0) rows = claimTexts(db, clock.now(), 1);
    // Whatever ends the batch, it settles them: they are not held here any more.
    const held = suspects;
    suspects = [];
    if (rows.length === 0) {
      const stop = settleSuspects(context, held, trial);
      if (stop !== null) stopped(stop, hash);
    } else {
      const inDoubt = trial || (circuit.kind === 'closed' && circuit.doubt !== undefined);
      const earlier = { suspects: held, wrote: wroteSinceStop, inDoubt };
      inBatch.begin();
      const onWritten = (items: number): void => {
        inBatch.add(items);
        context.onWritten?.(items);
      };
      const outcome = await drainBatch({ ...context, onWritten }, plex, rows, earlier);
      suspects = outcome.suspects;
      rowsFinished += outcome.finished;
      wroteSinceStop ||= outcome.wrote;
      if (outcome.stop !== null) {
        stopped(outcome.stop, hash);
        return rows.length;
      }
      if (trial && outcome.wrote) {
        breaker.close('a trial write went through');
        return rows.length;
      }
    }
    // Rows that wait for their next try keep it half open: nothing was written yet.
    const nothingWaits = suspects.length === 0 && trialAt() === null;
    if (nothingWaits) breaker.nothingToTry();
    return rows.length;
  };

  const send: Pushing['send'] = async (context, hash, pushed) => {
    fullBatches = pushed < batchSize ? 0 : fullBatches + 1;
    const circuit = breaker.circuit();
    const trial = isOnTrial(circuit) && pushed === 0;
    if (fullBatches % fullBatchesPerTurn !== 0 || (circuit.kind !== 'closed' && !trial)) return;
    // A person may have paused it while the batch was pushed.
    if (failed || isHeld(db)) return;
    const { extras } = context.settings.fields;
    const { stop, sent } = await sendExtras(context, extras, trial ? 1 : extrasAtOnce);
    extrasSent += sent;
    if (stop?.server === 'stash') throw stop.error;
    if (stop !== null) stopped(stop.stop, hash);
    else if (trial && sent > 0) breaker.close('a trial write went through');
  };

  return {
    beginTurn: () => {
      failed = false;
    },
    failed: () => failed,
    stopped,
    push,
    send,
    nextAt: () => earliest(nextTextAt(db), nextPictureAt(db)),
    trialAt,
    hasSuspects: () => suspects.length > 0,
    releaseSuspects: () => {
      for (const { row } of suspects) giveBack(db, row.key);
      suspects = [];
      wroteSinceStop = false;
    },
    rowsFinished: () => rowsFinished,
    extrasSent: () => extrasSent,
  };
}
