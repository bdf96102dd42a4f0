// What a person asks in a terminal beside `plexsync watch`: its settings are a file, and nothing of it is in Stash.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firstOf, openBeside } from '../helpers/beside.ts';
import { until } from '../helpers/wait.ts';

it('commands beside watch take the settings of its file, and do not ask to switch the plugin on', async () => {
  const { world, root, start, titled } = await openBeside();
  const pair = firstOf(world.addPairs(1));
  await world.save(pair.sceneId, { title: 'One' });
  const watch = start();
  await until('it is there', titled(pair, 'One'));
  const program = join(world.pluginFolder, 'plex-sync.cjs');
  const call = async (...args: readonly string[]): Promise<string> => {
    const child = spawn(process.execPath, [program, ...args, '--data', watch.data]);
    let said = '';
    child.stdout.on('data', (some: Buffer) => (said += some.toString()));
    await once(child, 'close');
    return said;
  };

  const well = await call('doctor');
  expect(well).toMatch(/^ok +plugin: .*plexsync watch/m);
  expect(well).toMatch(/^ok +token/m);
  expect(well).not.toMatch(/^FAIL/m);
  expect(await call('libraries')).toContain('Videos');
  expect(await call('scene', `${pair.sceneId}`)).not.toContain('could not be asked');
  expect(await call('support')).toContain('plexToken: ');
  // It looks at the data by itself; the plugin's worker would note that the plugin is switched off.
  expect(await call('sync', `${pair.sceneId}`)).toMatch(/is synced now/);
  expect(existsSync(join(watch.data, 'supervisor'))).toBe(false);
  writeFileSync(join(root, 'settings.json'), '{"plexUrl": "half');
  const half = await call('doctor');
  expect(half).toMatch(/^FAIL +settings: .*settings\.json cannot be read: it is no JSON/m);
  expect(half.match(/^FAIL/gm)).toHaveLength(1);
  await watch.stop();
  await call('sync', `${pair.sceneId}`);
  expect(await call('doctor')).toMatch(/^FAIL +worker: .*\n.*Start plexsync watch again/m);
}, 90_000);
