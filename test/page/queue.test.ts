// The queue: what waits, why, and what one can do to it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, inChromium, overflows, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';
import { fillLongQueue, fillQueue, pause } from './support/seeds/queue.ts';
import { addScenes, type SeededScene } from './support/seeds/scenes.ts';

describe.skipIf(!hasChromium)(`the queue, ${inChromium}`, () => {
  let world: PageWorld;
  let scenes: readonly SeededScene[] = [];
  beforeAll(async () => {
    world = await openPageWorld();
    await world.configure();
    pause(world);
  });
  afterAll(() => world.close());
  const title = (index: number): string => scenes[index]?.title ?? '';

  it('says what would be here while nothing waits', async () => {
    const { page } = await world.open('queue');
    await page.getByText('Nothing waits. A change in Stash stands here').waitFor();
    expect(await page.getByRole('button', { name: /^Clear/ }).count()).toBe(0);
    await page.context().close();
  });

  it('[1.2 QUEUE-01] shows each change with its scene, since when, why and when it is tried next', async () => {
    scenes = addScenes(world, 12);
    fillQueue(world, scenes);
    const { page, complaints } = await world.open('queue');
    await page.getByText('13 changes.').waitFor();
    const row = page.getByRole('row').filter({ hasText: title(3) });
    await row.getByRole('link', { name: title(3) }).waitFor();
    expect(await row.getByRole('link').getAttribute('href')).toBe(`/scenes/${scenes[3]?.id}`);
    expect(await row.locator('.plexsync-cover').getAttribute('src')).toContain(
      `/scene/${scenes[3]?.id}/screenshot`,
    );
    await row.getByText('Plex failed at this item while others went well.').waitFor();
    await row.getByText('1 try; changed in Stash').waitFor();
    await row.getByText(/^\d minutes ago$/).waitFor();
    await page.getByRole('link', { name: 'Performer 5' }).waitFor();
    expect(await violations(page, '.plexsync')).toEqual([]);
    await page.getByLabel('Cause of the last failure').selectOption('plex-header-timeout');
    await page.getByText('1 change.').waitFor();
    await page.reload();
    await page.getByText('1 change.').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    expect(await violations(page, '.plexsync')).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('[1.2 QUEUE-04] [1.2 QUEUE-05] removes one after a question, puts one first and tries one now at once; each answers in a toast, also by keyboard', async () => {
    const { page } = await world.open('queue');
    const toast = page.getByRole('status');
    const remove = page.getByRole('button', { name: `Remove: ${title(0)}`, exact: true });
    await remove.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Remove this change?' });
    await dialog.getByRole('listitem').getByText(title(0)).waitFor();
    expect(await violations(page, '.plexsync-modal')).toEqual([]);
    // The focus is on what harms nobody, and returns to where it was.
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.locator(`[aria-label="Remove: ${title(0)}"]:focus`).waitFor();
    expect(world.status().queue.pending).toBe(13);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Remove 1 change' }).click();
    await toast.getByText('Removed 1 change from the queue').waitFor();
    expect(world.status().queue.pending).toBe(12);
    // It keeps its place, marked, until the list is wanted anew.
    await page.getByText('1 of those shown do not wait any more.').waitFor();
    await page.getByRole('button', { name: 'Show it as it is now' }).click();
    await remove.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: `First: ${title(5)}` }).click();
    await toast.getByText('1 change goes before all others').waitFor();
    await page.getByRole('button', { name: `Try now: ${title(3)}` }).click();
    await toast.getByText('1 change is tried again at once').waitFor();
    expect(world.status().paused).not.toBeNull();
    await page.context().close();
  });

  it('[1.2 QUEUE-01] [1.2 QUEUE-02] [1.2 QUEUE-04] [1.2 QUEUE-05] is searched and paged with 10,000 rows, and cleared after a question that says how many; two browsers see it', async () => {
    fillLongQueue(world, 10_000);
    const [first, second] = await Promise.all([
      world.open(`queue?search=${encodeURIComponent(title(6))}`),
      world.open('queue'),
    ]);
    await first.page.getByText('1 change.').waitFor();
    await first.page.getByRole('link', { name: title(6) }).waitFor();
    await first.page.getByRole('searchbox').fill('');
    await first.page.getByText('1 to 50 of 10,012').waitFor();
    await first.page.getByRole('button', { name: 'Next' }).click();
    await first.page.getByText('51 to 100 of 10,012').waitFor();
    await first.page.getByRole('button', { name: 'Previous' }).click();
    await second.page.getByText('10,012 changes.').waitFor();
    await second.page.getByRole('button', { name: 'Clear 10,012 changes…' }).click();
    const dialog = second.page.getByRole('dialog', { name: 'Clear the queue?' });
    await dialog.getByText('10,012 changes are removed and will not reach Plex').waitFor();
    expect(await dialog.getByRole('listitem').count()).toBe(2);
    await dialog.getByRole('button', { name: 'Clear 10,012 changes' }).click();
    await second.page
      .getByRole('status')
      .getByText(/Removed 10,?012 changes/)
      .waitFor();
    await second.page.getByText('Nothing waits. A change in Stash stands here').waitFor();
    expect(world.status().queue.pending).toBe(0);
    // The other browser is told, and its rows stay where they are.
    await first.page.getByText('50 of those shown do not wait any more.').waitFor();
    await first.page.context().close();
    await second.page.context().close();
  });
});
