// A performer, studio, tag or group changes, and every scene of theirs shows it, without a hook of
// its own and without holding up what a person edits meanwhile.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../helpers/wait.ts';
import { openWorld, type Pair, type World } from '../helpers/world.ts';

describe('[1.0 MATCH-02] a change of a performer, studio, tag or group', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await world.configure();
  });
  afterEach(async () => {
    await world.close();
  });

  const item = (pair: Pair) => world.plex.library.item(pair.ratingKey);
  const idOf = (kind: 'studio' | 'tag' | 'performer' | 'group', name: string): number => {
    for (const known of world.stash.store.entities(kind)) if (known.name === name) return known.id;
    throw new Error(`no ${kind} ${name}`);
  };
  const inStep = async (pairs: readonly Pair[]): Promise<void> => {
    for (const { sceneId } of pairs) {
      world.edit(sceneId, {
        title: `Scene ${sceneId}`,
        studio: 'Old Studio',
        tags: ['Old Tag', 'Other'],
        performers: ['Old Name', 'Cy Dorn'],
      });
    }
    await world.settled();
  };

  it('reaches every scene of theirs, and no other', async () => {
    const pairs = world.addPairs(5);
    const others = world.addPairs(3);
    world.startWorker();
    await inStep(pairs);
    for (const { sceneId } of others)
      world.edit(sceneId, { title: 'Another', studio: 'Elsewhere' });
    await world.settled();
    const writes = world.plex.counts().writes;
    world.stash.store.changeEntity('performer', idOf('performer', 'Old Name'), {
      name: 'New Name',
    });
    world.dropEvent('Performer.Update.Post', idOf('performer', 'New Name'));
    world.stash.store.changeEntity('studio', idOf('studio', 'Old Studio'), { name: 'New Studio' });
    world.dropEvent('Studio.Update.Post', idOf('studio', 'New Studio'));
    world.stash.store.changeEntity('tag', idOf('tag', 'Old Tag'), { name: 'New Tag' });
    world.dropEvent('Tag.Update.Post', idOf('tag', 'New Tag'));
    await until('all arrive', () =>
      pairs.every(
        (pair) =>
          item(pair)?.studio === 'New Studio' &&
          item(pair)?.actors.includes('New Name') === true &&
          item(pair)?.genres.includes('New Tag') === true,
      ),
    );
    await world.settled();
    for (const pair of pairs) {
      expect(item(pair)?.actors.toSorted()).toEqual(['Cy Dorn', 'New Name']);
      expect(item(pair)?.genres.toSorted()).toEqual(['New Tag', 'Other']);
    }
    expect(others.map((pair) => item(pair)?.studio)).toEqual(others.map(() => 'Elsewhere'));
    expect(world.plex.counts().writes).toBeGreaterThan(writes);
  });

  it('that its scenes do not show (a rating, a picture) costs Plex nothing', async () => {
    const pairs = world.addPairs(20);
    world.startWorker();
    await inStep(pairs);
    const performer = idOf('performer', 'Cy Dorn');
    world.dropEvent('Performer.Update.Post', performer);
    await world.settled();
    const { reads, writes } = world.plex.counts();
    world.dropEvent('Performer.Update.Post', performer);
    world.dropEvent('Performer.Update.Post', performer);
    await world.settled();
    expect(world.plex.counts()).toMatchObject({ reads, writes });
    const raised = [...world.logText().matchAll(/Raised (\d+) of 20 scenes/g)].map(([, n]) => n);
    expect([...new Set(raised)]).toEqual(['20', '0']);
  });

  it('that is taken back after one of its scenes was pushed with it reaches that scene again', async () => {
    const pairs = world.addPairs(3);
    const [first] = pairs;
    if (first === undefined) throw new Error('no pair');
    world.startWorker();
    await inStep(pairs);
    const studio = idOf('studio', 'Old Studio');
    world.dropEvent('Studio.Update.Post', studio);
    await world.settled();
    // Renamed, one scene edited meanwhile, renamed back: the hook of the first was lost.
    world.stash.store.changeEntity('studio', studio, { name: 'Mistake' });
    world.edit(first.sceneId, { title: 'Edited' });
    await until('it has the mistake', () => item(first)?.studio === 'Mistake');
    world.stash.store.changeEntity('studio', studio, { name: 'Old Studio' });
    world.dropEvent('Studio.Update.Post', studio);
    await until('it is put right', () => item(first)?.studio === 'Old Studio');
  });

  it('destroyed is taken away from every scene that had it', async () => {
    const pairs = world.addPairs(4);
    world.startWorker();
    await inStep(pairs);
    for (const [kind, type, name] of [
      ['performer', 'Performer', 'Old Name'],
      ['tag', 'Tag', 'Old Tag'],
      ['studio', 'Studio', 'Old Studio'],
    ] as const) {
      const id = idOf(kind, name);
      world.stash.store.removeEntity(kind, id);
      world.dropEvent(`${type}.Destroy.Post`, id);
    }
    await until('all are gone', () =>
      pairs.every((pair) => item(pair)?.actors.length === 1 && (item(pair)?.studio ?? '') === ''),
    );
    await world.settled();
    for (const pair of pairs) {
      expect(item(pair)?.actors).toEqual(['Cy Dorn']);
      expect(item(pair)?.genres).toEqual(['Other']);
    }
  });

  it('merged: the scenes of the one that went in show the one that stayed', async () => {
    const pairs = world.addPairs(4);
    world.startWorker();
    await inStep(pairs);
    const source = idOf('tag', 'Old Tag');
    const target = world.stash.store.addEntity('tag', { name: 'Kept Tag' });
    world.stash.store.mergeEntities('tag', [source], target);
    world.dropEvent('Tag.Merge.Post', target);
    await until('all arrive', () =>
      pairs.every((pair) => item(pair)?.genres.includes('Kept Tag') === true),
    );
    await world.settled();
    for (const pair of pairs) expect(item(pair)?.genres.toSorted()).toEqual(['Kept Tag', 'Other']);
  });

  it.each(['tag', 'performer'] as const)(
    'a %s that others are merged into is shown by their scenes, though its name was carried before',
    async (kind) => {
      const pairs = world.addPairs(4);
      const others = world.addPairs(2);
      world.startWorker();
      await inStep(pairs);
      const kept = world.stash.store.addEntity(kind, { name: 'Kept' });
      const ids = kind === 'tag' ? { tags: ['Kept'] } : { performers: ['Kept'] };
      for (const { sceneId } of others) world.edit(sceneId, { title: 'Another', ...ids });
      const type = kind === 'tag' ? 'Tag' : 'Performer';
      world.dropEvent(`${type}.Update.Post`, kept);
      await world.settled();
      const source = idOf(kind, kind === 'tag' ? 'Old Tag' : 'Old Name');
      world.stash.store.mergeEntities(kind, [source], kept);
      // Stash tells a merge of tags; one of performers shows with the next save of the one that stays.
      world.dropEvent(kind === 'tag' ? 'Tag.Merge.Post' : 'Performer.Update.Post', kept);
      const shown = (pair: Pair): readonly string[] =>
        (kind === 'tag' ? item(pair)?.genres : item(pair)?.actors) ?? [];
      await until('all arrive', () => pairs.every((pair) => shown(pair).includes('Kept')));
      await world.settled();
      for (const pair of pairs) {
        expect(shown(pair).toSorted()).toEqual(
          kind === 'tag' ? ['Kept', 'Other'] : ['Cy Dorn', 'Kept'],
        );
      }
    },
  );

  it('raises each of 5,000 scenes once, and an edit made meanwhile overtakes them', async () => {
    await world.configure({ fields: 'pictures: off' });
    const pairs = world.addPairs(5_000);
    const unrelated = world.addPair();
    const studio = world.stash.store.addEntity('studio', { name: 'Old Studio' });
    for (const { sceneId } of pairs) {
      world.stash.store.changeScene(sceneId, { studioId: studio }, { touch: false });
    }
    world.plex.switches.writeServiceMs = 30;
    world.startWorker();
    world.stash.store.changeEntity('studio', studio, { name: 'New Studio' });
    world.dropEvent('Studio.Update.Post', studio);
    const shown = (): number => pairs.filter((pair) => item(pair)?.studio === 'New Studio').length;
    await until('it is under way', () => shown() > 100, 60_000);
    const shownBefore = shown();
    world.edit(unrelated.sceneId, { title: 'Edited meanwhile' });
    await until('the edit arrives', () => item(unrelated)?.title === 'Edited meanwhile', 60_000);
    const letPast = shown() - shownBefore;
    world.plex.switches.writeServiceMs = 0;
    await until('all arrive', () => shown() === pairs.length, 120_000);
    await world.settled();
    // The batch that was on its way, its own, and what is written until the event is seen.
    expect(letPast).toBeLessThanOrEqual(200);
    // No scene is written twice; and the edit.
    expect(world.plex.counts().editedItems).toBe(pairs.length + 1);
  }, 240_000);
});
