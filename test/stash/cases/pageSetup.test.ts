// The page's setup in a real Stash, from nothing to the first scene in Plex, with what it takes a
// person: clicks, and fields to fill.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  hasChromium,
  inChromium,
  openPage,
  startBrowser,
  violations,
} from '../../page/support/browser.ts';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

let world: RealWorld;
let browser: Awaited<ReturnType<typeof startBrowser>>;
showLogsOfFailures(() => world);

describe.skipIf(!hasChromium)(`the setup in a real Stash, ${inChromium}`, () => {
  beforeAll(async () => {
    world = await openRealWorld();
    // As it is after the installation.
    await world.mutate('mutation { configurePlugin(plugin_id: "plex-sync", input: {}) }');
    // Else the notes of Stash's release stand before everything.
    await world.mutate('mutation { configureUISetting(key: "lastNoteSeen", value: 29991231) }');
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const writes = (): number => world.plex.accessLog.filter(({ method }) => method !== 'GET').length;

  test('from nothing to the first scene in Plex: 6 clicks and 2 fields, nothing written before', async () => {
    const took = { clicks: 0, fields: 0 };
    const pair = world.pair(0);
    await world.edit(pair, { title: 'The first one', details: 'A long night.' });
    const { page, complaints } = await openPage(
      browser,
      `${world.face.url}/plugins/plex-sync/setup`,
    );
    const click = async (name: string | RegExp): Promise<void> => {
      took.clicks += 1;
      await page.getByRole('button', { name }).first().click();
    };
    const fill = async (label: string, value: string): Promise<void> => {
      took.fields += 1;
      await page.getByLabel(label, { exact: false }).fill(value);
    };
    await page
      .getByText(/No Plex was found|Found/)
      .first()
      .waitFor();
    // A simulated Plex listens at a port of its own: the address must be typed here.
    await fill('Or type the address', world.plex.url);
    await click('Use this address');
    await page.getByLabel('Token', { exact: true }).waitFor();
    await fill('Token', world.plex.token);
    await click('Save and test');
    await page.getByLabel('Videos').waitFor();
    await click('Use these');
    await page.getByText(/files? of Stash’s lie where Plex has them/).waitFor();
    await click('Go on');
    await page.getByPlaceholder('Title or path').waitFor();
    await click('Show what would change: The first one');
    await page.getByText('Its item in Plex', { exact: false }).waitFor();
    expect(writes()).toBe(0);
    expect(await violations(page, '.plexsync')).toEqual([]);
    await click(/^Write \d+ fields? to Plex$/);
    await page.getByText('Written. Have a look at it in Plex.').waitFor();
    expect(world.item(pair).title).toBe('The first one');
    expect(took).toEqual({ clicks: 6, fields: 2 });

    await click('Go on');
    await page.getByText(/scenes? looked at\./).waitFor();
    const others = world.pairs.filter((other) => other !== pair);
    expect(others.filter((other) => !world.item(other).title.startsWith('scanned'))).toEqual([]);
    await click('Not now');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect((await world.status()).paused).toBeNull();
    await masked(page);
    expect(complaints.filter((line) => /plex-?sync/i.test(line))).toEqual([]);
    await page.context().close();
  });

  /** What was saved here stands on Stash's own page, and the token is masked there. */
  async function masked(page: Page): Promise<void> {
    // Without a reload: what Stash's pages know from before is renewed.
    await page.goto(`${world.face.url}/settings?tab=plugins`);
    await page.getByRole('link', { name: 'Open PlexSync' }).click();
    await page.locator('.plexsync-tabs').getByRole('link', { name: 'Setup' }).click();
    const title = page.getByLabel('Title', { exact: true });
    await title.fill('{title} ({date})');
    await title.press('Enter');
    await page.getByText('Saved.').first().waitFor();
    await page.goBack();
    await page.goBack();
    const token = page.locator('#plugin-plex-sync-plexToken');
    await token.getByText('••••').waitFor();
    expect(await token.innerText()).not.toContain(world.plex.token);
    await page
      .locator('#plugin-plex-sync-titleTemplate')
      .getByText('{title} ({date})', { exact: true })
      .waitFor();
    await token.getByRole('button').click();
    const field = page.getByRole('dialog').locator('input');
    await field.waitFor();
    expect(await field.getAttribute('type')).toBe('password');
    await until('its token is there', async () => (await field.inputValue()) === world.plex.token);
  }
});
