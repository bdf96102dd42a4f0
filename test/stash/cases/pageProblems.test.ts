// The page's tabs Problems, Outages and History in a real Stash: what stands there, and what one does
// there, carried out.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDataDirectory } from '../../../src/store/file/dataDirectory.ts';
import { openStore } from '../../../src/store/file/open.ts';
import type { Database } from '../../../src/store/file/database.ts';
import { until } from '../../helpers/wait.ts';
import {
  hasChromium,
  inChromium,
  type OpenedPage,
  openPage,
  startBrowser,
} from '../../page/support/browser.ts';
import { addUnsure, giveUpScenes } from '../../page/support/seeds/problems.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

describe.skipIf(!hasChromium)(`the page in a real Stash, ${inChromium}`, () => {
  let world: RealWorld;
  let browser: Browser;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld();
    // Else its release notes lie over the page.
    await world.mutate('mutation { configureUISetting(key: "lastNoteSeen", value: 29991231) }');
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const open = (tab: string): Promise<OpenedPage> =>
    openPage(browser, `${world.face.url}/plugins/plex-sync/${tab}`);
  const seed = <T>(write: (db: Database) => T): T => {
    const { db } = openStore(makeDataDirectory(world.data).database, Date.now());
    try {
      return write(db);
    } finally {
      db.close();
    }
  };
  const push = async (pair: Pair, title: string): Promise<void> => {
    await world.edit(pair, { title });
    await until('it is in Plex', () => world.item(pair).title === title);
    await world.settled();
  };

  test('the history has what was pushed, and a link to one scene’s opens it [1.2 QUEUE-05]', async () => {
    const pair = world.pair(0);
    await push(pair, 'Night Train');
    await push(world.pair(1), 'Blue Harbour');
    const { page } = await open(`history?scene=${pair.sceneId}`);
    const row = page.getByRole('row', { name: 'Night Train' });
    await row.getByText('locked now').first().waitFor();
    expect(await page.getByText('Blue Harbour').count()).toBe(0);
    await page.getByRole('link', { name: 'Show everything' }).click();
    await page.getByRole('row', { name: 'Blue Harbour' }).waitFor();
    await page.context().close();
  });

  test('what failed is retried, and arrives; a choice is made, carried out and taken back [1.0 RTRY-03] [1.0 MATCH-03]', async () => {
    const [failed, unsure] = [world.pair(2), world.pair(3)];
    await push(failed, 'Was there');
    await world.edit(unsure, { title: 'Unsure' });
    await world.settled();
    const failure = { code: 'plex-server-error', message: 'Plex answered 500.' } as const;
    giveUpScenes({ seed }, [{ id: Number(failed.sceneId) }], failure);
    const scene = {
      id: Number(unsure.sceneId),
      title: 'Unsure',
      path: unsure.path,
      item: unsure.ratingKey,
    };
    const candidates = [{ of: scene, score: 75, why: 'the same name, but another size' }];
    addUnsure({ seed, section: world.section }, [{ scene, reason: 'unsure', candidates }]);
    const { page } = await open('problems');
    await page.getByRole('button', { name: 'Retry: Was there' }).click();
    await page.getByText('1 change is tried again at once.').waitFor();
    await until('nothing is given up any more', async () => {
      const { deadLetters } = await world.status();
      return deadLetters.count === 0;
    });
    await page.getByRole('button', { name: 'This one: Unsure' }).click();
    await page.getByText(`is Plex item ${unsure.ratingKey} from now on`).first().waitFor();
    await until('it has its item', async () => {
      const { scenes } = await world.status();
      return (scenes.withoutItem['review'] ?? 0) === 0;
    });
    await page.getByRole('button', { name: 'Undo the choice for Unsure' }).click();
    await page.getByText(`The choice for scene ${unsure.sceneId}`).first().waitFor();
    await page.context().close();
  });

  test('an outage is seen as it happens, and ended with "Try now" [1.5 VISB-01]', async () => {
    const pair = world.pair(4);
    const { page } = await open('outages');
    await page.getByText('No outage is known.').waitFor();
    await world.plex.goAway();
    await world.edit(pair, { title: 'Written in an outage' });
    const now = page.getByRole('region', { name: 'Now' });
    await now.getByText(/Plex has been away for .* 1 change, picture or rating waits/).waitFor();
    await world.plex.comeBack();
    await now.getByRole('button', { name: 'Try now' }).click();
    await now.getByText(/Plex is there: it answered/).waitFor();
    expect(world.item(pair).title).toBe('Written in an outage');
    await page.context().close();
  });
});
