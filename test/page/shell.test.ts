// The frame of the page: its tabs as addresses, its place in Stash's navigation, the links to it, and
// what never reaches a browser.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, inChromium, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';
import { giveUp } from './support/seeds/overview.ts';
import { pause } from './support/seeds/queue.ts';
import { addScenes } from './support/seeds/scenes.ts';

const secret = 'canary-4f1d9c';

describe.skipIf(!hasChromium)(`the frame of the page, ${inChromium}`, () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await openPageWorld({ plex: { token: secret } });
    await world.configure();
    pause(world);
    giveUp(world, addScenes(world, 3).slice(0, 1));
  });
  afterAll(() => world.close());

  it('opens each tab by its address; no answer on the way has a secret in it', async () => {
    const { page, complaints } = await world.open('/settings');
    const answers: Promise<string>[] = [];
    page.on('response', (response) => {
      if (!response.url().endsWith('/graphql')) return;
      // A question that is called off with its page has no answer.
      answers.push(response.text().catch(() => ''));
    });
    for (const path of ['', 'queue', 'problems', 'coverage', 'outages', 'history']) {
      const name = path === '' ? 'Overview' : `${path[0]?.toUpperCase()}${path.slice(1)}`;
      await page.goto(`${world.host.url}/plugins/plex-sync/${path}`);
      await page.locator('.plexsync-tabs .active', { hasText: name }).waitFor();
      await page.locator('.plexsync[aria-busy="false"]').waitFor();
      expect(await page.title()).toBe('PlexSync');
      expect(await page.content()).not.toContain(secret);
    }
    const told = await Promise.all(answers);
    expect(told.filter((answer) => answer.includes('"sentence"')).length).toBeGreaterThan(5);
    expect(told.filter((answer) => answer.includes(secret))).toEqual([]);
    expect(await violations(page, '.plexsync-header')).toEqual([]);
    await page.goto(`${world.host.url}/plugins/plex-sync/no-such-tab`);
    await page.getByRole('link', { name: 'To the overview' }).click();
    await page.locator('.plexsync-sentence').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('is found from Stash’s navigation, from the plugin’s settings and once from Tools; the dot says that somebody should look', async () => {
    const { page } = await world.open('/settings?tab=tools');
    const way = page.getByRole('link', { name: 'PlexSync, needs attention' });
    await way.waitFor();
    expect(await violations(page, '.plexsync-nav')).toEqual([]);
    const tool = page.locator('.setting').getByRole('link', { name: 'PlexSync' });
    expect(await tool.count()).toBe(1);
    await tool.click();
    await page.locator('.plexsync-sentence').waitFor();
    await page.goto(`${world.host.url}/settings`);
    await page.getByRole('link', { name: 'Open PlexSync' }).waitFor();
    expect(await page.locator('.plugin-settings').count()).toBe(2);
    expect(await page.getByRole('link', { name: 'Open PlexSync' }).count()).toBe(1);
    await page.getByRole('link', { name: 'Open PlexSync' }).press('Enter');
    await page.locator('.plexsync-sentence').waitFor();
    await page.goto(`${world.host.url}/settings`);
    await way.click();
    await page.locator('.plexsync-sentence').waitFor();
    await page.context().close();
  });
});
