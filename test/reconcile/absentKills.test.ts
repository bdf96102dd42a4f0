// A worker killed anywhere in the run after an absence: nothing that was found is lost between the list
// and the queue. PLEXSYNC_TEST_KILLS sets how many kills there are, 6 if not given.
import { afterEach, describe, expect, it } from 'vitest';
import { beginRun } from '../../src/store/run/run.ts';
import { rows, transaction } from '../../src/store/file/sql.ts';
import { type Away, hour, openAway } from './away.ts';
import { killAt, life } from './killedLife.ts';

const killsWanted = Number(process.env['PLEXSYNC_TEST_KILLS'] ?? '6');
const most = { requests: 30, ms: 800 } as const;

const open: Away[] = [];
afterEach(async () => {
  for (const library of open.splice(0)) await library.close();
});

/** Renamed, merged and deleted without a hook, and the run that follows begun. */
async function changed(): Promise<Away> {
  const library = await openAway(120);
  open.push(library);
  const { store } = library.world.stash;
  library.rename('performer', 'Ann', 'Anna');
  library.rename('studio', 'One', 'First');
  const [from, to] = [library.idOf('performer', 'Bea'), library.idOf('performer', 'Zoe')];
  store.mergeEntities('performer', [from], to);
  store.removeEntity('tag', library.idOf('tag', 'a'));
  library.ids.forEach((id, at) => {
    if (at % 10 === 7) store.removeScene(id);
  });
  const { db, nowMs } = library;
  const scope = { since: nowMs - hour, until: null, library: null, kinds: null, absent: true };
  const run = { origin: 'missed', scope, dry: false, limit: 1_000 } as const;
  transaction(db, () => beginRun(db, run, nowMs));
  return library;
}

/** What is in Plex and what is left, in words that are the same for two such libraries. */
function outcome(library: Away): object {
  const { db, world } = library;
  const [run] = library.runs();
  const { found, queued, scenes, unread } = run?.figures ?? {};
  return {
    state: run?.state,
    run: { found, queued, scenes, unread },
    gone: rows(db, "SELECT scene_id FROM scene_state WHERE no_item_reason = 'gone'").length,
    items: world.plex.library
      .items()
      .map(({ title, studio, genres, actors }) =>
        [title, studio, genres.toSorted().join(), actors.toSorted().join()].join('|'),
      )
      .toSorted(),
    left: rows(db, 'SELECT key FROM queue').length + rows(db, 'SELECT key FROM dead_letter').length,
  };
}

describe('[1.5 RECV-05] [1.0 QUEUE-01] a run after an absence whose worker is killed', () => {
  it(`ends as one that nobody disturbed, after ${killsWanted} kills at random points`, {
    timeout: 60_000 + killsWanted * 20_000,
  }, async () => {
    const undisturbed = await changed();
    const ahead = (library: Away): number => library.nowMs - Date.now() + 60_000;
    await life(undisturbed.world, ahead(undisturbed), null);
    const expected = outcome(undisturbed);
    expect(expected).toMatchObject({
      state: 'ended',
      run: { found: { 'scene-gone': 12 }, scenes: 12, unread: 0 },
      gone: 12,
      left: 0,
    });
    expect(JSON.stringify(expected)).toContain('First');
    expect(JSON.stringify(expected)).not.toMatch(/Bea|Ann\b|One\|/);
    let kills = 0;
    while (kills < killsWanted) {
      const library = await changed();
      let killed = 0;
      while (killed + kills < killsWanted) {
        if (!(await life(library.world, ahead(library), killAt(killed, most)))) break;
        killed += 1;
      }
      await life(library.world, ahead(library), null);
      expect(outcome(library)).toEqual(expected);
      // A write may be made twice where its answer was lost, and no oftener.
      expect(library.writes()).toBeLessThanOrEqual(undisturbed.writes() + killed * 2);
      kills += Math.max(1, killed);
      open.splice(open.indexOf(library), 1);
      await library.close();
    }
  });
});
