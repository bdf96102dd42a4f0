// Items that fail by themselves beside a Plex that is well, or is just back: nobody is held up, and
// the circuit is not theirs.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetters } from '../../src/store/queue/deadLetter.ts';
import type { Pair } from '../helpers/world.ts';
import { mostAttempts, movesOf, pass } from './passing.ts';
import { openTurns, type Turns } from './turns.ts';

const minute = 60_000;
let turns: Turns;
beforeEach(async () => {
  turns = await openTurns();
  await turns.world.configure({ plexReadTimeout: 0.5, plexWriteTimeout: 0.5 });
});
afterEach(async () => {
  await turns.close();
});

function edit(pairs: readonly Pair[], word: string): void {
  for (const { sceneId } of pairs) turns.world.edit(sceneId, { title: `${word} ${sceneId}` });
}
function arrived(pairs: readonly Pair[], word: string): number {
  const { library } = turns.world.plex;
  return pairs.filter(
    ({ sceneId, ratingKey }) => library.item(ratingKey)?.title === `${word} ${sceneId}`,
  ).length;
}

describe('[1.0 RTRY-02] [1.0 ADV-01] one scene that always times out, beside 99 good ones', () => {
  it.each([
    ['is first in line after an outage, and so the trial', 'nobody'],
    ['is first in line, but failed last when the outage began: another is the trial', 'bad'],
  ])('%s; the 99 arrive, the circuit closes and stays closed', async (_, failedLast) => {
    const { world, db } = turns;
    const [bad, ...good] = world.addPairs(100);
    if (bad === undefined) throw new Error('no pairs');
    // Once Plex's libraries are known, the first to fail is the read for the job.
    if (failedLast === 'bad') {
      edit([bad], 'Before');
      await pass(turns, minute);
    }
    await world.plex.goAway();
    world.plex.switches.poison.set(bad.ratingKey, 'hang');
    edit([bad], 'Edited');
    await pass(turns, minute);
    expect(world.status().plex.circuit).toBe('open');
    edit(good, 'Edited');
    await pass(turns, 4 * minute);
    await world.plex.comeBack();
    const before = world.plex.accessLog.length;
    await pass(turns, 2 * minute);
    expect(arrived(good, 'Edited')).toBe(99);
    const trial = world.plex.accessLog.slice(before).find(({ method }) => method === 'PUT');
    const isBad = trial?.target.includes(`id=${bad.ratingKey}&`);
    expect(isBad).toBe(failedLast === 'nobody');
    const afterwards = movesOf(world.logText()).slice(1);
    expect(afterwards.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'open half-open',
      'half-open closed',
    ]);
    await pass(turns, 40 * minute);
    expect(movesOf(world.logText()).slice(1)).toEqual(afterwards);
    expect(deadLetters(db, 9).map(({ key, attempts }) => [key, attempts])).toEqual([
      [`scene:${bad.sceneId}`, 5],
    ]);
    expect(world.status().plex.circuit).toBe('closed');
  });
});

describe('[1.0 ADV-01] five new files that Plex does not know yet, beside 229 good jobs', () => {
  it('wait for its scan: the 229 arrive, nobody is charged an attempt, and the circuit never opens', async () => {
    const { world } = turns;
    const good = world.addPairs(229);
    const files = [1, 2, 3, 4, 5].map((n) => ({ path: `/data/new ${n}.mp4`, size: 9_000_000 + n }));
    for (const file of files) {
      const scene = world.stash.store.addScene({ files: [{ ...file, durationSeconds: 60 }] });
      world.edit(scene, { title: 'New' });
    }
    edit(good, 'Edited');
    await pass(turns, minute);
    expect(arrived(good, 'Edited')).toBe(229);
    expect(world.status()).toMatchObject({
      scenes: { withoutItem: { waiting: 5 } },
      queue: { pending: 0 },
      deadLetters: { count: 0 },
    });
    expect(mostAttempts(turns)).toBe(0);
    expect(movesOf(world.logText())).toEqual([]);
    // And they are no outage later, either.
    await pass(turns, 10 * minute);
    expect(movesOf(world.logText())).toEqual([]);
  });
});
