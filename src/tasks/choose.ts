// A person's choices: this Plex item for a scene, never any, or as PlexSync finds it. Only the data
// file is changed; the worker, woken afterwards, carries the choice out.
import { PlexSyncError } from '../contract/errors.ts';
import { sceneArguments, type SceneArguments } from '../contract/arguments.ts';
import {
  type ChoiceAnswer,
  type PinAnswer,
  pinArguments,
  type PinArguments,
} from '../contract/choices.ts';
import type { Database } from '../store/file/database.ts';
import { pinItem, pinnedTo, pinNever, pinOf, unpin as removePin } from '../store/match/pin.ts';
import { itemsOfScene, scenesThatCouldHave } from '../store/match/freed.ts';
import { partsOfItem } from '../store/match/candidate.ts';
import { queueKey, raiseScene } from '../store/queue/queue.ts';
import { dropReview } from '../store/match/review.ts';
import { sceneFiles } from '../store/match/sceneFile.ts';
import { ownerOf } from '../store/match/itemOwner.ts';
import { sceneState } from '../store/mirror/sceneState.ts';
import { durableTransaction } from '../store/file/sql.ts';
import { index, readState } from '../store/file/state.ts';
import type { TaskContext } from './context.ts';
import type { Operation } from './operation.ts';

export const pin: Operation<PinArguments, PinAnswer> = {
  arguments: pinArguments,
  perform: (context, { scene, item }) => {
    const { db, now } = context;
    const key = String(item);
    return choosing(context, scene, () => {
      const parts = partsOfItem(db, key);
      const [part] = parts;
      if (part === undefined) throw unknownItem(db, item);
      const other = pinnedTo(db, key, scene);
      if (other !== null) throw chosenElsewhere(db, item, other);
      const freed = itemsOfScene(db, scene);
      const { ratingKey, sectionId, title, file } = part;
      pinItem(db, scene, { ratingKey, sectionId, source: 'person', files: parts }, now);
      const owner = ownerOf(db, key, scene);
      const more = parts.length === 1 ? '' : ` and ${parts.length - 1} more`;
      const sentence = [
        `Scene ${scene} is Plex item ${key} from now on: ${title || 'without a title'} (${file}${more}).`,
        owner === null ? '' : `It was scene ${owner}’s, which is matched anew.`,
        ...strangeness(db, scene),
      ];
      return {
        answer: { scene, item: key, title, file, sentence: joined(sentence) },
        concerned: [
          ...(owner === null ? [] : [owner]),
          ...scenesThatCouldHave(db, [...freed, key]),
        ],
      };
    });
  },
};

export const never: Operation<SceneArguments, ChoiceAnswer> = {
  arguments: sceneArguments,
  perform: (context, { scene }) =>
    choosing(context, scene, () => {
      const { db, now } = context;
      const freed = itemsOfScene(db, scene);
      const state = sceneState(db, scene);
      const owned = state?.noItemReason === null ? state.ratingKey : null;
      pinNever(db, scene, now);
      const sentence = [
        `Scene ${scene} is never written to Plex from now on.`,
        owned === null
          ? ''
          : `What PlexSync wrote into its Plex item ${owned} until now stays there.`,
        ...strangeness(db, scene),
      ];
      return {
        answer: { scene, sentence: joined(sentence) },
        concerned: scenesThatCouldHave(db, freed),
      };
    }),
};

export const unpin: Operation<SceneArguments, ChoiceAnswer> = {
  arguments: sceneArguments,
  perform: (context, { scene }) => {
    const { db } = context;
    const before = pinOf(db, scene);
    if (before === null) {
      return { scene, sentence: `There was no choice for scene ${scene}; nothing was changed.` };
    }
    return choosing(context, scene, () => {
      const freed = itemsOfScene(db, scene);
      removePin(db, scene);
      const what = before.kind === 'never' ? 'never' : `Plex item ${before.ratingKey}`;
      const link = before.kind === 'item' && before.source === 'url';
      const sentence = [
        `The choice for scene ${scene} (${what}) is taken back: PlexSync matches it again by itself.`,
        link ? 'A link at the scene named that item: while it is there, it is found again.' : '',
      ];
      return {
        answer: { scene, sentence: joined(sentence) },
        concerned: scenesThatCouldHave(db, freed),
      };
    });
  },
};

interface Chosen<Answer> {
  readonly answer: Answer;
  /** Other scenes that have to be matched anew. */
  readonly concerned: readonly number[];
}

/** Does all of it or nothing, and on the disk before it is answered: nobody chooses a second time. */
function choosing<Answer extends { readonly sentence: string }>(
  { db, now, log, say }: TaskContext,
  scene: number,
  choose: () => Chosen<Answer>,
): Answer {
  const correlation = `${now.toString(36)}-${process.pid}-choice`;
  const answer = durableTransaction(db, () => {
    const chosen = choose();
    // The question is answered, even if the worker cannot carry it out before Plex is back.
    dropReview(db, scene);
    const others = new Set(chosen.concerned);
    others.delete(scene);
    for (const id of [scene, ...others]) raiseScene(db, id, now, 'choice', correlation, 0);
    return chosen.answer;
  });
  log.write('info', 'choice', answer.sentence, {
    cid: correlation,
    key: queueKey('scene', scene),
  });
  say(answer.sentence);
  return answer;
}

/** Whether Stash has the scene is the worker's to find out: this does not ask anybody. */
function strangeness(db: Database, scene: number): readonly string[] {
  const state = sceneState(db, scene);
  if (state?.noItemReason === 'gone') {
    return [`Scene ${scene} was deleted from Stash: nothing will come of it.`];
  }
  if (state !== null || sceneFiles(db, scene).length > 0) return [];
  return [
    `PlexSync has not met scene ${scene} yet: if Stash has none of that number, nothing will come of it.`,
  ];
}

function unknownItem(db: Database, item: number): PlexSyncError {
  const looked = readState(db, index);
  const message =
    looked === null
      ? `PlexSync has not read Plex’s libraries yet, so it knows no item ${item}. The status says why.`
      : `PlexSync knows no Plex item ${item} with a file in the libraries that it keeps in step. An item’s number stands in its address in Plex, after metadata%2F. A new one is known after the next look into Plex: at once when a scene without an item is saved, within an hour while one waits, and within a day of work at most.`;
  return new PlexSyncError('bad-arguments', message, { field: 'item' });
}

function chosenElsewhere(db: Database, item: number, scene: number): PlexSyncError {
  const other = pinOf(db, scene);
  const how =
    other?.kind === 'item' && other.source === 'url'
      ? `is scene ${scene}’s, where a link names it. Take that link away in Stash, then`
      : `was chosen for scene ${scene}. First`;
  const message = `Plex item ${item} ${how} take that choice back: unpin ${scene}.`;
  return new PlexSyncError('bad-arguments', message, { field: 'item' });
}

function joined(sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ');
}
