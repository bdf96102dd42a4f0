// Scenes that the settings keep out of Plex are left alone, and come as soon as they may.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MatchingWorld, matchingWorld } from '../helpers/matching.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { until } from '../helpers/wait.ts';
import { matchBasis, readState } from '../../src/store/file/state.ts';
import { openWorld, type World } from '../helpers/world.ts';

describe('a scene that the settings keep out of Plex', () => {
  let world: World;
  let on: MatchingWorld;
  beforeEach(async () => {
    world = await openWorld();
    on = matchingWorld(world);
  });
  afterEach(async () => {
    await world.close();
  });

  const organise = (sceneId: number, organized: boolean): void => {
    world.stash.store.changeScene(sceneId, { organized }, { touch: true });
    world.dropEvent('Scene.Update.Post', sceneId);
  };

  it('is not written, with the reason told, until it is organised', async () => {
    await world.configure({ onlyOrganized: true });
    const { sceneId, ratingKey } = world.addPair();
    world.startWorker();
    world.edit(sceneId, { title: 'One' });
    await until('the reason is known', () => on.reason(sceneId) === 'gated');
    await world.settled();
    expect(world.plex.counts().writes).toBe(0);
    expect(world.status().scenes.withoutItem).toEqual({ gated: 1 });
    expect(world.logText()).toContain('It is not organised in Stash');
    organise(sceneId, true);
    await until('it arrives', () => on.title(ratingKey) === 'One');
    expect(on.reason(sceneId)).toBeNull();
  });

  it('keeps what it has in Plex when it is kept out later', async () => {
    await world.configure({ neverWithTags: 'Private' });
    const { sceneId, ratingKey } = world.addPair();
    world.startWorker();
    world.edit(sceneId, { title: 'One', tags: ['Public'] });
    await until('it arrives', () => on.title(ratingKey) === 'One');
    await world.settled();
    const { writes } = world.plex.counts();
    world.edit(sceneId, { title: 'Two', tags: ['Public', 'Private'] });
    await until('it is kept out', () => on.reason(sceneId) === 'gated');
    await world.settled();
    expect([on.title(ratingKey), world.plex.counts().writes]).toEqual(['One', writes]);
    world.edit(sceneId, { tags: ['Public'] });
    await until('it is let through again', () => on.title(ratingKey) === 'Two');
  });

  it('comes by itself when the setting lets it through', async () => {
    await world.configure({ onlyWithTags: 'Plex' });
    const kept = world.addPair();
    const other = world.addPair();
    world.startWorker();
    world.edit(kept.sceneId, { title: 'One' });
    world.edit(other.sceneId, { title: 'Other', tags: ['Plex'] });
    await until('the other arrives', () => on.title(other.ratingKey) === 'Other');
    await until('the one is kept out', () => on.reason(kept.sceneId) === 'gated');
    await world.settled();
    await world.configure({});
    // As the page of PlexSync does when it has saved settings.
    await world.choose('settings-saved', {});
    await until('it arrives', () => on.title(kept.ratingKey) === 'One');
  });

  it('comes within a minute when the setting was changed elsewhere, and no worker lived meanwhile', async () => {
    await world.configure({ onlyWithTags: 'Plex' });
    const kept = world.addPair();
    const worker = world.startWorker(fastClock(60));
    world.edit(kept.sceneId, { title: 'One' });
    await until('it is kept out', () => on.reason(kept.sceneId) === 'gated');
    await world.configure({ onlyWithTags: 'Plex', onlyOrganized: true });
    const basis = (): string | null => world.withStore((db) => readState(db, matchBasis));
    await until('the resting worker has seen it', () => basis()?.includes('true') === true);
    expect(on.reason(kept.sceneId)).toBe('gated');
    await worker.stop();
    await world.configure({});
    world.startWorker();
    await until('it arrives', () => on.title(kept.ratingKey) === 'One');
  });
});
