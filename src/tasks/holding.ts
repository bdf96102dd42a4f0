// "Pause", "resume" and "release locks": what a person tells PlexSync to do or not to do. Only the
// data file is changed; the worker, woken afterwards, carries it out.
import {
  type ActionAnswer,
  pauseArguments,
  type PauseArguments,
  releaseArguments,
  type ReleaseArguments,
  resumeArguments,
  type ResumeArguments,
} from '../contract/actions.ts';
import * as control from '../store/queue/control.ts';
import { isPaused, isReleasing, isSettingUp, releaseStages } from '../store/queue/control.ts';
import { ownItemCount } from '../store/mirror/ownLocks.ts';
import { queueCounts } from '../store/queue/queueCounts.ts';
import { durableTransaction } from '../store/file/sql.ts';
import { clearState, readState, writeState } from '../store/file/state.ts';
import type { TaskContext } from './context.ts';
import type { Operation } from './operation.ts';
import { mayDestroy } from './secondRun.ts';

export const pause: Operation<PauseArguments, ActionAnswer> = {
  arguments: pauseArguments,
  perform: (context, { setup }) => {
    const { db, now } = context;
    if (setup) return pauseForSetup(context);
    const isNew = durableTransaction(db, () => {
      const known = readState(db, control.paused);
      if (known !== null && known.setup === undefined) return false;
      writeState(db, control.paused, { since: known?.setup?.pausedSince ?? now });
      return true;
    });
    const { pending, inFlight } = queueCounts(db);
    const ending = inFlight === 0 ? '' : `, after the ${inFlight} that are being pushed`;
    const sentence = isNew
      ? `PlexSync is paused: nothing is pushed from now on${ending}. Changes are kept; ${pending} wait.`
      : 'PlexSync is paused already; nothing was changed.';
    return told(context, 'pause', isNew ? 1 : 0, sentence);
  },
};

/** A pause from before comes back when the setup is over. */
function pauseForSetup(context: TaskContext): ActionAnswer {
  const { db, now } = context;
  const isNew = durableTransaction(db, () => {
    const known = readState(db, control.paused);
    if (known?.setup !== undefined) return false;
    const before = known === null ? {} : { pausedSince: known.since };
    writeState(db, control.paused, { since: now, setup: { trial: null, ...before } });
    return true;
  });
  const sentence =
    'Until the setup is finished or left, nothing is written to Plex but a scene that you try. Changes are kept.';
  return told(context, 'pause', isNew ? 1 : 0, sentence);
}

export const resume: Operation<ResumeArguments, ActionAnswer> = {
  arguments: resumeArguments,
  perform: (context, { setup }) => {
    const { db, now } = context;
    if (setup && durableTransaction(db, () => control.endSetup(db)))
      return told(context, 'resume', 1, stillPaused);
    const ended = durableTransaction(db, () => {
      const wasPaused = isPaused(db);
      const release = isReleasing(db) ? readState(db, control.release) : null;
      if (release !== null) writeState(db, control.release, { ...release, doneAt: now });
      clearState(db, control.paused);
      return { wasPaused, release };
    });
    const { pending } = queueCounts(db);
    const sentence = ended.wasPaused
      ? `PlexSync goes on: ${pending} ${pending === 1 ? 'change waits' : 'changes wait'} to be pushed.`
      : 'PlexSync was not paused; nothing was changed.';
    const broken =
      ended.release === null
        ? ''
        : ` The release of its locks ends here, after ${ended.release.looked} of ${ended.release.total} items.`;
    return told(context, 'resume', ended.wasPaused ? 1 : 0, `${sentence}${broken}`);
  },
};

const stillPaused =
  'The setup is over. PlexSync stays paused, as you have told it: nothing is pushed until it is resumed.';

/** Paused with it, since the next push would set locks again. */
export const releaseLocks: Operation<ReleaseArguments, ActionAnswer> = {
  arguments: releaseArguments,
  perform: (context, { yes }) => {
    const { db, now } = context;
    if (isReleasing(db)) {
      const known = readState(db, control.release);
      const far = `${known?.looked ?? 0} of ${known?.total ?? 0} items were looked at`;
      const sentence = `PlexSync’s locks are being released already: ${far}. Nothing was changed.`;
      return told(context, 'release-locks', 0, sentence);
    }
    const permission = mayDestroy(context, {
      name: 'release-locks',
      args: {},
      yes,
      count: () => ownItemCount(db),
      would: (count) =>
        `The locks that PlexSync set in Plex would be released, in up to ${items(count)}, and PlexSync be paused.`,
    });
    if (permission.kind === 'asked') return permission.answer;
    const total = ownItemCount(db);
    if (total === 0) {
      const none = 'PlexSync knows of no lock that it set in Plex. Nothing was changed.';
      return told(context, 'release-locks', 0, none);
    }
    durableTransaction(db, () => {
      if (!isPaused(db) || isSettingUp(db)) writeState(db, control.paused, { since: now });
      const begin = { since: now, total, stage: releaseStages[0], after: [], looked: 0 };
      writeState(db, control.release, { ...begin, released: 0, failed: 0, doneAt: null });
    });
    const sentence = `PlexSync’s locks in up to ${items(total)} are released from now on, in the background; the status says how far it is. Values stay. PlexSync is paused, since its next push would set locks again.`;
    return told(context, 'release-locks', total, sentence);
  },
};

function items(count: number): string {
  return count === 1 ? '1 item' : `${count} items`;
}

function told(context: TaskContext, operation: string, count: number, sentence: string) {
  context.log.write('info', 'operation', sentence, { operation, count });
  context.say(sentence);
  return { done: true, count, secondRunUntil: null, sentence } satisfies ActionAnswer;
}
