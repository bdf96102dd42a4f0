// The page in the real thing: Stash's own pages with its own PluginApi, in a real Chromium.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../helpers/wait.ts';
import {
  hasChromium,
  inChromium,
  openPage,
  overflows,
  startBrowser,
  violations,
} from '../../page/support/browser.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

describe.skipIf(!hasChromium)(`the page in a real Stash, ${inChromium}`, () => {
  let world: RealWorld;
  let browser: Browser;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld();
    // Else the notes of Stash's release stand before everything.
    await world.mutate('mutation { configureUISetting(key: "lastNoteSeen", value: 29991231) }');
    browser = await startBrowser();
    await world.edit(world.pair(0), { title: 'Seen in Stash' });
    await until('it arrives', () => world.item(world.pair(0)).title === 'Seen in Stash');
    await world.settled();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const open = async (path: string): Promise<{ page: Page; complaints: readonly string[] }> =>
    await openPage(browser, `${world.face.url}${path}`);

  /** Of Stash's own there are some: it asks the network for its newest version. */
  const ours = (complaints: readonly string[]): readonly string[] =>
    complaints.filter((line) => /plex-?sync/i.test(line));

  test('every tab opens by its address; wide, narrow and for a screen reader', async () => {
    const names = ['', 'queue', 'problems', 'coverage', 'outages', 'history', 'setup'];
    const { page, complaints } = await open('/plugins/plex-sync');
    for (const name of names) {
      await page.goto(`${world.face.url}/plugins/plex-sync/${name}`);
      const tab = name === '' ? 'overview' : name;
      await page.locator('.plexsync-tabs .active', { hasText: new RegExp(tab, 'i') }).waitFor();
      await page.locator('.plexsync[aria-busy="false"]').waitFor();
      expect([name, await violations(page, '.plexsync')]).toEqual([name, []]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect([name, await overflows(page)]).toEqual([name, false]);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    expect(ours(complaints)).toEqual([]);
    await page.context().close();
  });

  test('the way there: from the navigation, from the plugin’s settings and from Tools; actions answer in a toast', async () => {
    const { page, complaints } = await open('/settings?tab=plugins');
    await page.getByRole('link', { name: 'Open PlexSync' }).click();
    await page.locator('.plexsync-sentence').getByText('In sync. 1 scene').waitFor();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByRole('button', { name: /^Pause/ }).click();
    await page.locator('.toast').getByText(/pause/i).waitFor();
    await page.locator('.plexsync-sentence').getByText('has been paused').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('.plexsync-sentence').getByText('In sync').waitFor();
    await page.goto(`${world.face.url}/settings?tab=tools`);
    await page.locator('.setting').getByRole('link', { name: 'PlexSync' }).click();
    await page.locator('.plexsync-sentence').getByText('In sync').waitFor();
    await page.goto(`${world.face.url}/stats`);
    await page.getByRole('link', { name: 'PlexSync' }).first().click();
    await page.locator('.plexsync-newest').getByText('Seen in Stash').waitFor();
    expect(ours(complaints)).toEqual([]);
    await page.context().close();
  });

  test('a scene’s page has its tab: both sides, and a push that is seen to arrive', async () => {
    const pair = world.pair(1);
    const { page, complaints } = await open(`/scenes/${pair.sceneId}`);
    await page.getByRole('tab', { name: 'PlexSync' }).click();
    const tab = page.locator('.plexsync-scene-tab');
    await tab.getByText('A push would match it to').waitFor();
    await tab.getByRole('button', { name: 'Sync this scene' }).click();
    await page
      .locator('.toast')
      .getByText(/is synced now/)
      .waitFor();
    await tab.getByText('Matched to').waitFor();
    expect(await violations(page, '.plexsync-scene-tab')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    expect(ours(complaints)).toEqual([]);
    await page.context().close();
  });
});
