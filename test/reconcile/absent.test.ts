// What is renamed, merged or deleted in Stash while PlexSync is switched off: none of it dates a scene,
// and the run that follows finds it, and nothing else.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StashStore } from '../../simulators/stash/store/store.ts';
import { beginRun } from '../../src/store/run/run.ts';
import { rows, transaction } from '../../src/store/file/sql.ts';
import { type Away, hour, openAway } from './away.ts';

let library: Away;
let store: StashStore;
beforeEach(async () => {
  library = await openAway(60);
  ({ store } = library.world.stash);
});
afterEach(async () => {
  await library.close();
});

const every = (tenth: number): readonly number[] =>
  library.ids.filter((_, at) => at % 10 === tenth);
const item = (sceneId: number) => {
  const key = library.pairs.find((pair) => pair.sceneId === sceneId)?.ratingKey ?? '';
  const found = library.world.plex.library.item(key);
  if (found === undefined) throw new RangeError(`no item of scene ${sceneId}`);
  return found;
};
const raised = (): readonly string[] =>
  library.world
    .logText()
    .split('\n')
    .filter((line) => line.includes('"kind":"fan-out"') || line.includes('"fan-out"'));

describe('[1.5 RECV-05] what was renamed while PlexSync was switched off', () => {
  it('is found by the run that follows: each scene of theirs is written once, and no other is queued', async () => {
    await library.away(() => {
      library.rename('performer', 'Ann', 'Anna');
      library.rename('studio', 'One', 'First');
      library.rename('tag', 'a', 'alpha');
      library.rename('group', 'G', 'H');
    });
    await library.idle();
    expect(library.runs()).toMatchObject([{ origin: 'missed', state: 'ended' }]);
    expect(library.written()).toEqual(
      [...every(0), ...every(2), ...every(3)].toSorted((a, b) => a - b),
    );
    expect(item(every(0)[0] ?? 0).actors.toSorted()).toEqual(['Anna', 'Zoe']);
    expect(item(every(2)[0] ?? 0).studio).toBe('First');
    expect(item(every(3)[0] ?? 0).genres.toSorted()).toEqual(['alpha', 'b']);
    const { missedSince, sentence } = library.status();
    expect(missedSince).toBeNull();
    expect(sentence).toMatch(/^In sync\./);
    // One more run, over the same time, finds that all of it is carried already.
    library.world.dropEvent('Scene.Update.Post', library.ids[5] ?? 0, '9.9');
    library.nowMs += 2 * hour;
    const before = raised().length;
    library.mark();
    await library.idle();
    expect(library.runs()[0]).toMatchObject({ origin: 'start', state: 'ended' });
    expect(library.writes()).toBe(0);
    expect(
      raised()
        .slice(before)
        .every((line) => line.includes('Raised 0 of')),
    ).toBe(true);
  });

  it('and shows nothing of it in Plex has no write', async () => {
    await library.away(() => {
      for (const name of ['Ann', 'Bea', 'Zoe']) {
        const id = library.idOf('performer', name);
        store.changeEntity('performer', id, { fields: { rating100: 80 } });
      }
    });
    await library.idle();
    expect(library.runs()).toMatchObject([{ origin: 'missed', state: 'ended' }]);
    expect(library.writes()).toBe(0);
    expect(library.status().missedSince).toBeNull();
  });

  it('is left to a word where it is more than is looked into unasked', async () => {
    await library.away(() => {
      for (let made = 0; made <= 10_000; made += 1) store.addTag({ name: `new ${made}` });
      library.rename('tag', 'a', 'alpha');
    });
    await library.idle();
    expect(library.runs()[0]?.state).toBe('ended');
    // Eleven pages of a thousand.
    expect(library.runs()[0]?.figures.stashRequests).toBe(13);
    expect(library.writes()).toBe(0);
    expect(library.status().fullSyncNeeded?.reason).toMatch(/^10002 performers, studios, tags/);
  });
});

