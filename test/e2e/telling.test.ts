// The worker, to which Stash does not listen, gets its lines into Stash's log: with the built plugin.
import { afterEach, describe, expect, test } from 'vitest';
import { type Installed, installPlugin, type InstalledOptions } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import { tellingsWaiting } from '../../src/store/figures/telling.ts';
import { openStore } from '../../src/store/file/open.ts';
import { join } from 'node:path';

describe('[1.0 OBS-01] Stash’s log has a line per event worth reading', () => {
  let world: Installed;
  afterEach(async () => {
    await world?.close();
  });

  const open = async (stash: InstalledOptions['stash'] = {}): Promise<void> => {
    world = await installPlugin({
      stash,
      env: { PLEXSYNC_TELL_MS: '300', PLEXSYNC_LOOK_MS: '300' },
    });
    await world.configure();
  };
  const told = (what: RegExp): readonly string[] =>
    world.stash.log
      .filter(({ plugin, text }) => plugin === 'PlexSync' && what.test(text))
      .map(({ level, text }) => `${level}: ${text}`);
  const tellRuns = (): number => world.stash.runs.filter(({ kind }) => kind === 'operation').length;
  const waiting = (): number => {
    const { db } = openStore(join(world.data, 'plex-sync.db'), Date.now());
    try {
      return tellingsWaiting(db).waiting.length;
    } finally {
      db.close();
    }
  };
  const awayAndBack = async (): Promise<void> => {
    const pairs = world.addPairs(5);
    await world.plex.goAway();
    for (const { sceneId } of pairs) await world.save(sceneId, { title: 'Saved meanwhile' });
    await until('the outage is told', () => told(/^Plex is away/).length > 0);
    await world.plex.comeBack();
    await until('the end of it is told', () => told(/^Plex is back/).length > 0);
  };

  test('Plex goes away during edits and comes back: one line each, and nobody touched Stash', async () => {
    await open();
    await awayAndBack();
    expect(told(/Plex is/)).toEqual([
      expect.stringMatching(
        /^warning: Plex is away: Plex at \S+ cannot be reached: nothing listens there\. \d changes? waits?, nothing is lost\. PlexSync goes on by itself when it is back\.$/,
      ),
      expect.stringMatching(
        /^info: Plex is back after \d+ s; 5 changes waited for it, \d more to go\.$/,
      ),
    ]);
    await until('nothing is left to tell', () => waiting() === 0);
    await until('both were told by a process each', () => tellRuns() === 2);
  });

  test('the same with a login, by the session and by an API key', {
    timeout: 150_000,
  }, async () => {
    for (const apiKey of ['', 'anApiKeyOfStash0123456789']) {
      await open({ login: { username: 'ann', password: 'secret of Ann' }, apiKey });
      await awayAndBack();
      expect(told(/Plex is/)).toHaveLength(2);
      await world.close();
    }
  });

  test('200 scenes that are given up at once are few lines', {
    timeout: 150_000,
  }, async () => {
    await open();
    const pairs = world.addPairs(200);
    for (const { sceneId } of pairs)
      world.stash.store.changeScene(sceneId, { date: 'no date' }, { touch: true });
    const ids = pairs.map(({ sceneId }) => String(sceneId));
    await world.stash.graphql(
      'mutation ($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }',
      { input: { ids, details: 'of a scene without a date' } },
    );
    const counted = (): number =>
      told(/given up/).reduce((sum, text) => {
        const [, count = 'One'] =
          /^error: (One|[\d,]+) changes? (?:was|were) given up/.exec(text) ?? [];
        return sum + (count === 'One' ? 1 : Number(count.replace(',', '')));
      }, 0);
    await until('all of them are told', () => counted() === 200, 120_000);
    expect(told(/given up/).length).toBeLessThan(20);
  });

  test('while Stash is away the lines wait, and are told when it is back', {
    timeout: 90_000,
  }, async () => {
    await open();
    const [pair] = world.addPairs(1);
    await world.plex.goAway();
    await world.save(pair?.sceneId ?? 0, { title: 'Saved' });
    await until('the outage is noted', () => world.status().plex.circuit === 'open');
    await world.stash.goAway();
    await world.plex.comeBack();
    await until(
      'a try has failed',
      () => /"event":"tell"/.test(world.logText()) || told(/./).length > 0,
    );
    await world.stash.comeBack();
    await until('both are told', () => told(/^Plex is (away|back)/).length >= 2, 60_000);
    await until('nothing is left to tell', () => waiting() === 0);
  });

  test('a plugin that is switched off is asked for nothing, and tells it once it is on again', {
    timeout: 150_000,
  }, async () => {
    await open();
    const [pair] = world.addPairs(1);
    await world.plex.goAway();
    await world.save(pair?.sceneId ?? 0, { title: 'Saved' });
    await until('the outage is noted', () => world.status().plex.circuit === 'open');
    await world.stash.graphql('mutation ($map: BoolMap!) { setPluginsEnabled(enabledMap: $map) }', {
      map: { 'plex-sync': false },
    });
    await until('the worker has left', () => world.workers().length === 0, 60_000);
    const errors = world.stash.log.filter(
      ({ level, text }) => level === 'error' && /Plex/.test(text),
    );
    expect(errors).toEqual([]);
    await world.stash.graphql('mutation ($map: BoolMap!) { setPluginsEnabled(enabledMap: $map) }', {
      map: { 'plex-sync': true },
    });
    await world.plex.comeBack();
    await world.save(pair?.sceneId ?? 0, { title: 'Saved again' });
    await until('the end is told', () => told(/^Plex is back/).length === 1, 60_000);
  });

  test('a task tells what waits at its end', async () => {
    world = await installPlugin({ env: { PLEXSYNC_TELL_MS: '3600000' } });
    await world.configure({ plexToken: 'wrong' });
    const [pair] = world.addPairs(1);
    await world.save(pair?.sceneId ?? 0, { title: 'Saved' });
    // The first line is told by the worker at once.
    await until('the token is told', () => told(/plexToken/).length === 1 && waiting() === 0);
    await world.configure();
    await until('it is noted that all is well', () => waiting() > 0);
    await world.stash.graphql(
      'mutation { runPluginTask(plugin_id: "plex-sync", task_name: "View queue status") }',
    );
    await until('the task has told it', () => told(/settings are in order/).length === 1);
    await until('nothing is left to tell', () => waiting() === 0);
  });
});
