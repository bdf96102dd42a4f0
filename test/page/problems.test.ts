// Problems: what failed and which scenes are unsure, each with its reason and the way out.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closed } from '../../src/domain/recover/circuit.ts';
import { paused } from '../../src/store/queue/control.ts';
import { deadLettersByCause } from '../../src/store/queue/deadLetter.ts';
import { givenUpByCause } from '../../src/store/queue/extraList.ts';
import { pinOf } from '../../src/store/match/pin.ts';
import { circuit, problems, writeState } from '../../src/store/file/state.ts';
import { until } from '../helpers/wait.ts';
import { hasChromium, inChromium, overflows, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';
import { addOutages } from './support/seeds/outages.ts';
import {
  addUnsure,
  giveUpExtra,
  giveUpScenes,
  type Unsure,
  warn,
} from './support/seeds/problems.ts';
import { addScenes, type SeededScene } from './support/seeds/scenes.ts';

const html = '<img src=x onerror="document.title=1">';
const failed500 = { code: 'plex-server-error', message: 'Plex answered 500.' } as const;
const hourMs = 3_600_000;

describe.skipIf(!hasChromium)(`problems, ${inChromium}`, () => {
  let world: PageWorld;
  let scenes: readonly SeededScene[];
  beforeAll(async () => {
    world = await openPageWorld();
    await world.configure();
    // What is done here is seen in the data file: nothing is pushed meanwhile.
    world.seed((db) => writeState(db, paused, { since: Date.now() }));
    scenes = addScenes(world, 20);
  });
  beforeEach(() => {
    world.host.fault = null;
    world.seed((db) =>
      db.exec('DELETE FROM dead_letter; DELETE FROM extra; DELETE FROM review; DELETE FROM pin'),
    );
  });
  afterAll(() => world.close());

  const toast = (page: Page, words: string | RegExp): Promise<void> =>
    page.getByRole('status').getByText(words).waitFor();
  const letters = (): Readonly<Record<string, number>> => world.seed(deadLettersByCause);
  const scene = (index: number): SeededScene => {
    const found = scenes[index];
    if (found === undefined) throw new Error(`no scene ${index}`);
    return found;
  };

  it('says that nothing failed, and what would stand here; a status that fails is told, with the way out', async () => {
    world.host.fault = (body) =>
      body.includes('"status"') ? { error: 'The disk is full.' } : 'pass';
    const { page } = await world.open('problems', 'narrow');
    await page.getByText('The disk is full.').waitFor();
    world.host.fault = null;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Nothing failed, and nothing needs your choice.').waitFor();
    expect(await violations(page, '.plexsync')).toEqual([]);
    await page.context().close();
  });

  it('[1.0 RTRY-03] [1.2 QUEUE-04] [1.2 QUEUE-05] groups what failed by cause with meaning and way out; retries and removes one or all, asks before it removes', async () => {
    giveUpScenes(world, scenes.slice(0, 3), failed500);
    giveUpScenes(world, scenes.slice(3, 7), {
      code: 'plex-not-confirmed',
      message: `It stays ${html}. ${'No word of it is new. '.repeat(12)}The end.`,
      field: 'contentRating',
    });
    warn(world);
    const { page, complaints } = await world.open('problems');
    await page.getByRole('heading', { name: '7 changes failed' }).waitFor();
    await page.getByText('choose the scanner "Plex Video Files Scanner"').waitFor();
    const damaged = page.getByRole('region', { name: 'Plex failed at this item' });
    await damaged.getByText('Open the item in Plex: if it fails there too').waitFor();
    expect(await damaged.getByRole('row').count()).toBe(4);
    expect(await violations(page, '.plexsync')).toEqual([]);

    await damaged.getByRole('button', { name: `Retry: ${scene(2).title}` }).click();
    await toast(page, '1 change is tried again at once.');
    // It keeps its place, so that nothing moves under the hand.
    await damaged.getByRole('row', { name: /dealt with/ }).waitFor();
    expect(letters()['plex-server-error']).toBe(2);
    await damaged.getByRole('button', { name: 'Retry all 2' }).click();
    await toast(page, '2 changes are tried again at once.');

    const other = page.getByRole('region', { name: 'Plex accepted the change twice' });
    await other.getByText(`It stays ${html}.`).first().waitFor();
    await other.getByRole('button', { name: 'Show all', exact: true }).first().click();
    await other.getByText('The end.').first().waitFor();
    const remove = other.getByRole('button', { name: `Remove: ${scene(6).title}` });
    await remove.click();
    await page.getByRole('dialog', { name: `Remove “${scene(6).title}”?` }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const focused = await page.evaluate('document.activeElement.getAttribute("aria-label")');
    expect(focused).toBe(`Remove: ${scene(6).title}`);
    expect(letters()['plex-not-confirmed']).toBe(4);
    await remove.click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await toast(page, 'Removed 1 change from the dead letters.');

    await other.getByRole('button', { name: 'Remove all 3' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove 3 changes?' });
    await dialog.getByText(scene(5).title).waitFor();
    await dialog.getByText(scene(4).title).waitFor();
    // It has faded in: Enter does nothing by mistake.
    await dialog.getByRole('button', { name: 'Cancel' }).and(page.locator(':focus')).waitFor();
    expect(await violations(page, '.modal')).toEqual([]);
    await dialog.getByRole('button', { name: 'Remove 3 changes' }).click();
    await toast(page, 'Removed 3 changes from the dead letters.');
    await page.getByRole('heading', { name: 'Changes that failed' }).waitFor();
    expect(letters()).toEqual({});
    expect(await page.title()).toBe('PlexSync');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('finds one among many, shows one cause alone, and a reload shows the same', async () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ id: 9_001 + index }));
    giveUpScenes(world, many, { code: 'plex-bad-request', message: 'Plex answered 400.' });
    giveUpScenes(world, [scene(8)], { ...failed500, at: Date.now() - hourMs });
    const { page } = await world.open('problems', 'narrow');
    await page.getByText('1 to 25 of 61').waitFor();
    const damaged = page.getByRole('region', { name: 'Plex failed at this item' });
    await damaged.getByRole('button', { name: 'Show it' }).click();
    await damaged.getByRole('link', { name: scene(8).title }).waitFor();
    expect(new URL(page.url()).search).toBe('?cause=plex-server-error');
    await page.reload();
    await damaged.getByRole('link', { name: scene(8).title }).waitFor();
    expect(await overflows(page)).toBe(false);
    await page.getByRole('button', { name: 'Show every cause' }).click();
    await page.getByRole('searchbox').fill('9033');
    await page.getByRole('link', { name: 'Scene 9033' }).waitFor();
    expect(await page.getByRole('button', { name: /^Retry:/ }).count()).toBe(1);
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByText('Nothing here fits the search.').waitFor();
    await page.context().close();
  });

  it('[1.5 DLQM-01] tries again what was given up in an outage', async () => {
    // After the last push that the scenes are known to have had.
    const from = Date.now() - hourMs / 2;
    const at = from + hourMs / 6;
    addOutages(world, [{ from, to: null }]);
    giveUpScenes(world, scenes.slice(16, 18), { ...failed500, at });
    giveUpScenes(world, [scene(18)], { code: 'plex-bad-request', message: 'No.', at });
    world.seed((db) => writeState(db, circuit, closed));
    const { page } = await world.open('problems?outage=1');
    await page.getByText('Only what failed in one outage').waitFor();
    await page.getByRole('link', { name: scene(16).title }).waitFor();
    expect(await page.getByRole('button', { name: /^Retry:/ }).count()).toBe(2);
    await page.getByRole('button', { name: 'Try all of it again' }).click();
    await toast(page, '2 dead letters are tried again.');
    expect(letters()).toEqual({ 'plex-bad-request': 1 });
    await page.context().close();
  });

  it('lists pictures and ratings that were given up by cause, and tries them again; a setting that is wrong stands on top with the way to the setup', async () => {
    for (const index of [10, 11]) {
      giveUpExtra(world, scene(index), 'poster', { code: 'image-too-large', message: '14.2 MB' });
    }
    giveUpExtra(world, scene(12), 'rating', { code: 'plex-server-error', message: '500' });
    world.seed((db) =>
      writeState(db, problems, [{ setting: 'plexUrl', message: 'must be an address.' }]),
    );
    const { page } = await world.open('problems');
    await page.getByText('plexUrl: must be an address.').waitFor();
    const large = page.getByRole('region', { name: 'The cover is larger than' });
    await large.getByText('Poster: 14.2 MB').first().waitFor();
    await page.getByRole('button', { name: `Remove: ${scene(12).title}` }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await toast(page, 'Removed 1 picture or rating from what was given up.');
    await large.getByRole('button', { name: 'Retry all 2' }).click();
    await toast(page, '2 pictures or ratings are tried again at once.');
    expect(world.seed(givenUpByCause)).toEqual({});
    await page.getByRole('link', { name: 'Open Setup' }).click();
    await page.waitForURL(/\/setup$/);
    await page.context().close();
    world.seed((db) => writeState(db, problems, []));
  });

  it('[1.0 MATCH-03] shows what there is to choose from for an unsure scene with both files; takes a choice, and takes it back', async () => {
    world.seed((db) =>
      db.exec(`INSERT INTO plex_part (rating_key, path_key, section_id, path, name, size, duration_ms,
        title, title_key, date, studio_key, added_at, updated_at, walk, changed)
        VALUES ('${scene(14).item}', 'k', '1', '${scene(14).path}', 'n', 940000000, 2531000,
          't', 't', '', '', 1, 1, 1, 1)`),
    );
    const why = 'the same name, but another size';
    const unsure = scenes.slice(13, 20).map(
      (one): Unsure => ({
        scene: { ...one, title: `${html} ${one.id}` },
        reason: one === scene(13) ? 'several-items' : 'unsure',
        candidates: [{ of: { ...scene(14), title: html }, score: 75, why }],
      }),
    );
    addUnsure(world, unsure);
    const { page, complaints } = await world.open('problems');
    await page.getByRole('heading', { name: '7 scenes are unsure' }).waitFor();
    const card = page.getByRole('region', { name: `${html} ${scene(13).id}`, exact: true });
    await card.getByText('Several Plex items fit equally well. Asked').waitFor();
    await card.getByText('1.4 GB').waitFor();
    const row = card.getByRole('row', { name: '75' });
    expect(await row.innerText()).toMatch(/940 MB\s*another\s*,\s*42:11\s*the same/);
    await row.getByText(why).waitFor();
    expect(await violations(page, '.plexsync')).toEqual([]);

    await card.getByRole('button', { name: 'This one' }).click();
    await toast(page, `Scene ${scene(13).id} is Plex item ${scene(14).item} from now on`);
    await card.getByRole('button', { name: 'Undo' }).waitFor();
    expect(world.seed((db) => pinOf(db, scene(13).id))?.kind).toBe('item');
    await page.getByRole('heading', { name: '6 scenes are unsure' }).waitFor();
    await card.getByRole('button', { name: 'Undo' }).click();
    await card.getByText('Taken back').waitFor();
    expect(world.seed((db) => pinOf(db, scene(13).id))).toBeNull();

    const next = page.getByRole('region', { name: `${html} ${scene(15).id}`, exact: true });
    await next.getByRole('button', { name: 'None of these' }).click();
    await next.getByText('is never written to Plex from now on').waitFor();
    expect(world.seed((db) => pinOf(db, scene(15).id))).toEqual({ kind: 'never' });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    expect(await violations(page, '.plexsync')).toEqual([]);
    expect(await page.title()).toBe('PlexSync');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows hundreds of unsure scenes in pages, by reason; what cannot be read is told and asked again', async () => {
    const named = (id: number): SeededScene => ({ id, title: `Unsure ${id}`, path: '', item: '' });
    const more = Array.from({ length: 400 }, (_, index) => named(20_001 + index));
    addUnsure(
      world,
      more.map((one) => ({ scene: one, reason: 'pin-gone', candidates: [] })),
    );
    world.host.fault = (body) => (body.includes('"review"') ? 'null' : 'pass');
    const { page } = await world.open('problems?reason=pin-gone');
    await page.getByText('it was ended in the middle').waitFor();
    world.host.fault = null;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('1 to 10 of 400').waitFor();
    await page.locator('#plexsync-unsure').getByRole('button', { name: 'Next' }).click();
    await page.getByText('11 to 20 of 400').waitFor();
    const card = page.getByRole('region', { name: 'Unsure 20011' });
    await card.getByText('Plex has nothing that could be it.').waitFor();
    await card.getByRole('button', { name: 'Let PlexSync find it again' }).waitFor();
    await page.getByLabel('Reason').selectOption('several-scenes');
    await page.getByText('Nothing here fits the search.').waitFor();
    await until('the address says what is shown', () =>
      page.url().endsWith('?reason=several-scenes'),
    );
    await page.context().close();
  });
});
