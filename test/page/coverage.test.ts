// The tab Coverage: numbers that open their lists, comparisons, and differences with both values.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paused } from '../../src/store/queue/control.ts';
import { gapCounts } from '../../src/store/mirror/gap.ts';
import { beginRun, lastRuns } from '../../src/store/run/run.ts';
import { clearState } from '../../src/store/file/state.ts';
import { until } from '../helpers/wait.ts';
import { hasChromium, inChromium, overflows, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';
import { differing, fillCoverage, hostile, inSync } from './support/seeds/coverage.ts';

const toast = (page: Page, text: string | RegExp) =>
  page.locator('.toast', { hasText: text }).waitFor();

describe.skipIf(!hasChromium)(`the tab Coverage, ${inChromium}`, () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await openPageWorld();
    await world.configure();
  });
  afterAll(() => world.close());

  it('[1.4 GAP-03] every number opens the list behind it, as text, searched and after a reload; what is empty says what would be there', async () => {
    const { page } = await world.open('coverage');
    await page.getByText('No scene was looked at yet.').waitFor();
    await page.getByText('None was made yet.').waitFor();
    fillCoverage(world);
    await page.reload();
    const groups = page.getByRole('region', { name: 'How scenes and items stand' });
    await groups.getByRole('link', { name: /^1,2\d\d in sync$/ }).click();
    await page.getByRole('table', { name: 'in sync' }).waitFor();
    await page.getByText(new RegExp(`^1 to 20 of 1,2\\d\\d$`)).first().waitFor();
    for (const [name, count] of [
      ['wait for Plex', 38],
      ['excluded', 3],
      ['only in Plex', 12],
    ] as const) {
      await groups.getByRole('link', { name: new RegExp(`^${count} ${name}$`) }).click();
      const row = page.getByRole('table', { name }).locator('tbody tr');
      await row.nth(Math.min(20, count) - 1).waitFor();
    }
    await groups.getByRole('link', { name: '9 unsure' }).click();
    await page.getByRole('link', { name: 'Open Problems' }).waitFor();
    await groups.getByRole('link', { name: /in sync$/ }).click();
    await page.getByText(hostile, { exact: false }).first().waitFor();
    await page.getByRole('searchbox').fill(String(inSync));
    await page.reload();
    await page.getByRole('table', { name: 'in sync' }).waitFor();
    expect(await violations(page, '.plexsync')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    await page.context().close();
  });

  it('[1.4 ADV-04] [1.4 ADV-02] [1.4 RECON-02] differences stand by kind and field with both values; one is fixed or ignored, all of a field after a question', async () => {
    const { page } = await world.open('coverage?kind=stale&field=title');
    const list = page.getByRole('table', { name: 'Differences, one by one' });
    const first = list.locator('tbody tr').first();
    await first.getByText('scanned', { exact: false }).waitFor();
    await first.getByText('Definitely.', { exact: false }).waitFor();
    await first.getByText('Stash has changed since the last push.').waitFor();
    // The next page is another list, and none of this one stays under its name.
    const before = await list.locator('tbody tr').allTextContents();
    const pages = page.getByRole('navigation', { name: 'Differences, one by one' });
    await pages.getByRole('button', { name: 'Next' }).click();
    await pages.getByText(/^21 to/).waitFor();
    await until('the next page is there', async () =>
      (await list.locator('tbody tr').allTextContents()).every((row) => !before.includes(row)),
    );
    await pages.getByRole('button', { name: 'Previous' }).click();
    await until('the first page is back', async () =>
      (await list.locator('tbody tr').allTextContents()).includes(before[0] ?? ''),
    );
    const stateOf = (state: string): number =>
      world.seed((db) =>
        gapCounts(db).reduce(
          (sum, gap) => (gap.field === 'title' && gap.state === state ? sum + gap.count : sum),
          0,
        ),
      );
    const found = stateOf('found');
    expect(found).toBe(differing - 30);
    await first.getByRole('button', { name: 'Fix' }).click();
    await toast(page, /queued/);
    await first.getByText('Queued.', { exact: false }).waitFor();
    expect(stateOf('found')).toBe(found - 1);
    await list.getByRole('button', { name: 'Ignore' }).first().click();
    await toast(page, 'is not told any more');
    expect(stateOf('ignored')).toBe(1);

    const all = page.getByRole('button', { name: `Fix ${found - 2}: Differs in Plex: title` });
    await all.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`Push ${found - 2} differences?`).waitFor();
    await dialog.getByText('“scanned', { exact: false }).first().waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(stateOf('found')).toBe(found - 2);
    await all.click();
    await dialog.getByRole('button', { name: `Push ${found - 2}` }).click();
    await toast(page, /gaps are queued/);
    expect(stateOf('found')).toBe(0);

    await page.getByRole('button', { name: 'Release all 10' }).click();
    await dialog.getByRole('button', { name: 'Push 10' }).click();
    await toast(page, /10 gaps are queued/);
    await page.getByRole('button', { name: 'Release all 10' }).waitFor({ state: 'hidden' });
    await page.context().close();
  });

  it('[1.4 RECON-01] shows how far a run is, and ends it; a failure is told, and what is known stays', async () => {
    world.seed((db) => {
      const scope = { since: null, until: null, library: null, kinds: null };
      beginRun(db, { origin: 'person', scope, dry: false, limit: null }, Date.now());
    });
    const { page } = await world.open('coverage');
    await page.getByText(/^Comparing: 0 of about 1,3\d\d scenes looked at/).waitFor();
    world.host.fault = (body) =>
      body.includes('"gaps"') ? { error: 'The disk is full.' } : 'pass';
    await page.getByRole('button', { name: 'End it' }).click();
    await toast(page, 'The reconciliation was ended.');
    await page.getByText('The disk is full.', { exact: false }).waitFor();
    await page.getByText('Comparing: 0 of about', { exact: false }).waitFor();
    world.host.fault = null;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Compare, queue nothing' }).waitFor();
    expect(world.seed((db) => lastRuns(db, 1))).toMatchObject([{ state: 'stopped' }]);
    await page.context().close();
  });

  it('[1.4 ADV-01] [1.4 RPT-01] compares, tells how far it is, and lists the run', async () => {
    world.seed((db) => clearState(db, paused));
    const { page, complaints } = await world.open('coverage');
    await page.getByLabel('Which scenes').selectOption('custom');
    expect(await page.getByRole('button', { name: 'Compare, queue nothing' }).isDisabled()).toBe(
      true,
    );
    await page.getByLabel('Changed from').fill('2020-01-01');
    await page.getByRole('button', { name: 'More choices' }).click();
    await page.getByLabel('Plex library').selectOption({ label: 'Videos' });
    await page.getByLabel('Plex library').selectOption('');
    await page.getByRole('button', { name: 'Compare, queue nothing' }).click();
    await toast(page, 'nothing is queued, as asked');
    const run = page.getByRole('table', { name: 'Last comparisons' });
    const newest = run.locator('tbody tr', { hasText: 'changed since 1 Jan 2020' });
    await newest.getByText(/looked at.*a dry run: nothing was queued/).waitFor();
    await page.getByRole('table', { name: 'Differences, one by one' }).waitFor();
    expect(await page.title()).toBe('PlexSync');
    await page.getByRole('button', { name: 'Compare, queue nothing' }).waitFor();

    // Without the dry run it writes to Plex: that is asked first, with how many scenes it concerns.
    const runsMade = (): number => world.seed((db) => lastRuns(db, 30).length);
    const before = runsMade();
    const dialog = page.getByRole('dialog');
    await page.getByText('Dry run: only tell, queue nothing').click();
    await page.getByLabel('Which scenes').selectOption('7days');
    const begin = page.getByRole('button', { name: 'Compare', exact: true });
    await begin.click();
    await dialog.getByText('Compare the scenes that you chose, and push what differs?').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByLabel('Which scenes').selectOption('all');
    await begin.click();
    await dialog.getByText(/^Compare about [\d,]+ scenes?, and push what differs\?$/).waitFor();
    await dialog.getByText('What you changed in Plex yourself stays.', { exact: false }).waitFor();
    expect(runsMade()).toBe(before);
    await dialog.getByRole('button', { name: 'Compare and push' }).click();
    await toast(page, 'what differs is queued');
    expect(runsMade()).toBe(before + 1);
    // Covers of scenes that were made up for the seed.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
    await page.context().close();
  });
});
