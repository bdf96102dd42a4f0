// The history: what PlexSync changed in Plex, before and after, and how it is found again.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, inChromium, overflows, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';
import { addPush } from './support/seeds/history.ts';
import { addScenes, type SeededScene } from './support/seeds/scenes.ts';

const html = '<img src=x onerror="document.title=1">';
const minuteMs = 60_000;

describe.skipIf(!hasChromium)(`the history, ${inChromium}`, () => {
  let world: PageWorld;
  let scenes: readonly SeededScene[] = [];
  beforeAll(async () => {
    world = await openPageWorld();
    await world.configure();
  });
  afterAll(() => world.close());

  it('is empty at first, and shows a push as it happens: field, before, after, lock', async () => {
    const [pair] = world.addPairs(1);
    const { page, complaints } = await world.open('history');
    await page.getByText('Nothing was changed in Plex yet.').waitFor();
    expect(await violations(page, '.plexsync')).toEqual([]);
    await world.save(pair?.sceneId ?? 0, { title: html });
    const row = page.getByRole('row', { name: html });
    const change = row.getByRole('listitem').filter({ hasText: /^title/ });
    await change.getByText('scanned 1').waitFor();
    expect(await change.innerText()).toContain(html);
    await change.getByText('locked now').waitFor();
    await row.getByText(`Plex item ${pair?.ratingKey}`).waitFor();
    expect(await page.title()).toBe('PlexSync');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shortens long values and shows them whole on demand; of lists it shows what came and what went', async () => {
    scenes = addScenes(world, 3);
    const [first, second] = scenes;
    if (first === undefined || second === undefined) throw new Error('no scenes');
    const long = `${'It goes on and on. '.repeat(30)}The end.`;
    addPush(world, first, Date.now() - 3 * minuteMs, [
      ['summary', '', long],
      ['genre', ['Drama', 'Noir'], ['Drama', 'Rail']],
    ]);
    addPush(world, second, Date.now() - 2 * minuteMs, [['title', 'Kept', 'Kept']]);
    const { page } = await world.open('history', 'narrow');
    const row = page.getByRole('row', { name: first.title });
    const summary = row.getByRole('listitem').filter({ hasText: /^summary/ });
    await summary.getByText('nothing').waitFor();
    expect(await summary.innerText()).not.toContain('The end.');
    await summary.getByRole('button', { name: 'Show all' }).click();
    expect(await summary.innerText()).toContain('The end.');
    const genres = row.getByRole('listitem').filter({ hasText: /^genres/ });
    expect((await genres.innerText()).replace(/\s+/g, ' ')).toContain(
      'added Rail removed Noir 1 stayed',
    );
    await genres.getByRole('button', { name: 'Show all' }).click();
    await genres.getByText('before: Drama, Noir').waitFor();
    await genres.getByText('after: Drama, Rail').waitFor();
    await page.getByText('the value stayed, the lock changed').waitFor();
    expect(await violations(page, '.plexsync')).toEqual([]);
    expect(await overflows(page)).toBe(false);
    await page.context().close();
  });

  it('is found by value, field, scene and item, also by a link to it; new changes wait for a click', async () => {
    const [first, , third] = scenes;
    if (first === undefined || third === undefined) throw new Error('no scenes');
    const { page } = await world.open(`history?scene=${first.id}`);
    await page.getByText(`Only what was changed of ${first.title}.`).waitFor();
    await page.getByText('2 changes, the newest first.').waitFor();
    await page.getByLabel('Field').selectOption('genre');
    await page.getByText('1 change, the newest first.').waitFor();
    expect(new URL(page.url()).search).toBe(`?scene=${first.id}&field=genre`);
    await page.reload();
    await page.getByText('1 change, the newest first.').waitFor();
    await page.getByRole('link', { name: 'Show everything' }).click();
    await page.getByText(/^[4-9] changes, the newest first\./).waitFor();
    await page.getByRole('searchbox').fill('on and on');
    await page.getByText('1 change, the newest first.').waitFor();
    await page.getByRole('searchbox').fill('no such value');
    await page.getByText('Nothing in the history fits that.').waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByText(/^[4-9] changes, the newest first\./).waitFor();
    await world.save(third.id, { title: 'Newest of all' });
    await page.getByRole('button', { name: '1 newer: show' }).click();
    const row = page.getByRole('row', { name: 'Newest of all' });
    await row.getByRole('link', { name: `Plex item ${third.item}` }).click();
    await page.getByText(`Only what was changed in Plex item ${third.item}.`).waitFor();
    await page.context().close();
  });

  it('goes through 10,000 changes page by page, and says why it cannot', async () => {
    const [first] = scenes;
    if (first === undefined) throw new Error('no scenes');
    const texts = Array.from({ length: 10_000 }, (_, n) => ['title', `${n}`, `${n + 1}`] as const);
    addPush(world, first, Date.now() - minuteMs, texts);
    const { page } = await world.open('history?offset=5000');
    await page
      .getByText(/^5,001 to 5,050 of 10,0\d\d$/)
      .first()
      .waitFor();
    world.host.fault = (body) => (body.includes('"history"') ? { error: 'No disk.' } : 'pass');
    await page.getByRole('button', { name: 'Next' }).first().click();
    await page.getByText('No disk.').waitFor();
    world.host.fault = null;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No disk.').waitFor({ state: 'detached' });
    await page.context().close();
  });
});
