// The operations of PlexSync that the page calls, with the schemas that their answers hold to: for the
// types, and for the build, which makes short forms of them (`answers.ts`). Their arguments are checked
// where they arrive.
import * as v from 'valibot';
import { actionAnswer } from '../../contract/actions.ts';
import { checkSettingsAnswer } from '../../contract/checkSettings.ts';
import { choiceAnswer, pinAnswer } from '../../contract/choices.ts';
import { coverageAnswer } from '../../contract/coverage.ts';
import { findPlexAnswer } from '../../contract/findPlex.ts';
import { healthAnswer } from '../../contract/health.ts';
import { historyAnswer } from '../../contract/history.ts';
import {
  deadLettersAnswer,
  extrasAnswer,
  queueAnswer,
  waitingAnswer,
} from '../../contract/lists.ts';
import { librariesAnswer } from '../../contract/libraries.ts';
import { mappingsAnswer } from '../../contract/mappings.ts';
import { outagesAnswer, recoverAnswer } from '../../contract/outages.ts';
import { gapActionAnswer, gapsAnswer, reconcileAnswer } from '../../contract/reconcile.ts';
import { reviewAnswer } from '../../contract/review.ts';
import { sceneViewAnswer } from '../../contract/sceneView.ts';
import { statusSchema } from '../../contract/status.ts';
import { supportAnswer } from '../../contract/support.ts';
import { processAnswer, sweepAnswer, syncAnswer } from '../../contract/sync.ts';

/** What the page reads. */
export const operations = {
  status: statusSchema,
  queue: queueAnswer,
  'dead-letters': deadLettersAnswer,
  extras: extrasAnswer,
  waiting: waitingAnswer,
  review: reviewAnswer,
  scene: sceneViewAnswer,
  history: historyAnswer,
  outages: outagesAnswer,
  gaps: gapsAnswer,
  coverage: coverageAnswer,
  libraries: librariesAnswer,
  mappings: mappingsAnswer,
  health: healthAnswer,
  'find-plex': findPlexAnswer,
  'check-settings': checkSettingsAnswer,
  /** The text has it all. */
  support: v.pick(supportAnswer, ['text']),
} as const;

/** What a button does. Each answers a sentence for the person who pressed it. */
export const actions = {
  process: processAnswer,
  sync: syncAnswer,
  'sync-all': sweepAnswer,
  'sync-changed': sweepAnswer,
  pin: pinAnswer,
  never: choiceAnswer,
  unpin: choiceAnswer,
  retry: actionAnswer,
  first: actionAnswer,
  remove: actionAnswer,
  clear: actionAnswer,
  purge: actionAnswer,
  pause: actionAnswer,
  resume: actionAnswer,
  'release-locks': actionAnswer,
  'recover-outage': recoverAnswer,
  reconcile: reconcileAnswer,
  'end-reconcile': reconcileAnswer,
  'release-gaps': gapActionAnswer,
  'ignore-gap': gapActionAnswer,
} as const;

export type OperationName = keyof typeof operations;
export type ActionName = keyof typeof actions;
export type AnswerOf<Name extends OperationName> = v.InferOutput<(typeof operations)[Name]>;
export type ActionAnswerOf<Name extends ActionName> = v.InferOutput<(typeof actions)[Name]>;

export type AnyName = OperationName | ActionName;
export type AnyAnswer<Name extends AnyName> = Name extends OperationName
  ? AnswerOf<Name>
  : Name extends ActionName
    ? ActionAnswerOf<Name>
    : never;

/** As JSON can carry them. */
export type Arguments = Readonly<Record<string, unknown>>;
