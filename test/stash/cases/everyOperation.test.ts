// Every operation, asked for as the page asks: through a real Stash, which hands over the arguments
// and hands back the answer.
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actionAnswer } from '../../../src/contract/actions.ts';
import { checkSettingsAnswer } from '../../../src/contract/checkSettings.ts';
import { choiceAnswer, pinAnswer } from '../../../src/contract/choices.ts';
import { coverageAnswer } from '../../../src/contract/coverage.ts';
import { findPlexAnswer } from '../../../src/contract/findPlex.ts';
import { healthAnswer } from '../../../src/contract/health.ts';
import { historyAnswer } from '../../../src/contract/history.ts';
import { viewingAnswer } from '../../../src/contract/viewing.ts';
import { librariesAnswer } from '../../../src/contract/libraries.ts';
import {
  deadLettersAnswer,
  extrasAnswer,
  queueAnswer,
  waitingAnswer,
} from '../../../src/contract/lists.ts';
import { mappingsAnswer } from '../../../src/contract/mappings.ts';
import { metricsAnswer } from '../../../src/contract/metrics.ts';
import { outagesAnswer, recoverAnswer } from '../../../src/contract/outages.ts';
import {
  gapActionAnswer,
  gapsAnswer,
  reconcileAnswer,
  runsAnswer,
} from '../../../src/contract/reconcile.ts';
import { reviewAnswer } from '../../../src/contract/review.ts';
import { sceneViewAnswer } from '../../../src/contract/sceneView.ts';
import { statusSchema } from '../../../src/contract/status.ts';
import { supportAnswer } from '../../../src/contract/support.ts';
import { tellAnswer } from '../../../src/contract/tell.ts';
import { processAnswer, sweepAnswer, syncAnswer } from '../../../src/contract/sync.ts';
import { taskNames } from '../../../src/tasks/dispatch.ts';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

let world: RealWorld;
showLogsOfFailures(() => world);
beforeAll(async () => {
  world = await openRealWorld();
});
afterAll(async () => {
  await world?.close();
});

test('every operation takes its arguments and answers in its documented form [1.2 QUEUE-01] [1.2 QUEUE-05]', async () => {
  const pair = world.pair(0);
  await world.edit(pair, { title: 'Asked for' });
  await until('it arrives', () => world.item(pair).title === 'Asked for');
  await world.settled();
  const scene = Number(pair.sceneId);
  const item = Number(pair.ratingKey);
  const addresses = world.plex.url;
  /** In an order in which each has something to say. */
  const calls: readonly (readonly [string, object, v.GenericSchema])[] = [
    ['status', {}, statusSchema],
    ['status', { after: '0123456789abcdef' }, statusSchema],
    ['process', {}, processAnswer],
    ['sync', { scene }, syncAnswer],
    ['sync-changed', { since: 1 }, sweepAnswer],
    ['pin', { scene, item }, pinAnswer],
    ['unpin', { scene }, choiceAnswer],
    ['never', { scene }, choiceAnswer],
    ['unpin', { scene }, choiceAnswer],
    ['scene', { scene }, sceneViewAnswer],
    ['review', { limit: 5 }, reviewAnswer],
    ['mappings', {}, mappingsAnswer],
    ['queue', { search: 'asked' }, queueAnswer],
    ['dead-letters', {}, deadLettersAnswer],
    ['waiting', {}, waitingAnswer],
    ['extras', {}, extrasAnswer],
    ['coverage', { group: 'in-sync' }, coverageAnswer],
    ['history', { scene }, historyAnswer],
    ['viewing', { scene }, viewingAnswer],
    ['metrics', {}, metricsAnswer],
    ['libraries', {}, librariesAnswer],
    ['health', {}, healthAnswer],
    ['support', {}, supportAnswer],
    ['tell', {}, tellAnswer],
    ['settings-saved', {}, v.object({ noted: v.literal(true) })],
    ['find-plex', { addresses }, findPlexAnswer],
    ['check-settings', { settings: { tagLimit: 0 }, changed: 'tagLimit' }, checkSettingsAnswer],
    ['outages', {}, outagesAnswer],
    ['recover-outage', { from: 1 }, recoverAnswer],
    ['reconcile', { scope: '24h', dry: true }, reconcileAnswer],
    ['runs', {}, runsAnswer],
    ['gaps', { kind: 'stale' }, gapsAnswer],
    ['release-gaps', { scene }, gapActionAnswer],
    ['end-reconcile', {}, reconcileAnswer],
    ['pause', {}, actionAnswer],
    ['sync-all', {}, sweepAnswer],
    ['first', { keys: [scene] }, actionAnswer],
    ['retry', { all: true }, actionAnswer],
    ['remove', { list: 'queue', keys: [`scene:${scene}`] }, actionAnswer],
    ['purge', { days: 30 }, actionAnswer],
    ['clear', {}, actionAnswer],
    ['release-locks', {}, actionAnswer],
    ['resume', {}, actionAnswer],
  ];
  const asked = new Set(calls.map(([name]) => name));
  // There is no gap to ignore: test/reconcile/scope.test.ts has one.
  expect([...asked, 'ignore-gap'].toSorted()).toEqual([...taskNames].toSorted());
  for (const [name, args, schema] of calls) {
    const answer = await world.operation({ name, ...args });
    const parsed = v.safeParse(schema, answer);
    expect([name, parsed.issues?.map(({ message }) => message)]).toEqual([name, undefined]);
  }
  const found = v.parse(findPlexAnswer, await world.operation({ name: 'find-plex', addresses }));
  expect(JSON.stringify(found)).toContain(world.plex.url);
});
