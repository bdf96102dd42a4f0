// From the id of any hook one finds its push in the log, also where several became one push.
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorld, type World } from '../helpers/world.ts';

const lineSchema = v.object({
  event: v.string(),
  cid: v.optional(v.string(), ''),
  also: v.optional(v.string(), ''),
  joins: v.optional(v.string()),
});

describe('[1.0 OBS-01] the ids in the log', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await world.configure();
  });
  afterEach(async () => {
    await world?.close();
  });

  const lines = (): readonly v.InferOutput<typeof lineSchema>[] =>
    world
      .logText()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => v.parse(lineSchema, JSON.parse(line)));

  test('three saves of a scene are one push, which is found by the id of each', async () => {
    const { sceneId } = world.addPair();
    for (const title of ['One', 'Two', 'Three']) world.edit(sceneId, { title });
    world.startWorker();
    await world.settled();
    const events = lines().filter(({ event }) => event === 'event');
    const pushes = lines().filter(({ event }) => event === 'pushed');
    expect(pushes).toHaveLength(1);
    const { cid, also } = pushes[0] ?? { cid: '', also: '' };
    expect(new Set(events.map((line) => line.cid))).toEqual(new Set([cid, ...also.split(' ')]));
    expect(events.map(({ joins }) => joins)).toEqual([undefined, cid, cid]);
  });

  test('a rename that reaches a scene which waits is named by its push, too', async () => {
    const { sceneId } = world.addPair();
    world.edit(sceneId, { title: 'Of a studio', studio: 'Old name' });
    world.startWorker();
    await world.settled();
    const [studio] = world.stash.store.entities('studio');
    const id = studio?.id ?? 0;
    await world.plex.goAway();
    world.edit(sceneId, { title: 'Edited while Plex is away' });
    world.stash.store.changeEntity('studio', id, { name: 'New name' });
    world.dropEvent('Studio.Update.Post', id);
    await world.plex.comeBack();
    await world.settled();
    const renamed = lines().findLast(({ event }) => event === 'event')?.cid ?? '';
    const ends = lines().filter(
      ({ event, cid, also }) =>
        (event === 'pushed' || event === 'unchanged') &&
        [cid, ...also.split(' ')].includes(renamed),
    );
    expect(ends.length).toBeGreaterThan(0);
  });
});
