import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { installPlugin } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import { startWatch } from '../helpers/watchProcess.ts';
import { makePlace } from './support.ts';

it('watch pushes what was changed in Stash without the plugin, and leaves when the plugin is switched on', async () => {
  const root = mkdtempSync(join(tmpdir(), 'plexsync-watch-'));
  const world = await installPlugin();
  const enable = async (on: boolean): Promise<void> => {
    await world.stash.graphql('mutation ($map: BoolMap!) { setPluginsEnabled(enabledMap: $map) }', {
      map: { 'plex-sync': on },
    });
  };
  await enable(false);
  const program = join(world.pluginFolder, 'plex-sync.cjs');
  const settings = { plexUrl: world.plex.url, plexToken: world.plex.token };
  const watch = startWatch(program, root, world.stash.url, settings);
  onTestFinished(async () => {
    await watch.stop();
    await world.close();
    rmSync(root, { recursive: true });
  });
  const [pair] = world.addPairs(1);
  if (pair === undefined) throw new TypeError('unreachable');
  const titled = (title: string) => (): boolean =>
    world.plex.library.item(pair.ratingKey)?.title === title;
  await world.save(pair.sceneId, { title: 'One' });
  await until('the first edit is there', titled('One'));
  await world.save(pair.sceneId, { title: 'Two' });
  await until('the second edit is there', titled('Two'));
  await enable(true);
  expect(await watch.ended()).toBe(1);
  expect(watch.said()).toMatch(/two would write the same items/);
}, 90_000);

it.each([
  [[], /--stash is missing/],
  [['--stash', 'nonsense', '--settings', 'x', '--data', 'y'], /--stash must be an address/],
  [['--stash', 'http://h:1', '--settings', '/nowhere.json', '--data', 'y'], /cannot be read/],
  [['--stash', 'http://h:1', '--settings', 'x', '--data', 'y', '--every', '1'], /5 to 3600/],
  [['--unknown'], /unknown/i],
])('watch called wrongly says how: %j', async (args, said) => {
  const { code, stderr } = await makePlace().call(['watch', ...args]);
  expect(code).toBe(2);
  expect(stderr).toMatch(said);
  expect(stderr).toContain('plexsync watch [--stash');
});
