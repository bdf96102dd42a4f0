// Stash's database is put back to an earlier time: how it is noticed, and what is not taken for it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SceneRecord } from '../../simulators/stash/store/records.ts';
import type { StashStore } from '../../simulators/stash/store/store.ts';
import { beginRun } from '../../src/store/run/run.ts';
import { rows, transaction } from '../../src/store/file/sql.ts';
import { stashNewest } from '../../src/store/run/stashNewest.ts';
import { readState, writeState } from '../../src/store/file/state.ts';
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

const day = 24 * hour;
/** As Stash writes a time of so many hours before its machine's. */
const hoursAgo = (hours: number): string =>
  `${new Date(Date.now() - hours * hour).toISOString().slice(0, 19)}Z`;
/** Lets the scenes have been saved at different times, each once, the last of them 30 hours ago. */
const spread = (): void => {
  library.ids.forEach((id, at) => store.stampScene(id, hoursAgo(30 + library.ids.length - at)));
  library.db.exec(`UPDATE scene_state SET pushed_at = ${Date.now() - 10 * day};
    UPDATE change SET at = ${Date.now() - 10 * day}`);
};
/** What Stash has now, to be put back later. */
const backup = (): (() => void) => {
  const scenes: readonly SceneRecord[] = [...store.scenes()];
  return () => {
    for (const { id } of store.scenes()) store.removeScene(id);
    store.restore({ ...store.snapshot(), scenes: [...scenes] });
  };
};
const edit = (ids: readonly number[], title: string): void => {
  for (const id of ids) library.world.edit(id, { title: `${title} ${id}` });
};
/** Calls as a Stash that was started, with a save of that scene. */
const saved = (id: number, life: string): void => {
  library.world.dropEvent('Scene.Update.Post', id, life);
};
/** Of the scenes changed last, so that all that are kept in mind can go without most of the library. */
const keepTen = (): void => {
  const scenes = readState(library.db, stashNewest)?.scenes.slice(0, 10) ?? [];
  writeState(library.db, stashNewest, { scenes });
};
const last0 = () => library.runs()[0];
const last = () => {
  const run = last0();
  if (run === undefined) throw new Error('there was no run');
  return run;
};