describe('[1.5 RECV-05] what was merged or deleted while PlexSync was switched off', () => {
  it('goes from the scenes that had it, by a run that sees its number missing', async () => {
    await library.away(async () => {
      const { stash } = library.world;
      await stash.graphql(
        'mutation ($input: PerformerMergeInput!) { performerMerge(input: $input) { id } }',
        {
          input: {
            source: [String(library.idOf('performer', 'Bea'))],
            destination: String(library.idOf('performer', 'Ann')),
          },
        },
      );
      await stash.graphql('mutation ($input: TagDestroyInput!) { tagDestroy(input: $input) }', {
        input: { id: String(library.idOf('tag', 'a')) },
      });
      await stash.graphql(
        'mutation ($input: StudioDestroyInput!) { studioDestroy(input: $input) }',
        { input: { id: String(library.idOf('studio', 'One')) } },
      );
    });
    await library.idle();
    const touched = [...every(1), ...every(2), ...every(3)].toSorted((a, b) => a - b);
    expect(library.written()).toEqual(touched);
    expect(item(every(1)[0] ?? 0).actors).toEqual(['Ann']);
    expect(item(every(2)[0] ?? 0).studio).toBe('');
    expect(item(every(3)[0] ?? 0).genres).toEqual(['b']);
    expect(library.status()).toMatchObject({ missedSince: null, fullSyncNeeded: null });
  });

  it('is taken for a library built anew where far more is missing than there: nothing is raised', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `tag ${at}`);
    library.world.edit(library.ids[0] ?? 0, { tags: names });
    await library.idle();
    library.age();
    await library.away(() => {
      for (const { id } of store.entities('tag')) store.removeEntity('tag', id);
    });
    await library.idle();
    expect(library.writes()).toBe(0);
    expect(library.status().fullSyncNeeded?.reason).toMatch(/^Stash lists 42 .* no more/);
  });
});

