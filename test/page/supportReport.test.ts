// The support report on the page: shown before it is handed out, and copied.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, inChromium, overflows, sizes, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';
import { giveUp } from './support/seeds/overview.ts';
import { pause } from './support/seeds/queue.ts';
import { addScenes } from './support/seeds/scenes.ts';

const secret = 'canary-77ad31';

describe.skipIf(!hasChromium)(`the support report on the page, ${inChromium}`, () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await openPageWorld({ plex: { token: secret } });
    await world.configure();
    pause(world);
    giveUp(world, addScenes(world, 2).slice(0, 1));
  });
  afterAll(() => world?.close());

  it('is made when it is asked for, holds no secret, and is copied', async () => {
    const { page, complaints } = await world.open('problems');
    expect(await page.getByRole('textbox', { name: 'Support report' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show the report' }).click();
    const field = page.getByRole('textbox', { name: 'Support report' });
    await field.waitFor();
    const text = await field.inputValue();
    expect(text).toMatch(/^### PlexSync\n/);
    expect(text).toContain('plexToken: set');
    expect(text).not.toContain(secret);
    expect(text).not.toContain(world.plex.url);
    expect(await violations(page, '.plexsync')).toEqual([]);
    await page.setViewportSize(sizes.narrow);
    expect(await overflows(page)).toBe(false);
    await page.setViewportSize(sizes.wide);
    await page.getByRole('button', { name: 'Copy it' }).click();
    await page.getByText('Copied.').waitFor();
    // Pasted elsewhere, it is the same.
    const search = page.locator('.plexsync-search').first();
    await search.focus();
    await page.keyboard.press('Control+V');
    expect((await search.inputValue()).slice(0, 12)).toBe('### PlexSync');
    await page.getByRole('button', { name: 'Make it anew' }).click();
    await page.getByText('Copied.').waitFor({ state: 'hidden' });
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
