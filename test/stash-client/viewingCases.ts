// What the Stash client reads and writes of plays, resume times and ratings: the same cases for the
// simulated Stash and for a real one.
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StashClient } from '../../src/stash/client.ts';
import type { StashViewing, ViewingPage, ViewingSelection } from '../../src/stash/viewing.ts';

export interface ViewingStash {
  readonly client: StashClient;
  /** Hooks of scenes that have run. */
  hooks(): number;
  /** Asks as another client of Stash's does. */
  ask(document: string, variables: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): Promise<void>;
}

/** The first has no leap second, the last stands in the hour that a clock put back has twice. */
const day = Date.UTC(2024, 1, 29, 23, 59, 59);
const autumn = Date.UTC(2024, 10, 3, 4, 30);
const hourMs = 3_600_000;
const sortedSchema = v.object({
  findScenes: v.object({ scenes: v.array(v.object({ id: v.string(), play_count: v.number() })) }),
});
const nobody = 999_999;

/** @param open a Stash in a time zone of half hours, with 20 scenes or more that nobody has seen */
export function viewingCases(title: string, open: () => Promise<ViewingStash>): void {
  describe(title, () => {
    let stash: ViewingStash;
    let free: readonly number[] = [];
    beforeAll(async () => {
      stash = await open();
      free = (await stash.client.sceneIdsPage({ page: 1, perPage: 100 })).ids;
    });
    afterAll(async () => {
      await stash?.close();
    });

    const take = (): number => {
      const [id, ...rest] = free;
      free = rest;
      if (id === undefined) throw new RangeError('no scene is left');
      return id;
    };
    const read = async (id: number): Promise<StashViewing> => {
      const [one] = await stash.client.viewings([id]);
      if (one?.kind !== 'found') throw new Error(`no scene ${id}: ${JSON.stringify(one)}`);
      return one.viewing;
    };
    const all = async (selection: ViewingSelection, limit = 2): Promise<readonly number[]> => {
      const ids: number[] = [];
      let afterId: number | null = 0;
      while (afterId !== null) {
        const page: ViewingPage = { ...selection, afterId, limit };
        const found = await stash.client.viewingPage(page);
        expect(found.ids.length).toBeLessThanOrEqual(limit);
        ids.push(...found.ids);
        afterId = found.next;
      }
      return ids;
    };

    it('runs on a machine whose clock is not in UTC', async () => {
      const id = take();
      await stash.client.rateScene(id, 1);
      const document = 'query ($id: ID!) { findScene(id: $id) { updated_at } }';
      const asked = JSON.stringify(await stash.ask(document, { id }));
      expect(asked).toMatch(/-0[23]:30/);
    });

    it('has no play, no resume time and no rating at first, but a duration', async () => {
      const id = take();
      const viewing = await read(id);
      const { updatedAt, durationSeconds, ...rest } = viewing;
      expect(rest).toEqual({
        sceneId: id,
        plays: [],
        resumeSeconds: 0,
        rating100: null,
        lastPlayedAt: null,
      });
      expect(updatedAt % 1000).toBe(0);
      expect(durationSeconds).toBeGreaterThan(0);
    });

    it('keeps plays to the second, in order, and neither fires a hook nor moves updated_at', async () => {
      const id = take();
      const [before, hooks] = [await read(id), stash.hooks()];
      await stash.client.addPlay(id, day + 999);
      const told = await stash.client.addPlay(id, day - 10_000);
      expect(told).toEqual([day - 10_000, day]);
      expect(await read(id)).toEqual({ ...before, plays: told, lastPlayedAt: day });
      expect(stash.hooks()).toBe(hooks);
    });

    it('keeps two plays of one second, and takes back one at a time', async () => {
      const id = take();
      for (const at of [day, day, day + 1000]) await stash.client.addPlay(id, at);
      expect((await read(id)).plays).toEqual([day, day, day + 1000]);
      await stash.client.deletePlays(id, [day, day + 400]);
      expect((await read(id)).plays).toEqual([day, day + 1000]);
      await stash.client.deletePlays(id, [day]);
      await stash.client.deletePlays(id, [day]);
      expect((await read(id)).plays).toEqual([day + 1000]);
    });

    it('takes back nothing where no time is named, though Stash itself would take the newest', async () => {
      const id = take();
      for (const at of [day, day + 1000]) await stash.client.addPlay(id, at);
      await stash.client.deletePlays(id, []);
      expect((await read(id)).plays).toEqual([day, day + 1000]);
      const document = 'mutation ($id: ID!) { sceneDeletePlay(id: $id) { count } }';
      expect(await stash.ask(document, { id })).toEqual({ sceneDeletePlay: { count: 1 } });
      expect((await read(id)).plays).toEqual([day]);
    });

    it('takes back no play a second beside, nor one of another scene', async () => {
      const [id, other] = [take(), take()];
      for (const one of [id, other]) await stash.client.addPlay(one, day);
      await stash.client.deletePlays(id, [day - 1000, day + 1000]);
      expect((await read(id)).plays).toEqual([day]);
      await stash.client.deletePlays(id, [day]);
      expect((await read(other)).plays).toEqual([day]);
    });

    it('knows a moment again that another client wrote in the offset of another place', async () => {
      const id = take();
      const document =
        'mutation ($id: ID!, $times: [Timestamp!]) { sceneAddPlay(id: $id, times: $times) { count } }';
      const times = ['2024-03-01T05:29:59+05:30', '2024-02-29T20:29:59.75-03:30'];
      await stash.ask(document, { id, times });
      expect((await read(id)).plays).toEqual([day, day]);
      await stash.client.deletePlays(id, [day]);
      expect((await read(id)).plays).toEqual([day]);
    });

    it('tells the two apart of an hour that the clock of its machine shows twice', async () => {
      const id = take();
      for (const at of [autumn + hourMs, autumn]) await stash.client.addPlay(id, at);
      expect((await read(id)).plays).toEqual([autumn, autumn + hourMs]);
      await stash.client.deletePlays(id, [autumn]);
      expect((await read(id)).plays).toEqual([autumn + hourMs]);
    });

    it('keeps every play of many that come at the same time', async () => {
      const id = take();
      const times = Array.from({ length: 20 }, (_, index) => day + index * 1000);
      await Promise.all(times.map((at) => stash.client.addPlay(id, at)));
      expect((await read(id)).plays).toEqual(times);
    });

    it('sets the resume time and leaves the rest alone', async () => {
      const id = take();
      await stash.client.addPlay(id, day);
      const save =
        'mutation ($id: ID!) { sceneSaveActivity(id: $id, resume_time: 3, playDuration: 7) }';
      await stash.ask(save, { id });
      const [before, hooks] = [await read(id), stash.hooks()];
      expect(before.resumeSeconds).toBe(3);
      for (const seconds of [0.25, 41.5, 0]) {
        await stash.client.saveResume(id, seconds);
        expect(await read(id)).toEqual({ ...before, resumeSeconds: seconds });
      }
      const document = 'query ($id: ID!) { findScene(id: $id) { play_duration play_count } }';
      expect(await stash.ask(document, { id })).toEqual({
        findScene: { play_duration: 7, play_count: 1 },
      });
      expect(stash.hooks()).toBe(hooks);
    });

    it('rates with one hook and takes the rating away, and leaves the rest alone', async () => {
      const id = take();
      await stash.client.addPlay(id, day);
      await stash.client.saveResume(id, 5);
      const rename = 'mutation ($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id } }';
      await stash.ask(rename, { input: { id: String(id), title: 'Kept', organized: true } });
      const [before, hooks] = [await read(id), stash.hooks()];
      await stash.client.rateScene(id, 73);
      expect(stash.hooks()).toBe(hooks + 1);
      const after = await read(id);
      expect(after).toEqual({ ...before, rating100: 73, updatedAt: after.updatedAt });
      expect(after.updatedAt).toBeGreaterThanOrEqual(before.updatedAt);
      expect((await stash.client.scenes([id]))[0]).toMatchObject({
        scene: { title: 'Kept', organized: true },
      });
      await stash.client.rateScene(id, null);
      expect((await read(id)).rating100).toBeNull();
    });

    it('says of a scene that is gone that it is, and refuses writes to it but for a deletion', async () => {
      const id = take();
      expect(await stash.client.viewings([nobody, id])).toMatchObject([
        { kind: 'gone', id: nobody },
        { kind: 'found', viewing: { sceneId: id } },
      ]);
      const refused = { code: 'stash-query-failed' };
      await expect(stash.client.addPlay(nobody, day)).rejects.toMatchObject(refused);
      await expect(stash.client.saveResume(nobody, 1)).rejects.toMatchObject(refused);
      await expect(stash.client.rateScene(nobody, 50)).rejects.toMatchObject(refused);
      await stash.client.deletePlays(nobody, [day]);
    });

    it('lists what was played since a moment, to the second', async () => {
      const base = Date.UTC(2031, 0, 1);
      const [early, on, late, twice] = [take(), take(), take(), take()];
      await stash.client.addPlay(early, base - 1000);
      await stash.client.addPlay(on, base);
      await stash.client.addPlay(late, base + hourMs);
      for (const at of [base - 1000, base + 1000, base + 2000])
        await stash.client.addPlay(twice, at);
      const played = (since: number) => all({ by: 'played', since });
      expect(await played(base)).toEqual([on, late, twice]);
      expect(await played(base + 999)).toEqual([on, late, twice]);
      expect(await played(base + 1000)).toEqual([late, twice]);
      expect(await played(base + 3000)).toEqual([late]);
      expect(await played(base + 2 * hourMs)).toEqual([]);
    });

    it('misses none on a later page when one of an earlier page stops to meet', async () => {
      const since = Date.UTC(2032, 0, 1);
      const ids = [take(), take(), take(), take()];
      for (const id of ids) await stash.client.addPlay(id, since);
      const [first = 0, second = 0, ...rest] = ids;
      const page = { by: 'played', since, limit: 2 } as const;
      const begun = await stash.client.viewingPage({ ...page, afterId: 0 });
      expect(begun).toEqual({ ids: [first, second], left: 2, next: second });
      await stash.client.deletePlays(first, [since]);
      await stash.client.deletePlays(second, [since]);
      const more = await stash.client.viewingPage({ ...page, afterId: second });
      expect(more).toEqual({ ids: rest, left: 0, next: null });
    });

    it('lists what is in progress, from a second on', async () => {
      const [little, one, long] = [take(), take(), take()];
      const known = await all({ by: 'inProgress' });
      await stash.client.saveResume(little, 0.9);
      await stash.client.saveResume(one, 1);
      await stash.client.saveResume(long, 3599.5);
      const now = await all({ by: 'inProgress' });
      expect(now.filter((id) => !known.includes(id))).toEqual([one, long]);
      await stash.client.saveResume(one, 0);
      expect(await all({ by: 'inProgress' })).toEqual(now.filter((id) => id !== one));
    });

    it('sorts by the last play, and has what was never played last', async () => {
      const [older, newer, never] = [take(), take(), take()];
      const at = Date.UTC(2033, 0, 1);
      await stash.client.addPlay(newer, at + 1000);
      for (const one of [at, day]) await stash.client.addPlay(older, one);
      const document =
        'query ($page: FindFilterType) { findScenes(filter: $page) { scenes { id play_count } } }';
      const page = { sort: 'last_played_at', direction: 'DESC', per_page: -1 };
      const asked = await stash.ask(document, { page });
      const { scenes } = v.parse(sortedSchema, asked).findScenes;
      expect(scenes.slice(0, 2).map(({ id }) => id)).toEqual([String(newer), String(older)]);
      const firstNever = scenes.findIndex((scene) => scene.play_count === 0);
      expect(scenes.slice(firstNever).every((scene) => scene.play_count === 0)).toBe(true);
      expect(scenes.slice(firstNever).map(({ id }) => id)).toContain(String(never));
    });

    it('sorts by the resume time, and lists what has one of a whole second alone', async () => {
      const [short, long] = [take(), take()];
      await stash.client.saveResume(short, 80_000.5);
      await stash.client.saveResume(long, 80_001);
      const document =
        'query ($scenes: SceneFilterType, $page: FindFilterType) {' +
        ' findScenes(scene_filter: $scenes, filter: $page) { scenes { id play_count } } }';
      const page = { sort: 'resume_time', direction: 'DESC', per_page: -1 };
      const above = { resume_time: { value: 80_000, modifier: 'GREATER_THAN' } };
      const ids = async (scenes: object): Promise<readonly string[]> => {
        const asked = await stash.ask(document, { scenes, page });
        return v.parse(sortedSchema, asked).findScenes.scenes.map(({ id }) => id);
      };
      expect((await ids({})).slice(0, 2)).toEqual([String(long), String(short)]);
      expect(await ids(above)).toEqual([String(long)]);
    });

    it('lists what was rated since a moment, and all scenes', async () => {
      const id = take();
      await stash.client.rateScene(id, 20);
      const { updatedAt } = await read(id);
      expect(await all({ by: 'changed', since: updatedAt }, 100)).toContain(id);
      expect(await all({ by: 'changed', since: updatedAt + hourMs }, 100)).toEqual([]);
      const everyone = (await stash.client.sceneIdsPage({ page: 1, perPage: 1000 })).ids;
      expect(await all({ by: 'id' }, 7)).toEqual(everyone);
    });
  });
}