describe('[1.5 RECV-05] scenes that were deleted while PlexSync was switched off', () => {
  const goneScenes = (): readonly number[] =>
    rows(
      library.db,
      "SELECT scene_id FROM scene_state WHERE no_item_reason = 'gone' ORDER BY scene_id",
    ).map((row) => Number(row['scene_id']));

  it('are found by their numbers, and have what a hook would have: Plex keeps what it has', async () => {
    const some = library.ids.slice(7, 12);
    const [first = 0] = some;
    const before = item(first);
    await library.away(() => {
      for (const id of some) store.removeScene(id);
    });
    await library.idle();
    expect(library.runs()).toMatchObject([
      { state: 'ended', figures: { queued: { 'scene-gone': 5 }, scenes: 5 } },
    ]);
    expect(goneScenes()).toEqual(some);
    expect(library.writes()).toBe(0);
    expect(item(first)).toEqual(before);
    expect(library.status().missedSince).toBeNull();
  });

  it('have their values taken out where that is set', async () => {
    await library.configure({ withdrawWhenGone: true });
    await library.minuteLater();
    const some = library.ids.slice(7, 12);
    await library.away(() => {
      for (const id of some) store.removeScene(id);
    });
    await library.idle();
    expect([...new Set(library.written())]).toEqual(some);
    expect(some.map((id) => item(id).title)).toEqual(
      some.map((id) => `scanned clip ${library.ids.indexOf(id) + 1}`),
    );
  });

  it('and whose files another scene has now pass their items on', async () => {
    const [kept = 0, merged = 0] = library.ids.slice(20);
    await library.away(async () => {
      await library.world.stash.graphql(
        'mutation ($input: SceneMergeInput!) { sceneMerge(input: $input) { id } }',
        { input: { source: [String(merged)], destination: String(kept) } },
      );
      // As if that was not dated: then nothing but the number tells.
      store.stampScene(kept, '2026-01-01T10:00:00Z');
    });
    await library.idle();
    expect(goneScenes()).toEqual([merged]);
    expect(library.status()).toMatchObject({ missedSince: null, deadLetters: { count: 0 } });
  });

  it('are none where Stash has no scenes at all, or far fewer: it is being built anew', async () => {
    await library.away(() => {
      for (const id of library.ids.slice(0, 50)) store.removeScene(id);
    });
    await library.idle();
    expect(library.runs()[0]?.figures.found).toEqual({});
    expect(goneScenes()).toEqual([]);
    const told = library.status().fullSyncNeeded?.reason;
    expect(told).toMatch(/^Stash has 10 scenes, far fewer than the 60 that PlexSync knows/);
    library.nowMs += 2 * hour;
    await library.away(() => {
      for (const id of library.ids) store.removeScene(id);
    });
    await library.idle();
    expect(library.runs()[0]?.state).toBe('ended');
    expect(goneScenes()).toEqual([]);
    expect(library.writes()).toBe(0);
  });

  it('are none for a weekly run either, which is ended before it looks at anything', async () => {
    await library.configure({ reconcileEvery: 'weekly' });
    await library.minuteLater();
    for (const id of library.ids.slice(0, 50)) store.removeScene(id);
    library.mark();
    library.nowMs = library.status().reconcile.next?.at ?? 0;
    await library.idle();
    const weekly = library.runs().find(({ origin }) => origin === 'schedule');
    expect(weekly).toMatchObject({ state: 'stopped', figures: { scenes: 0, found: {} } });
    expect(library.status().fullSyncNeeded?.reason).toMatch(/^Stash has 10 scenes/);
    expect(goneScenes()).toEqual([]);
    // A person's word is one.
    const scope = { since: null, until: null, library: null, kinds: null };
    const asked = { origin: 'person', scope, dry: false, limit: null } as const;
    transaction(library.db, () => beginRun(library.db, asked, library.nowMs));
    await library.idle();
    expect(goneScenes()).toHaveLength(50);
    expect(library.status().fullSyncNeeded).toBeNull();
  });

  /** Scenes without a file, as PlexSync knows them. */
  const addKnown = (count: number): readonly number[] => {
    const known = Array.from({ length: count }, () => store.addScene({}));
    for (const id of known) store.stampScene(id, '2026-01-01T10:00:00Z');
    library.db.exec(
      `INSERT INTO scene_state (scene_id, no_item_reason, pushed, intent)
       SELECT value, 'no-file', '{}', '{}' FROM json_each('${JSON.stringify(known)}')`,
    );
    return known;
  };

  it('are none where Stash is emptied while its numbers are walked', async () => {
    addKnown(2_500);
    await library.away(() => {});
    const walked = (): boolean => {
      const place = library.runs()[0]?.place;
      return place?.phase === 'gone' && place.after > 0;
    };
    for (let made = 0; made < 100 && !walked(); made += 1) await library.turns(1, 1_000);
    expect(walked()).toBe(true);
    for (const { id } of store.scenes()) store.removeScene(id);
    await library.idle();
    expect(goneScenes()).toEqual([]);
    expect(library.runs()[0]?.figures.found).toEqual({});
    expect(library.status().fullSyncNeeded?.reason).toMatch(/^Stash has 0 scenes/);
  });

  it('are found in a long list, page by page, at the edges of its pages too', async () => {
    const known = addKnown(2_500);
    const at = (index: number): number => known[index] ?? 0;
    // 60 others are before them: the first page ends with the one at 939.
    const gone = [0, 938, 939, 940, 941, 2_499, ...Array.from({ length: 60 }, (_, n) => 1_000 + n)];
    const missing = gone.map(at).toSorted((a, b) => a - b);
    await library.away(() => {
      for (const id of missing) store.removeScene(id);
    });
    await library.idle();
    const [run] = library.runs();
    expect(run?.figures).toMatchObject({ scenes: 66, queued: { 'scene-gone': 66 } });
    // The changed ones, three pages of numbers, the missing ones of each (50 at a time), what is shared.
    expect(run?.figures.stashRequests).toBe(1 + 3 + 4 + 1);
  });
});

