// PlexSync on a scene's page of Stash: both sides of the scene, and what one can do about it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paused } from '../../src/store/queue/control.ts';
import { clearState } from '../../src/store/file/state.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';
import { hasChromium, inChromium, overflows, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';
import { pause } from './support/seeds/queue.ts';

const html = '<b onclick="x()">Night & Train</b>';

describe.skipIf(!hasChromium)(`the tab on a scene's page, ${inChromium}`, () => {
  let world: PageWorld;
  let pair: Pair;
  let spare = '';
  beforeAll(async () => {
    world = await openPageWorld();
    await world.configure();
    [pair = { sceneId: 0, ratingKey: '' }] = world.addPairs(1);
    spare = world.plex.library.addItem(world.section, {
      title: 'A spare item',
      files: [{ path: '/data/spare.mp4', size: 5, durationMs: 60_000 }],
    });
    await world.save(pair.sceneId, { title: html, details: 'A long night' });
    await until('it is in Plex', () => world.plex.library.item(pair.ratingKey)?.title === html);
    await until('it is recorded', () => world.status().queue.inFlight === 0);
  });
  afterAll(() => world.close());

  it('shows the item, how it was found, both sides of each field and the history; syncs the scene', async () => {
    world.plex.library.setByPerson(pair.ratingKey, { summary: 'Written in Plex' });
    world.stash.store.changeScene(pair.sceneId, { title: 'Night Train' }, { touch: true });
    const { page, complaints } = await world.open(`/scenes/${pair.sceneId}`);
    await page.getByRole('tab', { name: 'PlexSync' }).click();
    const tab = page.locator('.plexsync-scene-tab');
    await tab.getByText('A push now would write: title.').waitFor();
    await tab.getByText(`Matched to “${html}” in Videos`).waitFor();
    const row = (name: string) => tab.getByRole('row').filter({ hasText: name });
    await row('title').getByText('will be written').waitFor();
    expect(await row('title').getByRole('cell').allInnerTexts()).toEqual([
      'Night Train',
      expect.stringContaining(html),
    ]);
    await row('summary').getByText('Written in Plex').waitFor();
    await row('summary').getByText('kept as it is in Plex').waitFor();
    expect(await violations(page, '.plexsync-scene-tab')).toEqual([]);
    const link = await tab.getByRole('link', { name: 'Open in Plex' }).getAttribute('href');
    expect(link).toMatch(
      new RegExp(
        `^https://app\\.plex\\.tv/desktop/#!/server/[\\w-]+/details\\?key=%2Flibrary%2Fmetadata%2F${pair.ratingKey}$`,
      ),
    );
    await tab.getByRole('button', { name: 'Sync this scene' }).click();
    await page
      .getByRole('status')
      .getByText(/Scene \d+ is synced now/)
      .waitFor();
    await row('title').getByText('the same').waitFor();
    await tab.getByRole('list').getByText('Night Train', { exact: true }).first().waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says that PlexSync is paused where a change waits for that', async () => {
    pause(world);
    await world.save(pair.sceneId, { details: 'A longer night' });
    const { page } = await world.open(`/scenes/${pair.sceneId}`);
    await page.getByRole('tab', { name: 'PlexSync' }).click();
    const tab = page.locator('.plexsync-scene-tab');
    await tab.getByText('PlexSync is paused: nothing is pushed until it is resumed.').waitFor();
    await tab.getByText('It is tried once PlexSync is resumed.').waitFor();
    world.seed((db) => clearState(db, paused));
    await tab.getByText('It is tried once PlexSync is resumed.').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('chooses another item and takes that back; keeps the scene out of Plex', async () => {
    const { page } = await world.open(`/scenes/${pair.sceneId}`);
    await page.getByRole('tab', { name: 'PlexSync' }).click();
    const tab = page.locator('.plexsync-scene-tab');
    await tab.getByRole('button', { name: 'Another item…' }).click();
    await tab.getByRole('searchbox').fill('spare');
    await tab.getByRole('button', { name: 'This one: A spare item' }).click();
    await tab.getByText('You chose this item.').waitFor();
    await tab.getByText(/(Matched to|A push would match it to) “/).waitFor();
    await until('it is written to', () => world.plex.library.item(spare)?.title === 'Night Train');
    await tab.getByRole('button', { name: 'Take it back' }).click();
    await tab.getByText('You chose this item.').waitFor({ state: 'detached' });
    await tab.getByRole('button', { name: 'Another item…' }).click();
    await tab.getByRole('button', { name: 'Keep it out of Plex' }).click();
    await tab.getByText('You keep this scene out of Plex.').waitFor();
    expect(await violations(page, '.plexsync-scene-tab')).toEqual([]);
    await page.context().close();
  });
});
