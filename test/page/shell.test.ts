// The frame of the page: its tabs as addresses, its place in Stash's navigation, the links to it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, inChromium, overflows, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';

describe.skipIf(!hasChromium)(`the page, ${inChromium}`, () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await openPageWorld();
    await world.configure();
  });
  afterAll(() => world.close());

  it.each(['', 'queue', 'problems', 'coverage', 'outages', 'history', 'setup'])(
    'opens the tab "%s" by its address, and again after a reload',
    async (path) => {
      const { page, complaints } = await world.open(path);
      const name = path === '' ? 'Overview' : `${path[0]?.toUpperCase()}${path.slice(1)}`;
      const tab = page.locator('.plexsync-tabs .active', { hasText: name });
      await tab.waitFor();
      await page.reload();
      await tab.waitFor();
      expect(await page.title()).toBe('PlexSync');
      expect(await violations(page, '.plexsync')).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await overflows(page)).toBe(false);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
});
