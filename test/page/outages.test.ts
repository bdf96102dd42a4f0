// Outages on the page: how Plex is now, what its outages come to, and each of the last 30.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pair } from '../helpers/world.ts';
import { hasChromium, inChromium, overflows, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';
import { addOutages } from './support/seeds/outages.ts';
import { giveUpScenes } from './support/seeds/problems.ts';

const hourMs = 3_600_000;

describe.skipIf(!hasChromium)(`outages, ${inChromium}`, () => {
  let world: PageWorld;
  let pair: Pair | undefined;
  beforeAll(async () => {
    world = await openPageWorld();
    await world.configure();
    [pair] = world.addPairs(1);
  });
  afterAll(() => world.close());

  it('[1.5 VISB-01] says that none is known, shows one as it happens, and ends it with "Try now"', async () => {
    const { page, complaints } = await world.open('outages');
    await page.getByText('PlexSync has not asked Plex for anything yet.').waitFor();
    await page.getByText('No outage is known.').waitFor();
    expect(await violations(page, '.plexsync')).toEqual([]);

    await world.plex.goAway();
    await world.save(pair?.sceneId ?? 0, { title: 'Written in an outage' });
    const now = page.getByRole('region', { name: 'Now' });
    await now
      .getByText(
        /Plex has been away for \d+ s \(.+\)\. 1 change, picture or rating waits and loses/,
      )
      .waitFor();
    await now.getByText(/Next try in \d+ s\./).waitFor();
    const row = page.getByRole('row', { name: /Plex cannot be reached/ });
    await row.getByText('(lasts)').waitFor();
    await world.plex.comeBack();
    await now.getByRole('button', { name: 'Try now' }).click();
    await now.getByText(/Plex is there: it answered \d+ s ago\./).waitFor();
    await row.getByText('(lasts)').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('[1.5 VISB-03] [1.5 VISB-04] shows the last 30 on a line of time and as a table, with what they come to', async () => {
    const now = Date.now();
    world.seed((db) => db.exec('DELETE FROM outage'));
    addOutages(
      world,
      Array.from({ length: 30 }, (_, index) => {
        const from = now - (300 - index * 10) * hourMs;
        const kind = index % 10 === 9 ? 'token' : 'away';
        return { from, to: from + (index === 4 ? 3 : 1) * hourMs, kind } as const;
      }),
    );
    const { page } = await world.open('outages');
    const report = page.getByRole('region', { name: 'What they come to' });
    await report.getByText('32 hours').waitFor();
    // 64 and 2/3 minutes are said as 64 minutes; 32 of 300 hours away.
    expect(await report.innerText()).toMatch(/89\.33 %[^]*32 hours[^]*3 hours[^]*64 minutes/);
    await page.getByRole('img', { name: '30 outages on a line of time' }).waitFor();
    expect(await page.locator('.plexsync-segment').count()).toBe(30);
    const table = page.getByRole('table', { name: 'The last 30 outages' });
    expect(await table.getByRole('row').count()).toBe(31);
    expect(await table.getByText('The token was refused.').count()).toBe(3);
    expect(await violations(page, '.plexsync')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    expect(await violations(page, '.plexsync')).toEqual([]);
    await page.context().close();
  });

  it('[1.5 DLQM-01] leads to what was given up in one, and tries it again; old data stays when it cannot be read anew', async () => {
    const from = Date.now() - hourMs;
    addOutages(world, [{ from, to: from + hourMs / 2 }]);
    giveUpScenes(world, [{ id: 7_001 }, { id: 7_002 }], {
      code: 'plex-server-error',
      message: 'Plex answered 500.',
      at: from + hourMs / 4,
    });
    const { page } = await world.open('outages', 'narrow');
    await page.getByRole('link', { name: '2 changes may work now' }).waitFor();
    world.host.fault = (body) => (body.includes('"outages"') ? 'fail' : 'pass');
    await page.getByRole('button', { name: 'Try these again' }).click();
    await page.getByRole('status').getByText('2 dead letters are tried again.').waitFor();
    await page.getByText('Stash does not answer.').waitFor();
    await page.getByText(/What you see is \d+ s old\./).waitFor();
    await page.getByRole('link', { name: '2 changes may work now' }).waitFor();
    world.host.fault = null;
    await page.getByRole('button', { name: 'Try again', exact: true }).click();
    await page.getByRole('link', { name: /may work now/ }).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('says that the token is refused, with the way to the setup', async () => {
    addOutages(world, [{ from: Date.now() - hourMs, to: null, kind: 'token' }]);
    const { page } = await world.open('outages');
    await page.getByText(/Plex has refused the token for 60 minutes\./).waitFor();
    await page.getByRole('link', { name: 'Open Setup' }).click();
    await page.waitForURL(/\/setup$/);
    await page.context().close();
  });
});
