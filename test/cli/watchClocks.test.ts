// What `plexsync watch` finds by the times that Stash tells, whatever its clock says.
import { expect, it } from 'vitest';
import { firstOf, openBeside } from '../helpers/beside.ts';
import { until } from '../helpers/wait.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

it.each([
  ['an hour slow', -60 * minute],
  ['an hour fast', 60 * minute],
  ['three days slow', -3 * day],
  ['three days fast', 3 * day],
])(
  'an edit in a Stash whose clock is %s arrives',
  async (_, aheadMs) => {
    const { world, start, titled } = await openBeside({
      stash: { nowMs: () => Date.now() + aheadMs },
    });
    const pair = firstOf(world.addPairs(1));
    await world.save(pair.sceneId, { title: 'One' });
    start();
    await until('the first edit is there', titled(pair, 'One'));
    await world.save(pair.sceneId, { title: 'Two' });
    await until('the second edit is there', titled(pair, 'Two'));
  },
  90_000,
);

it('edits are found that were stamped long before they could be seen, also those of a clock that was put right', async () => {
  let aheadMs = 0;
  const { world, start, titled } = await openBeside({
    stash: { nowMs: () => Date.now() + aheadMs },
  });
  const [first, late, earlier] = world.addPairs(3);
  if (first === undefined || late === undefined || earlier === undefined) throw new TypeError();
  const watch = start();
  const saved = async (pair: typeof first, title: string, ahead: number): Promise<void> => {
    aheadMs = ahead;
    await world.save(pair.sceneId, { title });
    aheadMs = 0;
    await until(`${title} is there`, titled(pair, title));
  };
  await saved(first, 'One', 0);
  // As a save whose transaction took that long: its time is that of its beginning.
  await saved(late, 'Late', -50 * minute);
  await saved(first, 'Of a clock that was ahead', 2 * day);
  await saved(earlier, 'Since it was put right', 0);
  await saved(late, 'Late again', -50 * minute);
  // What came while nobody looked, too.
  await watch.stop();
  aheadMs = -50 * minute;
  await world.save(earlier.sceneId, { title: 'While it was away' });
  aheadMs = 0;
  start();
  await until('it is there', titled(earlier, 'While it was away'));
}, 150_000);

it('a look at a library in which nothing happens is one request for scenes, and raises none of them', async () => {
  const { world, start, titled } = await openBeside();
  const pairs = world.addPairs(30);
  const first = firstOf(pairs);
  for (const { sceneId } of pairs) await world.save(sceneId, { title: `Title ${sceneId}` });
  start();
  await until('all are there', () =>
    pairs.every((pair) => titled(pair, `Title ${pair.sceneId}`)()),
  );
  const requests = (document: string): number =>
    world.stash.accessLog.filter(({ body }) => body.includes(document)).length;
  await world.save(first.sceneId, { title: 'Again' });
  await until('it is there', titled(first, 'Again'));
  expect(requests('query Scenes(')).toBeGreaterThan(0);
  // What was saved within the last seconds is looked at once more.
  const looks = requests('SceneTimesAfter');
  await until('that is over', () => requests('SceneTimesAfter') >= looks + 3);
  const before = {
    looks: requests('SceneTimesAfter'),
    reads: requests('query Scenes('),
    switches: requests('query Plugins'),
  };
  await until('three more looks', () => requests('SceneTimesAfter') >= before.looks + 3);
  expect(requests('query Scenes(') - before.reads).toBe(0);
  expect(requests('query Plugins') - before.switches).toBeLessThanOrEqual(4);
}, 120_000);