describe('[1.5 RECV-05] an absence with nothing to find', () => {
  it('costs a handful of requests, whatever the number of scenes', async () => {
    await library.away(() => {});
    await library.idle();
    const [run] = library.runs();
    expect(run).toMatchObject({ origin: 'missed', state: 'ended' });
    expect(run?.figures).toMatchObject({ scenes: 0, stashRequests: 3, plexRequests: 0, found: {} });
    expect(library.writes()).toBe(0);
    console.info(`nothing to find: ${library.questions()} requests to Stash`);
  });
});

describe('[1.5 RECV-05] such a run', () => {
  const change = (): void => {
    library.rename('performer', 'Ann', 'Anna');
    store.mergeEntities(
      'performer',
      [library.idOf('performer', 'Bea')],
      library.idOf('performer', 'Zoe'),
    );
    store.removeEntity('tag', library.idOf('tag', 'a'));
    for (const id of every(7)) store.removeScene(id);
  };

  it('whose worker ends after each of its steps loses nothing, and counts nothing twice', async () => {
    await library.away(change);
    let restarts = 0;
    await library.idle(async () => {
      restarts += 1;
      await library.restart();
    });
    expect(restarts).toBeGreaterThan(8);
    expect(library.runs()).toMatchObject([
      { state: 'ended', figures: { scenes: 6, queued: { 'scene-gone': 6 } } },
    ]);
    const touched = [...every(0), ...every(1), ...every(3)].toSorted((a, b) => a - b);
    expect(library.written()).toEqual(touched);
    expect(item(every(1)[0] ?? 0).actors).toEqual(['Zoe']);
  });

  it('of a person’s, over a time, writes what it lists and ends no mark: it does not look for these', async () => {
    await library.away(change);
    await library.turns(1, 1);
    const before = library.status().missedSince;
    expect(before).not.toBeNull();
    await library.world.choose('end-reconcile', {});
    await library.world.choose('reconcile', { scope: '7days' });
    await library.idle();
    expect(library.runs()[0]).toMatchObject({ origin: 'person', state: 'ended' });
    expect(library.writes()).toBe(0);
    expect(library.status().missedSince).toEqual(before);
    library.nowMs = library.status().reconcile.next?.at ?? 0;
    await library.idle();
    expect(library.written()).toHaveLength(18);
    expect(library.status().missedSince).toBeNull();
  });

  it('may be by schedule, where a person does not want it to be made by itself: it ends the mark as well', async () => {
    await library.configure({ reconcileEvery: 'hourly', noCatchUp: true });
    await library.minuteLater();
    await library.away(change);
    await library.minuteLater();
    expect(library.status().missedSince).not.toBeNull();
    library.nowMs = library.status().reconcile.next?.at ?? 0;
    await library.idle();
    expect(library.runs().map(({ origin }) => origin)).toEqual(['schedule']);
    expect(library.runs()[0]?.figures.queued).toEqual({ 'scene-gone': 6 });
    expect(library.written()).toHaveLength(18);
    expect(library.status().missedSince).toBeNull();
  });

  it('by schedule finds performers that were merged without a hook', async () => {
    await library.configure({ reconcileEvery: 'hourly' });
    await library.minuteLater();
    library.mark();
    const [from, to] = [library.idOf('performer', 'Bea'), library.idOf('performer', 'Zoe')];
    store.mergeEntities('performer', [from], to);
    store.changeEntity('performer', to, {});
    for (let made = 0; made < 20; made += 1) {
      library.nowMs += 4 * 60_000;
      await library.idle();
    }
    expect(library.runs()[0]).toMatchObject({ origin: 'schedule', state: 'ended' });
    expect(library.written()).toEqual(every(1));
  });
});
