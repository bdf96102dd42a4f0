// The overview: one sentence that is true, what helps, and what came of the work.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raiseScene } from '../../src/store/queue/queue.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';
import { hasChromium, inChromium, overflows, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';
import { addWithoutItem, fillDay, fillHistory, giveUp } from './support/seeds/overview.ts';
import { pause } from './support/seeds/queue.ts';
import { addScenes } from './support/seeds/scenes.ts';

const html = '<img src=x onerror="document.title=1">';

describe.skipIf(!hasChromium)(`the overview, ${inChromium}`, () => {
  let world: PageWorld;
  let pairs: readonly Pair[] = [];
  beforeAll(async () => {
    world = await openPageWorld();
  });
  afterAll(() => world.close());

  const arrived = (index: number, title: string): Promise<void> =>
    until('it is in Plex', () => {
      const { ratingKey = '' } = pairs[index] ?? {};
      return world.plex.library.item(ratingKey)?.title === title;
    });

  it('is the setup where nothing was ever done', async () => {
    const { page } = await world.open();
    await page.getByRole('heading', { name: 'Set up PlexSync' }).waitFor();
    await page.context().close();
  });

  it('[1.0 OBS-02] [1.2 PROC-03] [1.2 QUEUE-05] shows work as it is done: how much, how fast, how long; pause and resume answer in a toast', async () => {
    await world.configure();
    pairs = world.addPairs(30);
    for (const { sceneId } of pairs) {
      world.stash.store.changeScene(sceneId, { title: `${html} ${sceneId}` }, { touch: true });
    }
    pause(world);
    world.seed((db) => {
      for (const { sceneId } of pairs) raiseScene(db, sceneId, Date.now(), 'sync', 'c', 0);
    });
    // Slow as long as somebody looks.
    world.plex.switches.writeServiceMs = 400;
    const { page, complaints } = await world.open();
    const sentence = page.locator('.plexsync-sentence');
    await sentence.getByText('30 changes wait, nothing is lost.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('status').getByText('PlexSync goes on').waitFor();
    await sentence.getByText(/\d+ of 30 done, \d+ (a second|a minute), about .* left\./).waitFor();
    await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('status').getByText(/pause/i).waitFor();
    await sentence.getByText(/PlexSync has been paused for/).waitFor();
    world.plex.switches.writeServiceMs = 0;
    await page.getByRole('button', { name: 'Resume' }).click();
    await sentence.getByText(/In sync\. 30 scenes; the last change was pushed .* ago/).waitFor();
    await page.locator('.plexsync-newest').getByText(html).first().waitFor();
    expect(await page.title()).toBe('PlexSync');
    await page.locator('.plexsync-counts', { hasText: /^30 in sync$/ }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('[1.5 VISB-01] shows an outage while it lasts: since when, why, what waits, the next try; "Try now" ends it', async () => {
    const { page } = await world.open();
    const sentence = page.locator('.plexsync-sentence');
    await sentence.getByText('In sync').waitFor();
    await world.plex.goAway();
    await world.save(pairs[0]?.sceneId ?? 0, { title: 'Written in an outage' });
    await sentence
      .getByText(/Plex has been away for \d+ s \(.+\)\. 1 change waits, nothing is lost; next try/)
      .waitFor();
    // The countdown goes on by itself.
    const first = await sentence.innerText();
    await sentence.filter({ hasNotText: first }).waitFor();
    const { page: queue } = await world.open('queue');
    await queue.getByRole('cell', { name: 'once Plex is back' }).waitFor();
    await queue.context().close();
    await world.plex.comeBack();
    await page.getByRole('button', { name: 'Try now' }).click();
    await sentence.getByText('In sync').waitFor();
    await page.context().close();
  });

  it('says that Plex refuses the token, and where to put it right', async () => {
    world.plex.switches.unauthorized = true;
    await world.save(pairs[0]?.sceneId ?? 0, { title: 'Written while signed out' });
    const { page } = await world.open();
    const sentence = page.locator('.plexsync-sentence');
    await sentence.getByText('Plex refuses the token.').waitFor();
    await page.getByRole('link', { name: 'PlexSync, needs attention' }).waitFor();
    const { page: queue } = await world.open('queue');
    await queue.getByRole('cell', { name: 'once the settings are right' }).waitFor();
    await queue.context().close();
    await page.locator('.plexsync-actions').getByRole('link', { name: 'Open Setup' }).click();
    await page.waitForURL('**/plugins/plex-sync/setup');
    world.plex.switches.unauthorized = false;
    await page.goBack();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByRole('button', { name: /^Push now/ }).click();
    await sentence.getByText('In sync').waitFor();
    await page.context().close();
  });

  it('[1.0 OBS-02] has numbers that open their lists, a chart of the day and the newest changes, for all people at all widths', async () => {
    const scenes = addScenes(world, 12);
    addWithoutItem(world);
    fillDay(world);
    fillHistory(world, scenes);
    giveUp(world, scenes.slice(0, 2));
    const { page, complaints } = await world.open();
    const counts = page.locator('.plexsync-counts');
    await counts.getByText('12 outside Plex’s libraries').waitFor();
    const links: (string | null)[] = [];
    for (const link of await counts.getByRole('link').all())
      links.push(await link.getAttribute('href'));
    expect(links).toEqual([
      '/plugins/plex-sync/coverage?group=in-sync',
      '/plugins/plex-sync/problems',
      '/plugins/plex-sync/coverage?group=waiting',
      '/plugins/plex-sync/coverage?group=outside',
    ]);
    await page.getByRole('img', { name: /^2\d\d changes, 3 failed$/ }).waitFor();
    await page.locator('.plexsync-newest').getByText('genres, title').first().waitFor();
    expect(await violations(page, '.plexsync')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    await page.getByRole('button', { name: 'Sync now' }).click();
    expect(await violations(page, '.plexsync')).toEqual([]);
    expect(await overflows(page)).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('asks before all scenes are synced; refused, nothing happens, and the focus is where it was', async () => {
    const { page } = await world.open();
    const menu = page.getByRole('button', { name: 'Sync now' });
    await menu.click();
    await page.getByRole('button', { name: /^Sync all scenes/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Sync all scenes?' });
    await dialog
      .getByText(/Every scene of Stash is compared with Plex \(\d+ have an item/)
      .waitFor();
    expect(await violations(page, '.plexsync-modal')).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('#plexsync-sync-menu:focus').waitFor();
    expect(world.stash.stdinSent.some(({ text }) => text.includes('sync-all'))).toBe(false);
    await menu.click();
    await page.getByRole('button', { name: /^Sync all scenes/ }).click();
    await dialog.getByRole('button', { name: 'Sync all scenes' }).click();
    await page
      .getByRole('status')
      .getByText(/scenes of Stash/)
      .waitFor();
    await page.context().close();
  });

  it('tells what goes wrong in words, keeps what is known and says how old it is', async () => {
    const { page } = await world.open();
    await page.locator('.plexsync-sentence').getByText(/./).waitFor();
    const trouble = page.locator('.plexsync-trouble').first();
    const answers = [
      ['fail', 'Stash does not answer.'],
      ['null', 'PlexSync gave no answer'],
      [{ error: 'The disk is full.' }, 'The disk is full.'],
    ] as const;
    for (const [fault, words] of answers) {
      world.host.fault = (body) => (body.includes('"status"') ? fault : 'pass');
      await page.reload();
      await trouble.getByText(words).waitFor();
      world.host.fault = null;
      await trouble.getByRole('button', { name: 'Try again' }).click();
      await trouble.waitFor({ state: 'detached' });
    }
    world.host.fault = (body) => (body.includes('"status"') ? 'fail' : 'pass');
    await page.locator('.plexsync-actions').getByRole('button', { name: 'Sync now' }).click();
    await page.getByRole('button', { name: /^Push now/ }).click();
    await trouble.getByText(/What you see is \d+ s old/).waitFor();
    await page.locator('.plexsync-sentence').getByText('Unknown:').waitFor({ state: 'attached' });
    world.host.fault = null;
    await page.context().close();
  });

  it('shows a quiet sign while it waits, and words after five seconds', async () => {
    world.host.fault = (body) => (body.includes('"coverage"') ? 'hang' : 'pass');
    const { page } = await world.open();
    const waiting = page.locator('.plexsync-counts-room .plexsync-working');
    await waiting.getByText('Loading').waitFor({ state: 'attached' });
    await waiting.getByText('PlexSync is still at work on this.').waitFor();
    world.host.fault = null;
    await page.context().close();
  });

  it('asks nothing while it is hidden or left, and knows the news when it is seen again', async () => {
    const { page } = await world.open();
    await page.locator('.plexsync-sentence').getByText(/./).waitFor();
    const hide = (state: string): Promise<unknown> =>
      page.evaluate(
        `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
         document.dispatchEvent(new Event('visibilitychange'));`,
      );
    await hide('hidden');
    await page.waitForLoadState('networkidle');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await world.save(pairs[1]?.sceneId ?? 0, { title: 'While nobody looked' });
    await arrived(1, 'While nobody looked');
    expect(asked).toEqual([]);
    await hide('visible');
    await page.locator('.plexsync-newest').getByText('While nobody looked').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.waitForLoadState('networkidle');
    asked.length = 0;
    await world.save(pairs[1]?.sceneId ?? 0, { title: 'While nobody was there' });
    await arrived(1, 'While nobody was there');
    expect(asked).toEqual([]);
    await page.context().close();
  });
});
