// PlexSync is switched off in a real Stash while what scenes share is renamed, merged and deleted, and a
// scene is: nothing dates the other scenes. Switched on, the run that follows puts Plex right by itself.
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import { runsAnswer, type RunView } from '../../../src/contract/reconcile.ts';
import { until } from '../../helpers/wait.ts';
import { moveStashBack, movePlexSyncBack } from '../harness/earlier.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

let world: RealWorld;
showLogsOfFailures(() => world);
beforeAll(async () => {
  world = await openRealWorld({
    env: { PLEXSYNC_CATCH_UP_MS: '0', PLEXSYNC_LOOK_MS: '500' },
    settings: { withdrawWhenGone: true },
  });
});
afterAll(async () => {
  await world?.close();
});

const runs = async (): Promise<readonly RunView[]> =>
  v.parse(runsAnswer, await world.operation({ name: 'runs' })).runs;
/** Resolves when a run with a greater number than that has ended, and nothing waits. */
const endedAfter = async (number: number): Promise<RunView> => {
  let newest: RunView | undefined;
  await until('the next run has ended', async () => {
    [newest] = await runs();
    return newest !== undefined && newest.id > number && newest.state === 'ended';
  });
  if (newest === undefined) throw new TypeError('unreachable');
  await world.settled();
  return newest;
};
/** Lines of PlexSync's log about each scene so far. */
const told = (pairs: readonly Pair[]): readonly number[] =>
  pairs.map(({ sceneId }) => world.log().split(`"key":"scene:${sceneId}"`).length - 1);
const writes = (pairs: readonly Pair[]): readonly number[] =>
  pairs.map(({ ratingKey }) => world.plex.history(ratingKey).length);
/** Switches PlexSync off for that long. @returns the run that follows */
const away = async (work: () => Promise<void>): Promise<RunView> => {
  const [last] = await runs();
  const seen = world.log().length;
  await world.enable(false);
  await until('it is noticed', () =>
    world.log().slice(seen).includes('PlexSync is switched off in Stash'),
  );
  await work();
  await world.enable(true);
  const status = await world.status();
  expect(status.missedSince?.reason).toMatch(/switched off/);
  const run = await endedAfter(last?.id ?? 0);
  expect(run.origin).toBe('missed');
  expect((await world.status()).missedSince).toBeNull();
  return run;
};
const figures = (run: RunView): string =>
  `${run.scenes} scenes looked at, ${run.stashRequests} requests to Stash, ${run.plexRequests} to Plex`;

test('[1.5 RECV-05] performers, studios and tags renamed, performers merged, a tag and a scene deleted while it was off', {
  timeout: 180_000,
}, async () => {
  const of = (first: number, count = 5): readonly Pair[] => world.pairs.slice(first, first + count);
  const [ann = '', bea = '', cleo = ''] = await world.performers('Ann', 'Bea', 'Cleo');
  const [sea = '', boats = '', going = ''] = await world.tags('Sea', 'Boats', 'Going');
  const studio = await world.studio('Quay Pictures');
  const only = (...ids: readonly string[]): unknown => ({ ids, mode: 'SET' });
  const [renamed, ofSource, ofTarget, ofStudio, ofTag, ofGoing] = [
    of(0),
    of(5),
    of(10),
    of(15, 60),
    of(75),
    of(80),
  ];
  const [deleted, ...others] = of(85, 19);
  if (deleted === undefined) throw new Error('the library is too small');
  await world.bulkEdit(world.pairs, { details: 'Known' });
  await world.bulkEdit(renamed, { performer_ids: only(ann) });
  await world.bulkEdit(ofSource, { performer_ids: only(bea) });
  await world.bulkEdit(ofTarget, { performer_ids: only(cleo) });
  await world.bulkEdit(ofStudio, { studio_id: studio });
  await world.bulkEdit(ofTag, { tag_ids: only(sea, boats) });
  await world.bulkEdit(ofGoing, { tag_ids: only(going, boats) });
  await world.settled();
  const plexBefore = world.item(deleted);
  expect(plexBefore.summary).toBe('Known');
  // All of that a day ago.
  await world.stash.stop();
  moveStashBack(world.stash.directory, 26);
  movePlexSyncBack(world.data, 26);
  await world.stash.start();
  await world.status();
  expect((await endedAfter(0)).scenes).toBe(0);

  const [otherTold, otherWrites] = [told(others), writes(others)];
  const nothing = await away(async () => {});
  console.info(`nothing to find: ${figures(nothing)}`);
  expect(nothing.stashRequests + nothing.plexRequests).toBeLessThanOrEqual(3);

  const entityWrites = [renamed, ofSource, ofTag, ofGoing, ofStudio].map(writes);
  const targetWrites = writes(ofTarget);
  const run = await away(async () => {
    await world.rename('performer', ann, 'Anna');
    await world.rename('studio', studio, 'Quay & Sons');
    await world.rename('tag', sea, 'Ocean');
    await world.mutate(
      `mutation ($source: [ID!]!, $id: ID!) {
        performerMerge(input: { source: $source, destination: $id }) { id } }`,
      { source: [bea], id: cleo },
    );
    await world.destroy('tag', going);
    await world.mutate('mutation ($input: SceneDestroyInput!) { sceneDestroy(input: $input) }', {
      input: { id: deleted.sceneId },
    });
  });
  console.info(`renamed, merged and deleted: ${figures(run)}`);
  expect(run.queued).toMatchObject({ 'scene-gone': 1 });
  expect(run.scenes).toBe(1);
  expect(run.stashRequests + run.plexRequests).toBeLessThanOrEqual(5);
  expect(renamed.map((pair) => world.item(pair).actors)).toEqual(renamed.map(() => ['Anna']));
  expect(ofSource.map((pair) => world.item(pair).actors)).toEqual(ofSource.map(() => ['Cleo']));
  expect(new Set(ofStudio.map((pair) => world.item(pair).studio))).toEqual(
    new Set(['Quay & Sons']),
  );
  expect(ofTag.map((pair) => [...world.item(pair).genres].toSorted())).toEqual(
    ofTag.map(() => ['Boats', 'Ocean']),
  );
  expect(ofGoing.map((pair) => world.item(pair).genres)).toEqual(ofGoing.map(() => ['Boats']));
  // What had been put into the item of the scene that is gone was taken out.
  expect(world.item(deleted).summary).toBe('');
  // Each of theirs was pushed once (to take a name from a list is a write of its own); those of the
  // performer merged into were looked at at most.
  const more = [renamed, ofSource, ofTag, ofGoing, ofStudio].map((pairs, group) =>
    writes(pairs).map((count, at) => count - (entityWrites[group]?.[at] ?? 0)),
  );
  expect(more.map((counts) => [...new Set(counts)])).toEqual([[2], [2], [2], [2], [1]]);
  expect(writes(ofTarget)).toEqual(targetWrites);
  expect(told(others)).toEqual(otherTold);
  expect(writes(others)).toEqual(otherWrites);
  expect((await world.status()).deadLetters.count).toBe(0);

  // What shows nothing in Plex has no write.
  const before = writes(world.pairs);
  const unshown = await away(async () => {
    await world.mutate(
      'mutation ($input: PerformerUpdateInput!) { performerUpdate(input: $input) { id } }',
      { input: { id: cleo, details: 'a life', rating100: 60 } },
    );
  });
  console.info(`a performer's rating: ${figures(unshown)}`);
  expect(writes(world.pairs)).toEqual(before);
  expect(told(others)).toEqual(otherTold);
});
