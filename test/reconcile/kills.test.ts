// A worker killed in the middle of a run, anywhere: whoever goes on ends with the same result as one that
// nobody disturbed. PLEXSYNC_TEST_KILLS sets how many kills there are, 6 if not given.
import { afterEach, describe, expect, it } from 'vitest';
import { deadLetterCount } from '../../src/store/queue/deadLetter.ts';
import { lastRuns } from '../../src/store/run/run.ts';
import { allRows } from '../store/support.ts';
import { type InStep, openInStep, tags } from './inStep.ts';
import { killAt, life } from './killedLife.ts';

const killsWanted = Number(process.env['PLEXSYNC_TEST_KILLS'] ?? '6');
const scenes = 170;

const open: InStep[] = [];
afterEach(async () => {
  for (const library of open.splice(0)) await library.close();
});

/** Some of every kind on every page, without a hook. */
async function drifted(): Promise<InStep> {
  const library = await openInStep(scenes);
  open.push(library);
  const { stash, plex } = library.world;
  const found = stash.store.addTag({ name: 'found' });
  library.pairs.forEach((pair, at) => {
    if (at % 10 === 1) stash.library.autoTag(pair.sceneId, [found]);
    if (at % 10 === 2) library.put(pair, { title: 'scanned', genres: tags.slice(0, 2) });
    if (at % 20 === 3) stash.store.removeScene(pair.sceneId);
    if (at % 20 === 4) plex.library.removeItem(pair.ratingKey);
    if (at % 20 === 5) plex.library.setByPerson(pair.ratingKey, { summary: 'A person’s' });
    if (at % 20 === 6) {
      stash.store.addScene({ files: [{ path: `/data/new ${at}.mp4`, size: at }] });
      const files = [{ path: `/data/alone ${at}.mp4`, size: 9_000 + at }];
      plex.library.addItem(library.world.section, { title: `alone ${at}`, files });
    }
  });
  return library;
}

/** What is left of a run, in words that are the same for two libraries of the same drift. */
function outcome(library: InStep): object {
  const { db, world } = library;
  const [run] = lastRuns(db, 1);
  const { found, queued, scenes: looked, unread, waiting } = run?.figures ?? {};
  return {
    state: run?.state,
    found,
    queued,
    looked,
    unread,
    waiting,
    gaps: library
      .gaps()
      .map(({ kind, field, sceneId, state, plex }) => {
        const which = sceneId === 0 ? String(plex) : sceneId;
        return `${kind} ${field} ${which} ${state}`;
      })
      .toSorted(),
    items: world.plex.library
      .items()
      .map(({ title, studio, genres, summary }) =>
        [title, studio, summary, ...genres.toSorted()].join('|'),
      )
      .toSorted(),
    left: allRows(db, 'queue').length + deadLetterCount(db),
  };
}

describe('[1.4 RECON-01] [1.0 QUEUE-01] a run whose worker is killed', () => {
  it(`ends as one that nobody disturbed, after ${killsWanted} kills at random points`, async () => {
    const undisturbed = await drifted();
    const aheadOf = (library: InStep): number => library.nowMs - Date.now() + 60_000;
    const inStep = undisturbed.writes();
    undisturbed.begin();
    await life(undisturbed.world, aheadOf(undisturbed), null);
    const writesNeeded = undisturbed.writes() - inStep;
    const expected = outcome(undisturbed);
    expect(expected).toMatchObject({ state: 'ended', unread: 0, left: 0 });
    expect(JSON.stringify(expected)).not.toContain('"scanned|');
    let kills = 0;
    while (kills < killsWanted) {
      const library = await drifted();
      const ahead = aheadOf(library);
      const before = library.writes();
      library.begin();
      let killed = 0;
      while (killed + kills < killsWanted) {
        if (!(await life(library.world, ahead, killAt(killed)))) break;
        killed += 1;
      }
      await life(library.world, ahead, null);
      expect(outcome(library)).toEqual(expected);
      // A write may be made twice where its answer was lost, and no oftener.
      const writes = library.writes() - before;
      expect(writes).toBeLessThanOrEqual(writesNeeded + killed * 2);
      kills += killed;
    }
  }, 600_000);
});