describe('[1.5 RECV-05] a database that was put back to yesterday', () => {
  const later = (): readonly number[] => library.ids.slice(45);
  let putBack: () => void;
  beforeEach(async () => {
    spread();
    putBack = backup();
    edit(later(), 'Later');
    await library.idle();
    library.mark();
  });

  it('is noticed at the next start: the scenes pushed since are queued and no others', async () => {
    putBack();
    saved(library.ids[0] ?? 0, '7.70');
    await library.idle();
    expect(last()).toMatchObject({ origin: 'start', state: 'ended' });
    expect(last().figures).toMatchObject({ scenes: 15, queued: { 'stale:title': 15 } });
    expect(library.written()).toEqual(later());
    expect(library.status()).toMatchObject({ missedSince: null, fullSyncNeeded: null });
    // Known by now: the next start finds nothing odd.
    library.nowMs += 2 * hour;
    saved(library.ids[0] ?? 0, '8.80');
    await library.idle();
    expect(last().scope).not.toHaveProperty('pushedSince');
  });

  it('is noticed where saves come first, even of more scenes than are kept in mind', async () => {
    putBack();
    const early = library.ids.slice(0, 45);
    edit(early, 'Saved first');
    for (const id of early) saved(id, '7.70');
    await library.idle();
    expect(last().scope.pushedSince).toBeDefined();
    // Those were pushed by their own saves.
    expect(last().figures.queued).toEqual({ 'stale:title': 15 });
    expect(new Set(library.written())).toEqual(new Set([...early, ...later()]));
  });

  it('is noticed where a dozen of the newest were saved again while PlexSync was off', async () => {
    const again = later().slice(0, 12);
    await library.away(() => {
      putBack();
      for (const id of again) {
        store.changeScene(id, { title: `Again ${id}` }, { touch: true });
        store.stampScene(id, hoursAgo(-0.05));
      }
    });
    await library.idle();
    expect(last().scope.pushedSince).toBeDefined();
    expect(library.written()).toEqual(later());
  });

  it('is noticed by a save alone, where no start was seen: a scene is older than it was', async () => {
    putBack();
    // Of the last ones, which the launcher's note had told of before.
    const [one = 0] = later().slice(3);
    saved(one, '1.1');
    await library.idle();
    expect(library.world.logText()).toContain('A scene is older in Stash than it was before');
    expect(last()).toMatchObject({ origin: 'missed', state: 'ended' });
    expect(last().figures.queued).toEqual({ 'stale:title': 14 });
    expect(library.written()).toEqual(later());
    expect(library.status().missedSince).toBeNull();
  });

  it('is gone after once more where the run was ended before its end', async () => {
    putBack();
    saved(library.ids[0] ?? 0, '7.70');
    for (let made = 0; made < 50 && library.runs().length === 0; made += 1) {
      await library.turns(1, 1_000);
    }
    await library.world.choose('end-reconcile', {});
    await library.idle();
    expect(last()).toMatchObject({ state: 'stopped' });
    expect(library.written()).toEqual([]);
    expect(library.status().missedSince?.reason).toMatch(/restored/);
    library.nowMs = library.status().reconcile.next?.at ?? 0;
    await library.idle();
    expect(last()).toMatchObject({ origin: 'missed', state: 'ended' });
    expect(library.written()).toEqual(later());
    expect(library.status().missedSince).toBeNull();
  });

  it('stays in mind where an hourly run ends after one that was stopped: that one has not compared it', async () => {
    await library.configure({ reconcileEvery: 'hourly' });
    await library.minuteLater();
    putBack();
    saved(library.ids[0] ?? 0, '7.70');
    for (let made = 0; made < 50 && library.runs().length === 0; made += 1) {
      await library.turns(1, 1_000);
    }
    expect(last()).toMatchObject({ origin: 'start', state: 'running' });
    await library.world.choose('end-reconcile', {});
    for (let made = 0; made < 130; made += 1) await library.minuteLater();
    const origins = library.runs().map(({ origin }) => origin);
    expect(origins).toContain('schedule');
    expect(origins).toContain('missed');
    expect(library.written()).toEqual(later());
    expect(library.status()).toMatchObject({ missedSince: null, fullSyncNeeded: null });
    expect(readState(library.db, stashNewest)).not.toHaveProperty('restoredTo');
  }, 30_000);

  it('is told once where catching up is switched off: a full sync is needed then', async () => {
    await library.configure({ reconcileEvery: 'hourly', noCatchUp: true });
    await library.minuteLater();
    putBack();
    saved(later()[3] ?? 0, '1.1');
    for (let made = 0; made < 75; made += 1) {
      library.nowMs += 3 * 60_000;
      await library.minuteLater();
    }
    expect(library.runs().length).toBeGreaterThan(3);
    expect(library.world.logText().match(/older in Stash than it was before/gu)).toHaveLength(1);
    const { missedSince, fullSyncNeeded } = library.status();
    expect(missedSince).toBeNull();
    expect(fullSyncNeeded?.reason).toMatch(/^Stash's database was restored/);
    expect(readState(library.db, stashNewest)).not.toHaveProperty('sign');
    const scope = { since: null, until: null, library: null, kinds: null };
    const asked = { origin: 'person', scope, dry: false, limit: null } as const;
    transaction(library.db, () => beginRun(library.db, asked, library.nowMs));
    await library.idle();
    expect(library.written()).toEqual(later());
    expect(library.status().fullSyncNeeded).toBeNull();
  }, 30_000);

  it('has what could not be compared looked at by the next run, too', async () => {
    putBack();
    saved(library.ids[0] ?? 0, '7.70');
    for (let made = 0; made < 50 && last0()?.place.phase !== 'items'; made += 1) {
      await library.turns(1, 1_000);
    }
    // As if seven of them could not have been read.
    library.db.exec(`UPDATE run SET figures = json_set(figures, '$.unread', 7)`);
    await library.idle();
    expect(last()).toMatchObject({ state: 'ended', figures: { unread: 7 } });
    const from = last().scope.pushedSince;
    expect(from).toBeDefined();
    expect(library.status().missedSince).not.toBeNull();
    library.nowMs = library.status().reconcile.next?.at ?? 0;
    await library.idle();
    expect(last()).toMatchObject({ origin: 'missed', state: 'ended', figures: { unread: 0 } });
    expect(last().scope.pushedSince).toBe(from);
    expect(library.status().missedSince).toBeNull();
    expect(readState(library.db, stashNewest)).not.toHaveProperty('restoredTo');
  });

  it('is noticed by what an earlier version had kept', async () => {
    library.db.exec(`UPDATE state SET value = '${Date.now()}' WHERE name = 'stash-newest'`);
    putBack();
    saved(library.ids[0] ?? 0, '7.70');
    await library.idle();
    expect(last().figures.queued).toEqual({ 'stale:title': 15 });
  });

  it('is noticed after a full run, too, that had nothing to write', async () => {
    await library.world.choose('reconcile', {});
    await library.idle();
    library.mark();
    putBack();
    library.nowMs += 2 * hour;
    saved(library.ids[0] ?? 0, '7.70');
    await library.idle();
    expect(last().figures.queued).toEqual({ 'stale:title': 15 });
  });
});

describe('[1.5 RECV-05] a database that was not put back', () => {
  beforeEach(async () => {
    spread();
    edit(library.ids.slice(50), 'Later');
    await library.idle();
    library.mark();
  });

  it('is not taken for one when its newest scenes were deleted', async () => {
    await library.away(() => {
      for (const id of library.ids.slice(57)) store.removeScene(id);
    });
    await library.idle();
    expect(last().scope).not.toHaveProperty('pushedSince');
    expect(last().figures.queued).toEqual({ 'scene-gone': 3 });
    expect(library.world.logText()).not.toContain('stash-restored');
  });

  it('nor when an import made a scene older that PlexSync reads', async () => {
    const [one = 0] = library.ids.slice(53);
    const newest = library.ids[59] ?? 0;
    store.stampScene(newest, hoursAgo(-0.1));
    saved(newest, '1.1');
    await library.idle();
    store.stampScene(one, '2020-01-01T00:00:00Z');
    saved(one, '1.1');
    await library.idle();
    expect(library.runs()).toEqual([]);
    expect(library.status().missedSince).toBeNull();
    expect(library.world.logText()).not.toContain('stash-restored');
  });

  it('nor when scenes were saved while the clock was ahead, and again once it was right', async () => {
    const [one = 0, other = 0] = library.ids.slice(53);
    const save = async (id: number, hours: number): Promise<void> => {
      store.stampScene(id, hoursAgo(-hours));
      saved(id, '1.1');
      await library.idle();
    };
    library.nowMs += 3 * hour;
    await save(one, 3);
    await save(other, 3);
    library.nowMs -= 3 * hour;
    await save(one, 0.05);
    // Read for another reason before it is saved: Stash's time of it still lies ahead.
    saved(other, '1.1');
    await library.idle();
    await save(other, 0.06);
    for (const { scope } of library.runs()) expect(scope).not.toHaveProperty('pushedSince');
    expect(library.status().fullSyncNeeded).toBeNull();
    expect(library.world.logText()).not.toContain('stash-restored');
  });

  it('nor when the clock was put back by some seconds between two saves', async () => {
    const [one = 0] = library.ids.slice(53);
    for (const seconds of [-30, -5]) {
      store.stampScene(one, hoursAgo(seconds / 3_600));
      saved(one, '1.1');
      await library.idle();
    }
    expect(library.runs()).toEqual([]);
    expect(library.world.logText()).not.toContain('stash-restored');
  });

  it('nor when a hook told that all of the newest were deleted', async () => {
    for (const id of library.ids.slice(50)) {
      store.removeScene(id);
      library.world.dropEvent('Scene.Destroy.Post', id);
    }
    await library.idle();
    library.nowMs += 2 * hour;
    saved(library.ids[0] ?? 0, '7.70');
    await library.idle();
    expect(last().scope).not.toHaveProperty('pushedSince');
    expect(library.world.logText()).not.toContain('stash-restored');
  });

  it('has scenes compared where all of the newest are gone, and nothing is written for it', async () => {
    keepTen();
    await library.away(() => {
      for (const id of library.ids.slice(50)) store.removeScene(id);
    });
    await library.idle();
    expect(library.world.logText()).toContain('may be of');
    expect(last().figures.queued).toEqual({ 'scene-gone': 10 });
    expect(library.writes()).toBe(0);
    expect(library.status()).toMatchObject({ missedSince: null, fullSyncNeeded: null });
  });
});

describe('[1.5 RECV-05] a Stash that lost its database', () => {
  const known = (): number =>
    Number(
      rows(
        library.db,
        "SELECT count(*) AS n FROM scene_state WHERE no_item_reason IS NOT 'gone'",
      )[0]?.['n'],
    );
  beforeEach(async () => {
    await library.configure({ withdrawWhenGone: true });
    await library.minuteLater();
    spread();
    edit(library.ids.slice(2), 'Later');
    await library.idle();
    for (const id of library.ids.slice(50)) {
      store.stampScene(id, hoursAgo(-0.1));
      saved(id, '1.1');
    }
    await library.idle();
    keepTen();
    library.mark();
  });

  it('has nothing taken out of Plex, though all that was pushed lately is gone: a word is asked for', async () => {
    for (const id of library.ids.slice(5)) store.removeScene(id);
    saved(library.ids[0] ?? 0, '7.70');
    await library.idle();
    expect(last().scope.pushedSince).toBeDefined();
    expect(last()).toMatchObject({ origin: 'start', state: 'ended', figures: { scenes: 0 } });
    expect(last().figures.queued).toEqual({});
    expect(library.writes()).toBe(0);
    expect(known()).toBe(60);
    expect(library.status().fullSyncNeeded?.reason).toMatch(/^Stash has 5 scenes, far fewer/);
    expect(library.world.logText()).toContain('far fewer than the 60');
    // And no run after it takes what is there for all there was.
    library.nowMs += 2 * hour;
    saved(library.ids[0] ?? 0, '8.80');
    await library.idle();
    expect(library.runs()).toHaveLength(2);
    expect(library.writes()).toBe(0);
    expect(known()).toBe(60);
  });

  it('while such a run is at work has none taken out either', async () => {
    for (const id of library.ids.slice(50)) store.removeScene(id);
    saved(library.ids[0] ?? 0, '7.70');
    const isAtScenes = (): boolean => {
      const place = library.runs()[0]?.place;
      return place?.phase === 'scenes' && place.after > 0;
    };
    for (let made = 0; made < 100 && !isAtScenes(); made += 1) await library.turns(1, 1_000);
    expect(isAtScenes()).toBe(true);
    for (const id of library.ids.slice(5)) store.removeScene(id);
    // Whoever goes on with it has to ask again.
    await library.restart();
    await library.idle();
    expect(last().figures.queued).toEqual({});
    expect(library.writes()).toBe(0);
    expect(known()).toBe(60);
    expect(library.status().fullSyncNeeded?.reason).toMatch(/^Stash has 5 scenes, far fewer/);
  });
});
