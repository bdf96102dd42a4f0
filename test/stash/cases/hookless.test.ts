// What Stash changes without a word to its plugins: each is done in a real Stash, and it is seen which
// run finds it. docs/reconciliation.md has the table.
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { gapsAnswer, type RunView } from '../../../src/contract/reconcile.ts';
import { until } from '../../helpers/wait.ts';
import { scanWithoutPlugins } from '../harness/library.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { type Pair, openRealWorld, type RealWorld } from '../harness/world.ts';
import { zipOf } from '../harness/zip.ts';

let world: RealWorld;
showLogsOfFailures(() => world);
beforeAll(async () => {
  const { binary, root, library } = inject('realStash');
  const media = join(root, 'hookless-media');
  // One of its files is moved: others go on with theirs.
  cpSync(library.media, media, { recursive: true });
  world = await openRealWorld({ library: await scanWithoutPlugins(binary, root, media) });
});
afterAll(async () => {
  await world?.close();
});

const ran = async (args: object): Promise<RunView> => {
  const begun = v.parse(
    v.object({ run: v.object({ id: v.number() }) }),
    await world.operation({ name: 'reconcile', ...args }),
  );
  let last: RunView | null = null;
  await until('the run has ended', async () => {
    ({ last } = (await world.status()).reconcile);
    return last?.id === begun.run.id;
  });
  if (last === null) throw new TypeError('unreachable');
  return last;
};
const importObjects = async (files: Readonly<Record<string, string>>): Promise<void> => {
  const query = `mutation ($file: Upload!) { importObjects(input: { file: $file,
    duplicateBehaviour: OVERWRITE, missingRefBehaviour: IGNORE }) }`;
  const form = new FormData();
  form.set('operations', JSON.stringify({ query, variables: { file: null } }));
  form.set('map', JSON.stringify({ 0: ['variables.file'] }));
  form.set('0', new File([new Uint8Array(zipOf(files))], 'import.zip'));
  const response = await fetch(`${world.face.url}/graphql`, { method: 'POST', body: form });
  const started = v.object({ data: v.object({ importObjects: v.string() }) });
  v.parse(started, await response.json());
};
const filesSchema = v.object({
  findScene: v.object({ title: v.string(), files: v.array(v.object({ id: v.string() })) }),
});
const read = async ({ sceneId }: Pair) =>
  (
    await world.face.graphql(
      filesSchema,
      'query ($id: ID!) { findScene(id: $id) { title files { id } } }',
      { id: sceneId },
    )
  ).findScene;
const atRest = async (): Promise<void> => {
  await until('nothing waits, no picture either', async () => {
    const { queue, extras } = await world.status();
    return queue.spooled + queue.pending + queue.inFlight + extras.waiting === 0;
  });
};
/** `scene kind:field` of the gaps that a run has found. */
const gapsOf = async ({ id }: RunView): Promise<readonly string[]> => {
  const { rows } = v.parse(gapsAnswer, await world.operation({ name: 'gaps', limit: 500 }));
  return rows
    .filter(({ runId }) => runId === id)
    .map(({ scene, kind, field }) => `${scene ?? '-'} ${kind}${field === '' ? '' : `:${field}`}`)
    .toSorted();
};
const posters = (pair: Pair): number => world.item(pair).posters.length;

test('[1.4 GAP-02] auto-tag, merges, moved files, a generated cover and an import: which run finds which', {
  timeout: 120_000,
}, async () => {
  const [tagged, target, source] = [world.pair(0), world.pair(1), world.pair(2)];
  const [played, moved, covered, imported] = [3, 4, 5, 6].map((at) => world.pair(at));
  if (!played || !moved || !covered || !imported) throw new Error('the library is too small');
  const [one = '', two = ''] = await world.performers('Ann One', 'Ann Two');
  for (const pair of world.pairs.slice(0, 7)) {
    await world.edit(pair, { title: `Title ${pair.sceneId}` });
  }
  await world.edit(played, { performer_ids: [two] });
  const [tag] = await world.tags('clip 001');
  await atRest();
  expect((await ran({})).found).toEqual({});
  await atRest();
  const postersBefore = posters(covered);
  // Stash's times are of whole seconds.
  await delay(1_100);
  const from = `${new Date().toISOString().slice(0, 19)}Z`;

  await world.face.job('mutation ($tags: [String!]) { metadataAutoTag(input: { tags: $tags }) }', {
    tags: [tag],
  });
  await world.mutate(
    `mutation ($source: [ID!]!, $id: ID!) {
      sceneMerge(input: { source: $source, destination: $id, values: { id: $id, title: "Merged" } })
      { id } }`,
    { source: [source.sceneId], id: target.sceneId },
  );
  await world.face.job(
    `mutation ($ids: [ID!]) {
      metadataGenerate(input: { covers: true, sceneIDs: $ids, overwrite: true }) }`,
    { ids: [covered.sceneId] },
  );
  await world.mutate(
    `mutation ($source: [ID!]!, $id: ID!) {
      performerMerge(input: { source: $source, destination: $id }) { id } }`,
    { source: [two], id: one },
  );
  const folder = join(dirname(moved.path), 'moved');
  mkdirSync(folder, { recursive: true });
  await world.mutate(
    `mutation ($ids: [ID!]!, $folder: String!) {
      moveFiles(input: { ids: $ids, destination_folder: $folder }) }`,
    { ids: (await read(moved)).files.map(({ id }) => id), folder },
  );
  const time = '2020-01-01T00:00:00Z';
  const scene = { title: 'Imported', files: [imported.path], created_at: time, updated_at: time };
  await importObjects({ 'scenes/one.json': JSON.stringify(scene) });
  await until('it is imported', async () => (await read(imported)).title === 'Imported');
  // None of it was told to PlexSync.
  expect((await world.status()).queue).toMatchObject({ spooled: 0, pending: 0 });

  const incremental = await ran({ scope: 'custom', from });
  const foundFirst = await gapsOf(incremental);
  await atRest();
  const full = await ran({});
  const foundThen = await gapsOf(full);
  await atRest();
  console.info(`incremental: ${foundFirst.join(', ')}; ${incremental.covers} pictures`);
  console.info(`full: ${foundThen.join(', ')}; ${full.covers} pictures`);
  const { sceneId: to } = target;
  expect(foundFirst).toEqual([`${tagged.sceneId} empty:genre`, `${to} moved`, `${to} stale:title`]);
  expect(incremental.covers).toBeGreaterThan(0);
  expect(posters(covered)).toBe(postersBefore + 1);
  expect(foundThen).toEqual([
    // The item of the scene that was merged into another.
    '- no-scene',
    `${source.sceneId} scene-gone`,
    `${played.sceneId} stale:actor`,
    `${moved.sceneId} moved`,
    `${imported.sceneId} stale:title`,
  ]);
  expect(world.item(tagged).genres).toEqual(['clip 001']);
  expect(world.item(target).title).toBe('Merged');
  expect(world.item(played).actors).toEqual(['Ann One']);
  expect(world.item(imported).title).toBe('Imported');
  // What is only told stays.
  expect((await ran({})).found).toEqual({ 'no-scene': 1 });
});
