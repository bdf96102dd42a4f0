// A scene is deleted from Stash: what PlexSync put into Plex stays, is taken out, or passes on.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fastClock } from '../helpers/fastClock.ts';
import { type MatchingWorld, matchingWorld } from '../helpers/matching.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

const film = { path: '/data/x/film.mp4' };

describe.each(['append', 'replace'] as const)(
  '[1.0 MATCH-02] a scene that is gone from Stash (tags: %s)',
  (tagMode) => {
    let world: World;
    let on: MatchingWorld;
    beforeEach(async () => {
      world = await openWorld({ plex: { switches: { tagMode } } });
      on = matchingWorld(world);
    });
    afterEach(async () => {
      await world.close();
    });

    /** A scene in step with its item, in which a person has written too. */
    const inStep = async (settings: Readonly<Record<string, unknown>>) => {
      await world.configure(settings);
      const scene = on.scene(film);
      const item = on.item(film);
      world.plex.library.setByPerson(item, { summary: 'A person’s own words' });
      world.startWorker(fastClock(60));
      world.edit(scene, {
        title: 'From Stash',
        details: 'From Stash as well',
        studio: 'A Studio',
        date: '2020-01-02',
        tags: ['Noir', 'Rain'],
        performers: ['Ann Bell'],
      });
      await world.settled();
      world.plex.library.setByPerson(item, { genres: ['Noir', 'Rain', 'Favourite'] });
      expect(world.plex.library.item(item)).toMatchObject({
        title: 'From Stash',
        studio: 'A Studio',
      });
      return { scene, item };
    };
    const destroy = (scene: number): void => {
      world.stash.store.removeScene(scene);
      world.dropEvent('Scene.Destroy.Post', scene);
    };

    it('leaves its item as it is', async () => {
      const { scene, item } = await inStep({});
      const before = world.plex.library.item(item);
      destroy(scene);
      await world.settled();
      expect(world.plex.library.item(item)).toEqual(before);
    });

    it('takes its values out where that is set, and no value of a person', async () => {
      const { scene, item } = await inStep({ withdrawWhenGone: true });
      destroy(scene);
      await world.settled();
      const left = world.plex.library.item(item);
      expect(left).toMatchObject({
        title: 'scanned',
        summary: 'A person’s own words',
        genres: ['Favourite'],
        actors: [],
      });
      expect([left?.studio ?? '', left?.originallyAvailableAt ?? '']).toEqual(['', '']);
      expect([...(left?.locked ?? [])].toSorted()).toEqual(['genre', 'summary']);
    });

    it('takes nothing out while Plex is away, and all of it when it is back', async () => {
      const { scene, item } = await inStep({ withdrawWhenGone: true });
      await world.plex.goAway();
      destroy(scene);
      await until('the outage is noticed', () => world.status().plex.circuit === 'open');
      await world.plex.comeBack();
      await until('it is withdrawn', () => on.title(item) === 'scanned');
      await world.settled();
    });

    it('leaves its item to the scene that has the file now, which knows what stood there', async () => {
      const { scene, item } = await inStep({ withdrawWhenGone: true });
      // As a merge does: the file goes to the other scene, and no hook fires for either.
      const files = world.stash.store.scene(scene)?.files ?? [];
      const heir = on.scene();
      world.stash.store.changeScene(
        heir,
        { files, title: 'Heir', details: 'The heir’s', tagIds: [] },
        { touch: true },
      );
      destroy(scene);
      await until('the heir has it', () => on.title(item) === 'Heir');
      await world.settled();
      expect(world.plex.library.item(item)).toMatchObject({
        summary: 'A person’s own words',
        genres: ['Favourite'],
        actors: [],
      });
      expect(on.itemOfScene(heir)).toBe(item);
    });

    it('holds nobody up where Stash cannot read the files of the scene that may have inherited', async () => {
      const { scene, item } = await inStep({ withdrawWhenGone: true });
      const files = world.stash.store.scene(scene)?.files ?? [];
      const heir = on.scene();
      world.stash.store.changeScene(heir, { files, title: 'Heir' }, { touch: true });
      world.stash.store.corrupt(heir, {
        files: new Error('file *models.BaseFile is not a video file'),
      });
      const other = world.addPair();
      destroy(scene);
      world.edit(other.sceneId, { title: 'Not held up' });
      await until('the other is pushed', () => on.title(other.ratingKey) === 'Not held up');
      // Nor is anything taken from the item, since it may be the other scene's.
      expect(on.title(item)).toBe('From Stash');
    });

    it('that was excluded is not even withdrawn', async () => {
      const { scene, item } = await inStep({ withdrawWhenGone: true });
      await on.never(scene);
      await until('it is excluded', () => on.reason(scene) === 'excluded');
      const before = world.plex.library.item(item);
      destroy(scene);
      await world.settled();
      expect(world.plex.library.item(item)).toEqual(before);
    });

    it('that is gone from Plex too leaves nothing behind', async () => {
      const { scene, item } = await inStep({ withdrawWhenGone: true });
      world.plex.library.removeItem(item);
      destroy(scene);
      await world.settled();
      expect(on.reason(scene)).toBeUndefined();
    });
  },
);
