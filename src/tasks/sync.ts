// "Sync": one scene now, all scenes, or those changed since a time. Of many it is only noted what is
// wanted: whoever has the queue raises them page by page, and goes on with it after any death.
import { sceneArguments, type SceneArguments } from '../contract/arguments.ts';
import {
  type Since,
  type SweepAnswer,
  type SyncAllArguments,
  syncAllArguments,
  type SyncAnswer,
  syncChangedArguments,
  type SyncChangedArguments,
} from '../contract/sync.ts';
import * as control from '../store/queue/control.ts';
import { isSettingUp, paused } from '../store/queue/control.ts';
import type { Database } from '../store/file/database.ts';
import { pinOf } from '../store/match/pin.ts';
import { queueKey, raiseScene } from '../store/queue/queue.ts';
import { sceneState } from '../store/mirror/sceneState.ts';
import { durableTransaction } from '../store/file/sql.ts';
import { clearState, readState, sweptAt, writeState } from '../store/file/state.ts';
import { beginSweep } from '../store/queue/sweep.ts';
import type { TaskContext } from './context.ts';
import type { Operation } from './operation.ts';
import { pausedNote } from './pausedNote.ts';
import { processHere } from './process.ts';

const hourMs = 3_600_000;
/** Where nothing else is said, and no earlier sync is known. */
const usualHours = 24;
/** Stash's clock may be another machine's. */
const overlapMs = 60_000;

export const syncScene: Operation<SceneArguments, SyncAnswer> = {
  arguments: sceneArguments,
  perform: ({ db, now, log, say }, { scene }) => {
    const cid = `${now.toString(36)}-${process.pid}-sync`;
    const isTrial = durableTransaction(db, () => {
      raiseScene(db, scene, now, 'sync', cid, 0);
      // A person may pause it all just now.
      const settingUp = isSettingUp(db);
      if (settingUp) tryScene(db, scene);
      return settingUp;
    });
    const said = [`Scene ${scene} is synced now.`, ...reservations(db, scene)].join(' ');
    const sentence = isTrial
      ? `${said} All else waits until the setup is finished.`
      : `${said}${pausedNote(db)}`;
    log.write('info', 'sync', sentence, { cid, key: queueKey('scene', scene) });
    say(sentence);
    return { scene, sentence };
  },
};

export const syncAll: Operation<SyncAllArguments, SweepAnswer> = {
  arguments: syncAllArguments,
  perform: async (context, { endSetup }) =>
    await sweep(context, 'Sync all scenes', null, 'All scenes of Stash are', endSetup),
};

export const syncChanged: Operation<SyncChangedArguments, SweepAnswer> = {
  arguments: syncChangedArguments,
  perform: async (context, { since }) => {
    const from = since === undefined ? usualSince(context) : momentOf(since, context.now);
    const when = new Date(from).toISOString().slice(0, 16).replace('T', ' ');
    const what = `The scenes changed in Stash since ${when} (UTC) are`;
    return await sweep(context, 'Sync changed scenes', from, what);
  },
};

async function sweep(
  context: TaskContext,
  title: string,
  since: number | null,
  what: string,
  endSetup = false,
): Promise<SweepAnswer> {
  const { db, log, say, now } = context;
  durableTransaction(db, () => {
    beginSweep(db, now, since);
    if (endSetup && isSettingUp(db) && !control.endSetup(db)) clearState(db, paused);
  });
  const sentence = `${what} compared with Plex, page by page; what differs is pushed.${pausedNote(db)}`;
  log.write('info', 'sweep', sentence);
  say(sentence);
  if (context.caller !== 'task') return { since, sentence };
  return { since, sentence: (await processHere(context, title)).sentence };
}

/** The one that the setup lets through. */
function tryScene(db: Database, scene: number): void {
  const held = readState(db, paused);
  if (held !== null) writeState(db, paused, { ...held, setup: { ...held.setup, trial: scene } });
}

function usualSince({ db, now }: TaskContext): number {
  const last = readState(db, sweptAt);
  return last === null ? now - usualHours * hourMs : Math.min(last, now) - overlapMs;
}

export function momentOf(since: Since, now: number): number {
  return 'at' in since ? since.at : Math.round(now - since.hours * hourMs);
}

/** What a person who asks for a scene should know about it. */
function reservations(db: Database, scene: number): readonly string[] {
  if (pinOf(db, scene)?.kind === 'never') {
    return [`But you chose never to write it to Plex: unpin ${scene} takes that back.`];
  }
  if (sceneState(db, scene)?.noItemReason === 'gone') {
    return ['It was deleted from Stash, as far as PlexSync knows.'];
  }
  return [];
}
