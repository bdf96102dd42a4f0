// The built plugin in a simulated Stash: what one user of Plex watched, began and rated, both ways.
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { viewingAnswer } from '../../src/contract/viewing.ts';
import { type Installed, installPlugin, killQuietly } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';

let world: Installed;
beforeEach(async () => {
  world = await installPlugin({ env: { PLEXSYNC_VIEWING_MS: '300' } });
});
afterEach(async () => {
  await world.close();
});

const hourAgo = (): number => Math.floor(Date.now() / 1000) - 3_600;
const plays = ({ sceneId }: Pair): readonly number[] =>
  (world.stash.store.scene(sceneId)?.playHistory ?? []).map((at) => Date.parse(at) / 1000);
const ask = async (mutation: string): Promise<void> => {
  const { errors } = await world.stash.graphql(`mutation { ${mutation} }`);
  expect(errors).toEqual([]);
};

/** Scenes whose items are known. */
async function matched(settings: Readonly<Record<string, unknown>>): Promise<readonly Pair[]> {
  const pairs = world.addPairs(3);
  await world.configure({ fields: 'all: off, title: mirror', ...settings });
  for (const { sceneId } of pairs) await world.save(sceneId, { title: `Film ${sceneId}` });
  await until('all are matched', () => world.status().scenes.matched === pairs.length);
  return pairs;
}

describe('[1.2 SYNC-01] with the built plugin', () => {
  it('a view and a rating in Plex come to Stash, a play and a rating in Stash to Plex, also after a kill', async () => {
    const guest = world.plex.addUser('guest');
    const [one, two] = await matched({ viewing: 'watched, resume, rating', viewingToken: guest });
    if (one === undefined || two === undefined) throw new Error('no pair');
    const { library } = world.plex;
    const seen = hourAgo() + 3_500;
    library.setSeen(
      one.ratingKey,
      { viewCount: 1, lastViewedAt: seen, userRating: 8, lastRatedAt: seen },
      'guest',
    );
    await until('the view is a play', () => plays(one).includes(seen));
    await until(
      'the rating is there',
      () => world.stash.store.scene(one.sceneId)?.rating100 === 80,
    );
    for (const pid of world.workers()) killQuietly(pid);
    await ask(`sceneAddPlay(id: ${two.sceneId}) { count }`);
    await ask(`sceneUpdate(input: { id: ${two.sceneId}, rating100: 60 }) { id }`);
    await until('the play is a mark', () => library.seen(two.ratingKey, 'guest').viewCount === 1);
    await until(
      'the rating is in Plex',
      () => library.seen(two.ratingKey, 'guest').userRating === 6,
    );
    expect(library.seen(two.ratingKey)).toMatchObject({ viewCount: 0 });
    expect(library.seen(two.ratingKey).userRating).toBeUndefined();
    expect(plays(two)).toHaveLength(1);
    await until('all of it is noted', () => {
      const { toStash = 0, toPlex = 0 } = world.status().viewing ?? {};
      return toStash + toPlex >= 4;
    });
    const { viewing, warnings } = world.status();
    expect(viewing).toMatchObject({ toStash: 2, toPlex: 2, conflicts: 0, problem: null });
    expect(warnings).toEqual([]);
    const { data } = await world.stash.graphql(
      `mutation { runPluginOperation(plugin_id: "plex-sync", args: { name: "viewing", scene: ${one.sceneId} }) }`,
    );
    const { total, changes } = v.parse(viewingAnswer, data?.['runPluginOperation']);
    expect(total).toBe(2);
    const ofRating = changes.find(({ field }) => field === 'rating');
    expect(ofRating).toMatchObject({ side: 'stash', before: '', after: '80' });
    const report = await world.stash.graphql(
      'mutation { runPluginOperation(plugin_id: "plex-sync", args: { name: "support" }) }',
    );
    const files = readdirSync(world.data, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFileSync(join(world.data, name)).toString('latin1'));
    expect(
      [
        JSON.stringify(report),
        JSON.stringify(world.status()),
        JSON.stringify(world.stash.log),
        ...files,
      ].join('\n'),
    ).not.toContain(guest);
  });

  it('off, as it is to begin with: nothing is written to Stash, and Plex is not asked who watched what', async () => {
    const [one] = await matched({});
    if (one === undefined) throw new Error('no pair');
    world.plex.library.setSeen(one.ratingKey, {
      viewCount: 1,
      lastViewedAt: hourAgo(),
      userRating: 9,
    });
    await world.save(one.sceneId, { title: 'Saved again' });
    await until(
      'it is there',
      () => world.plex.library.item(one.ratingKey)?.title === 'Saved again',
    );
    expect(plays(one)).toEqual([]);
    expect(world.status().viewing).toBeNull();
    const targets = world.plex.accessLog.map(({ target }) => target).join('\n');
    expect(targets).not.toMatch(/lastViewedAt|lastRatedAt|inProgress|scrobble|timeline/);
  });
});
